#include <careplug/controls/controls.h>
#include <careplug/plugin/standard.h>
#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace careplug::plugin {

bool look_before_acting(std::string_view flag_id) {
    constexpr std::array<std::string_view, 4> ids = {"staff-note", "anticipatory-expired", "icd-active",
                                                     "review-overdue"};
    return std::find(ids.begin(), ids.end(), flag_id) != ids.end();
}

namespace {

// A screen that is too narrow drops flags from the right, so what must be seen stands on the left.
int place(const PatientFlag& flag, First first) {
    if (flag.slot == CAREPLUG_SLOT_KNOWLEDGE) return first == First::knowledge ? 0 : 1;
    if (flag.slot == CAREPLUG_SLOT_CPR) return first == First::cpr ? 0 : 1;
    if (flag.id == "not-sent") return 2;
    return look_before_acting(flag.id) ? 3 : 4;
}

bool may_be_covered(const PatientFlag& flag) {
    const bool decides = flag.slot < CAREPLUG_SLOT_LEGAL && control::on("H3.policy-keeps-cpr");
    if (decides || flag.slot > CAREPLUG_SLOT_STATUS) return false;
    if (flag.id == "not-sent" && control::on("H4.not-shared-uncovered")) return false;
    return !look_before_acting(flag.id) || !control::on("H15.expired-uncovered");
}

}  // namespace

void order_flags(std::span<PatientFlag> flags, First first) {
    std::vector<PatientFlag*> sorted;
    std::map<int, int> lowest;
    for (PatientFlag& flag : flags) {
        sorted.push_back(&flag);
        const auto [at, added] = lowest.emplace(flag.slot, flag.rank);
        if (!added) at->second = std::min(at->second, flag.rank);
    }
    std::stable_sort(sorted.begin(), sorted.end(), [first](const PatientFlag* a, const PatientFlag* b) {
        return std::tuple(place(*a, first), a->slot, a->rank) <
               std::tuple(place(*b, first), b->slot, b->rank);
    });
    int order = 0;
    for (PatientFlag* flag : sorted) {
        flag->order = ++order;
        flag->covered =
            control::on("H11.one-flag-of-a-slot") && may_be_covered(*flag) && flag->rank > lowest[flag->slot];
    }
}

}  // namespace careplug::plugin
