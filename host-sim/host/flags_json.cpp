#include "flags_json.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <nlohmann/json.hpp>

namespace careplug::sim {
namespace {

const char* knowledge_name(std::int32_t knowledge) {
    switch (knowledge) {
        case CAREPLUG_KNOWLEDGE_NO_PLAN:
            return "no-plan";
        case CAREPLUG_KNOWLEDGE_PLAN:
            return "plan";
        case CAREPLUG_KNOWLEDGE_SUSPENDED:
            return "suspended";
        case CAREPLUG_KNOWLEDGE_CLOSED:
            return "closed";
        case CAREPLUG_KNOWLEDGE_REMOVED:
            return "removed";
        default:
            return "not-known";
    }
}

const char* reason_words(std::int32_t reason) {
    constexpr std::array<const char*, 13> words = {"",
                                                   "reason not given",
                                                   "no answer yet",
                                                   "exchange not reached",
                                                   "no NHS number",
                                                   "number not verified",
                                                   "number not valid",
                                                   "birth date differs",
                                                   "nobody signed in",
                                                   "not permitted",
                                                   "the plan service is restarting",
                                                   "number to be resolved",
                                                   "last answer too old"};
    return reason >= 0 && reason < static_cast<std::int32_t>(words.size())
               ? words[static_cast<std::size_t>(reason)]
               : words[CAREPLUG_REASON_OTHER];
}

template <std::size_t Size>
std::string padded(const std::uint8_t (&text)[Size]) {
    const auto* end = std::find(text, text + Size, std::uint8_t{0});
    return {text, end};
}

}  // namespace

nlohmann::json flags_json(const SessionHandle& session, const careplug_flags_record& record) {
    nlohmann::json flags = nlohmann::json::array();
    const std::uint32_t count = std::min<std::uint32_t>(record.count, CAREPLUG_FLAGS_MAX);
    for (std::uint32_t i = 0; i < count; ++i) {
        const careplug_flag& flag = record.flags[i];
        if (flag.word == 0) continue;
        const careplug_word_record words = word(session, flag.word);
        flags.push_back({{"id", padded(words.id)},
                         {"slot", words.slot},
                         {"words", padded(words.words)},
                         {"last_known", (flag.state & CAREPLUG_FLAG_LAST_KNOWN) != 0},
                         {"changed", (flag.state & CAREPLUG_FLAG_CHANGED) != 0 ? flag.changed : 0},
                         {"covered", (flag.state & CAREPLUG_FLAG_COVERED) != 0}});
    }
    const std::string knowledge = knowledge_name(record.knowledge);
    nlohmann::json out{{"knowledge", knowledge},
                       {"revision", record.revision},
                       {"checked", record.checked},
                       {"amended", record.amended},
                       {"flags", std::move(flags)}};
    if (knowledge == "not-known") {
        out["last_knowledge"] = knowledge_name(record.last_knowledge);
        out["reason"] = reason_words(record.reason);
        out["since"] = record.since;
    }
    return out;
}

}  // namespace careplug::sim
