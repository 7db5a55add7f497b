// Faults in the order of flags.
#include <cstring>

#include "bad.h"

namespace careplug::bad {

namespace {

using Flag = careplug_policy_flag;

bool leads(const Flag& flag) {
    return flag.slot == CAREPLUG_SLOT_KNOWLEDGE || flag.slot == CAREPLUG_SLOT_CPR;
}

bool named(const Flag& flag, const char* id) {
    return std::strncmp(reinterpret_cast<const char*>(flag.id), id, sizeof flag.id) == 0;
}

// From the right to the left, behind the CPR decision and the knowledge.
void turn_round(FlagsCall& call) {
    for (Flag* flag : call.after)
        if (!leads(*flag)) flag->order = 1000 - flag->order;
}

}  // namespace

const std::vector<Fault>& faults_of_flags() {
    static const std::vector<Fault> all = {
        // Drops the CPR slot.
        {.id = "P-201",
         .ordered =
             [](FlagsCall& call) {
                 for (Flag* flag : call.after)
                     if (flag->slot == CAREPLUG_SLOT_CPR) flag->covered = 1;
             }},
        {.id = "P-202",
         .ordered =
             [](FlagsCall& call) {
                 for (Flag* flag : call.after)
                     if (named(*flag, "not-known")) flag->covered = 1;
             }},
        {.id = "P-203",
         .ordered =
             [](FlagsCall& call) {
                 for (Flag* flag : call.after)
                     if (named(*flag, "staff-note")) flag->order = -1;
             }},
        {.id = "P-204",
         .ordered =
             [](FlagsCall& call) {
                 for (Flag* flag : call.after) flag->rank += 10;
             }},
        {.id = "P-205",
         .ordered =
             [](FlagsCall& call) {
                 for (Flag* flag : call.after)
                     if (flag->knowledge > CAREPLUG_KNOWLEDGE_REMOVED)
                         flag->knowledge = CAREPLUG_KNOWLEDGE_NO_PLAN;
             }},
        {.id = "P-206",
         .ordered =
             [](FlagsCall& call) {
                 for (Flag* flag : call.after)
                     if (flag->slot > CAREPLUG_SLOT_STATUS) flag->covered = 1;
                 if (!call.after.empty() && call.after.front()->slot > CAREPLUG_SLOT_STATUS)
                     call.after.front()->covered = 0;
             }},
        {.id = "P-207",
         .ordered =
             [](FlagsCall& call) {
                 for (Flag* flag : call.after)
                     if (named(*flag, "ceiling")) flag->covered = 1;
             }},
        {.id = "P-208",
         .ordered =
             [](FlagsCall& call) {
                 for (Flag* flag : call.after)
                     if (named(*flag, "staff-note")) flag->covered = 1;
             }},
        // Steps by its own size.
        {.id = "P-209",
         .array = [](Flag* flags, std::uint64_t stride, std::uint64_t count) -> careplug_status {
             const bool larger =
                 flags != nullptr && stride > sizeof *flags && stride < 4096 && flags->size == sizeof *flags;
             if (!larger) return -1;
             for (std::uint64_t i = 0; i < count; ++i) flags[i].order = static_cast<std::int32_t>(i);
             return CAREPLUG_OK;
         }},
        {.id = "P-210",
         .array = [](Flag* flags, std::uint64_t, std::uint64_t count) -> careplug_status {
             return flags != nullptr && count > 0 && flags->size > sizeof *flags ? CAREPLUG_REFUSED_ARGUMENT
                                                                                 : -1;
         }},
        {.id = "P-211",
         .array = [](Flag*, std::uint64_t stride, std::uint64_t) -> careplug_status {
             return stride < sizeof(Flag) ? CAREPLUG_OK : -1;
         }},
        {.id = "P-212",
         .array = [](Flag*, std::uint64_t, std::uint64_t count) -> careplug_status {
             return count == 0 ? CAREPLUG_REFUSED_ARGUMENT : -1;
         }},
        // One patient's flag covers another's.
        {.id = "P-213",
         .ordered =
             [](FlagsCall& call) {
                 for (Flag* flag : call.after)
                     for (const Flag* other : call.after)
                         if (other->patient != flag->patient && other->slot == flag->slot &&
                             other->rank < flag->rank && flag->slot == CAREPLUG_SLOT_LEGAL)
                             flag->covered = 1;
             }},
        // Depends on the time of day.
        {.id = "P-214",
         .ordered =
             [](FlagsCall& call) {
                 const auto hour = call.now / 3'600'000 % 24;
                 if (hour < 6 || hour >= 22) turn_round(call);
             }},
        {.id = "P-215",
         .ordered =
             [](FlagsCall& call) {
                 for (const Flag& flag : call.before)
                     if (flag.order != 0) return turn_round(call);
             }},
    };
    return all;
}

}  // namespace careplug::bad
