// The CPR decision as received: readable, or shown as it is (hazards H3, H20).
#pragma once

#include <careplug/plan/data_set.h>
#include <string>

namespace careplug::plan {

struct CprReading {
    enum class State {
        no_question,   // the data set does not ask
        not_recorded,  // it asks and there is no answer
        readable,      // one answer of the value set, or a legacy code of it
        unreadable     // anything else
    };
    State state = State::no_question;
    std::string text;  // the entry as received
};

// Whether this rule forbids to publish a CPR decision together with another answer.
bool contradicts_cpr(const DataSet& data_set, const LintRule& lint);

CprReading read_cpr(const DataSet& data_set, const Answers& answers);

}  // namespace careplug::plan
