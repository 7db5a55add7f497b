// The flags of one person: every plan they have, of several kinds, and what the host's record says of CPR.
#pragma once

#include <careplug/plan/cpr_conflict.h>
#include <careplug/plan/flags.h>
#include <vector>

namespace careplug::plan {

struct PlanOfKind {
    const DataSet* data_set = nullptr;
    const Plan* plan = nullptr;
};

// The union of the flags of `plans`, of which the first says what is known. Decisions that differ raise the
// conflict above all else in the CPR slot; every one of them stays below it. A kind that does not ask about
// CPR, or records no decision, says nothing where another has one (hazards H3, H6). `unreadable` names kinds
// of plans that exist and cannot be read: what they say of CPR may differ.
std::vector<Flag> flags_of_person(const std::vector<PlanOfKind>& plans, const std::vector<CprSource>& record,
                                  const std::vector<std::string>& unreadable, const FlagContext& context);

}  // namespace careplug::plan
