// What a patient's own view of a plan leaves out: what that view never shows, and what the data set withholds
// until it has been talked about (a CPR decision that the person does not know of, the whole plan where
// access is not given yet). Pure. docs/data-sets.md, `withhold-from-patient-when`.
#pragma once

#include <careplug/plan/data_set.h>
#include <string>
#include <string_view>
#include <vector>

namespace careplug::plan {

// Withheld by a rule of this field or sub-item, or of what holds it. Also of a link id that the data set
// does not know. `deciding` are the answers of the published revision.
bool withheld_from_patient(const DataSet& data_set, std::string_view link_id, const Answers& deciding,
                           const std::string& today);

struct PatientView {
    bool nothing_yet = false;  // the whole plan is withheld
    Answers shown;             // what the patient may read; no field but these may leave the exchange
    std::vector<std::string>
        withheld;          // fields that a rule withholds, answered or not, in the data set's order
    std::string sentence;  // to be said where anything is withheld, in the same words whatever it is
};

// Of the published revision. Say `sentence`, and never which fields, nor how many: that there is a CPR
// decision is itself what is withheld.
PatientView patient_view(const DataSet& data_set, const Answers& published, const std::string& today);
// Of an older revision, a draft or a proposal: left out is what the published answers or its own withhold.
PatientView patient_view(const DataSet& data_set, const Answers& answers, const Answers& published,
                         const std::string& today);

}  // namespace careplug::plan
