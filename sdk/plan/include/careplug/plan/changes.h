// What differs between two revisions of a plan, question by question, in words.
#pragma once

#include <careplug/plan/data_set.h>
#include <string>
#include <vector>

namespace careplug::plan {

struct AnswerChange {
    enum class Kind { added, removed, changed };
    std::string link_id;    // a question, or the group whose row came, went or moved
    std::string row;        // id of the row; empty where the question stands in none
    std::string row_words;  // by what a reader knows that row
    Kind kind = Kind::changed;
    std::string before;
    std::string after;
    bool operator==(const AnswerChange&) const = default;
};

// In the data set's order. Rows are known by their hidden ids (rows.h): one that changed says which of its
// answers did, and rows in another order are a change of the group. Hidden questions are left out.
std::vector<AnswerChange> changes(const DataSet& data_set, const Answers& before, const Answers& after);

const char* code(AnswerChange::Kind kind);  // added, removed, changed

// An earlier revision's answers laid over those of now, by merge unit. A unit is taken whole or not at all.
struct Restored {
    Answers answers;
    std::vector<std::string> taken;  // questions that now differ from `now`
    std::vector<std::string> kept;   // questions that differ in the earlier one and stay as they are
};
// `stays` names what is not brought back; a unit that holds such a question, differing, stays whole. Identity
// and consent always stay: they are those of now (hazards H1, H8).
Restored restore(const DataSet& data_set, const Answers& now, const Answers& earlier,
                 const std::vector<std::string>& stays);

}  // namespace careplug::plan
