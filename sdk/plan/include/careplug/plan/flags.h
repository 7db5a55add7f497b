// Flags by the data set's rules. Knowledge and content are separate; the CPR slot is always there when
// a plan exists (hazard H3).
#pragma once

#include <careplug/plan/plan.h>
#include <string>
#include <vector>

namespace careplug::plan {

struct Flag {
    std::string id;
    int slot = 0;
    int rank = 0;
    std::string short_words;
    std::string long_words;
    bool on_wire = false;
    bool operator==(const Flag&) const = default;
};

struct FlagContext {
    std::string view;     // gp, ooh, ae, nhs111, ambulance, patient
    std::string today;    // YYYY-MM-DD
    std::string checked;  // words, "14:02"
    bool has_own_draft = false;
    std::string draft_time;
    std::string not_sent;  // queued, refused or in conflict; empty when all is shared
    std::string not_sent_time;
    std::string awaiting_author;  // of a submission that this reader may approve or wrote; empty: none
    std::string awaiting_date;
};

// The flags of a plan, ordered by slot, then rank. Knowledge first (by the plan's status). A plan whose
// consent is withdrawn gives no content but the suspended flag.
std::vector<Flag> flags_of(const DataSet& data_set, const Plan& plan, const FlagContext& context);
// Where the exchange found none.
std::vector<Flag> flags_of_no_plan(const DataSet& data_set, const FlagContext& context);
// Where it is not known, and why since when.
Flag not_known_flag(const DataSet& data_set, const std::string& reason, const std::string& since);

// Fills {LINKID}, {LINKID.short} and {variable} in words.
std::string fill_words(const DataSet& data_set, const std::string& words, const Answers& answers,
                       const std::map<std::string, std::string>& variables);
// The display of every answer of a field: answers joined with ", ", rows with "; ".
std::string display(const DataSet& data_set, const Answers& answers, std::string_view link_id);

}  // namespace careplug::plan
