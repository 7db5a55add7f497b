#include "flag_definitions.h"

#include <careplug/base.h>

#include <array>
#include <stdexcept>

namespace careplug::plan {

namespace {

struct BuiltIn {
    const char* id;
    int slot;
    int rank;
    const char* short_words;
    const char* long_words;
    bool wire;
};

constexpr std::array<BuiltIn, 9> built_in{{
    {"not-known", CAREPLUG_SLOT_KNOWLEDGE, 1, "Plan not known",
     "Care plan: not known ({reason}, since {time}). Do not assume there is none.", false},
    {"no-plan", CAREPLUG_SLOT_KNOWLEDGE, 2, "No plan found",
     "No care plan on this service (checked {checked}). Paper or other services may hold one.", false},
    {"plan", CAREPLUG_SLOT_KNOWLEDGE, 3, "Care plan",
     "Care plan, amended {amended}, approved by {approver}; checked {checked}", true},
    {"suspended", CAREPLUG_SLOT_KNOWLEDGE, 3, "Plan not shared",
     "A plan exists; consent to share was withdrawn {date}. CPR decision: not known here. Look for the paper "
     "form, "
     "ask the GP.",
     true},
    {"closed", CAREPLUG_SLOT_KNOWLEDGE, 3, "Died {date}", "Death recorded {date} by {who}. Plan closed.",
     false},
    {"removed", CAREPLUG_SLOT_KNOWLEDGE, 3, "Plan withdrawn",
     "The plan shown here until {time} was entered in error. Do not rely on what was read.", false},
    {"cpr-conflict", CAREPLUG_SLOT_CPR, 1, "CPR CONFLICT",
     "CPR: {a} ({a.source}, {a.date}, {a.by}) against {b} ({b.source}, {b.date}, {b.by})", false},
    {"cpr-unreadable", CAREPLUG_SLOT_CPR, 2, "CPR: open plan",
     "The plan holds a CPR entry that this system cannot read: \"{text}\"", false},
    {"not-sent", CAREPLUG_SLOT_STATUS, 1, "Change NOT shared",
     "Your change of {time} is not yet visible to others ({outcome})", false},
}};

}  // namespace

FlagDefinition definition_of(const DataSet& data_set, std::string_view id) {
    for (const FlagDefinition& flag : data_set.flags)
        if (flag.id == id) return flag;
    for (const BuiltIn& each : built_in) {
        if (id != each.id) continue;
        FlagDefinition flag;
        flag.id = each.id;
        flag.slot = each.slot;
        flag.rank = each.rank;
        flag.short_words = each.short_words;
        flag.long_words = each.long_words;
        flag.by_program = true;
        flag.on_wire = each.wire;
        return flag;
    }
    throw std::logic_error("There is no flag \"" + std::string(id) + "\".");
}

}  // namespace careplug::plan
