// A person's own plan in their own hands: their own sections are theirs, the rest they propose (hazard H17).
// Pure; the engine asks before it offers, the exchange before it keeps.
#pragma once

#include <careplug/plan/validate.h>
#include <string>
#include <vector>

namespace careplug::plan {

// The answers as read with the person's own sections as they edited them: what an own edit publishes.
Answers with_own_sections(const DataSet& data_set, const Actor& actor, const Answers& read,
                          const Answers& edited);

struct OwnEdit {
    Answers answers;             // the published ones, whole, with the person's own sections as given
    std::vector<Issue> refused;  // what they changed and may not, in words that tell nothing of what is there
};

// `given` was made from the patient's view of `published`, and so lacks what is withheld.
OwnEdit own_edit(const DataSet& data_set, const Actor& actor, const Answers& published, const Answers& given,
                 const std::string& today);

// What stands against `after` and did not stand against `before`: a patient's edit is not held up by what
// clinicians left open. Of what the patient does not see nothing is named.
std::vector<Issue> newly_wrong(const DataSet& data_set, const Answers& before, const Answers& after,
                               const std::string& today);

// A rule could withhold this field, or something in it. Where such a field has no answer a patient's reading
// leaves it out: "not recorded" would say what nobody may have told them.
bool may_be_withheld(const Field& field);

// Said in every reading that leaves such a field out, whatever the reason.
extern const char* const left_out_words;
// Said where the whole plan is not open to its person yet.
extern const char* const nothing_yet_words;

}  // namespace careplug::plan
