#include "session/flag_order.h"

#include <careplug/controls/controls.h>
#include <algorithm>

#include "system/fixed_text.h"

namespace careplug::engine {
namespace {

struct Placed {
    std::int32_t order;
    std::size_t at;
};

using Flags = std::vector<careplug_policy_flag>;

bool uncovered(const careplug_policy_flag& flag, std::int32_t slot) {
    return flag.slot == slot && flag.covered == 0;
}

// Only the place and what is covered may differ.
bool same_flag(const careplug_policy_flag& was, const careplug_policy_flag& is) {
    return is.patient == was.patient && is.slot == was.slot && is.knowledge == was.knowledge &&
           std::memcmp(is.id, was.id, sizeof was.id) == 0;
}

// The places of one patient's flags, which begin at `first`; empty where the answer must not be taken.
std::vector<Placed> places_of(const Flags& asked, const Flags& answered, std::size_t first,
                              std::size_t count) {
    std::vector<Placed> places;
    bool has_cpr = false;
    for (std::size_t at = 0; at < count; ++at) {
        if (!same_flag(asked[first + at], answered[first + at]) && control::on("H3.policy-changes-nothing"))
            return {};
        has_cpr = has_cpr || asked[first + at].slot == CAREPLUG_SLOT_CPR;
        const std::int32_t order = answered[first + at].order;
        places.push_back({order != 0 ? order : static_cast<std::int32_t>(at) + 1, at});
    }
    std::stable_sort(places.begin(), places.end(),
                     [](const Placed& a, const Placed& b) { return a.order < b.order; });
    const auto drawn = [&](std::int32_t slot) {
        const auto end =
            places.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(count, CAREPLUG_FLAGS_MAX));
        return std::any_of(places.begin(), end,
                           [&](const Placed& place) { return uncovered(answered[first + place.at], slot); });
    };
    if (!control::on("H3.policy-hides-nothing")) return places;
    if (!drawn(CAREPLUG_SLOT_KNOWLEDGE) || (has_cpr && !drawn(CAREPLUG_SLOT_CPR))) return {};
    return places;
}

}  // namespace

Flags policy_flags(const std::vector<ShownFlags>& all) {
    Flags flags;
    for (std::uint32_t patient = 0; patient < all.size(); ++patient) {
        for (std::size_t at = 0; at < all[patient].flags.size(); ++at) {
            const plan::Flag& flag = all[patient].flags[at];
            careplug_policy_flag out{};
            out.size = sizeof out;
            out.patient = patient;
            out.knowledge = all[patient].record.knowledge;
            out.slot = flag.slot;
            out.rank = flag.rank;
            out.state = all[patient].states[at];
            out.covered = (out.state & CAREPLUG_FLAG_COVERED) != 0 ? 1 : 0;
            put_text(out.id, flag.id);
            flags.push_back(out);
        }
    }
    return flags;
}

bool take_order(std::vector<ShownFlags>& all, const Flags& asked, const Flags& answered) {
    bool sound = true;
    std::size_t first = 0;
    for (ShownFlags& shown : all) {
        const std::size_t count = shown.flags.size();
        const auto places = places_of(asked, answered, first, count);
        sound = sound && (count == 0 || !places.empty());
        if (!places.empty()) {
            ShownFlags sorted = shown;
            for (std::size_t to = 0; to < count; ++to) {
                sorted.flags[to] = shown.flags[places[to].at];
                sorted.states[to] = shown.states[places[to].at] & ~CAREPLUG_FLAG_COVERED;
                if (answered[first + places[to].at].covered != 0) sorted.states[to] |= CAREPLUG_FLAG_COVERED;
            }
            shown = std::move(sorted);
        }
        first += count;
    }
    return sound;
}

}  // namespace careplug::engine
