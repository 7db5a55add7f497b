#include "plans/names.h"

#include <careplug/host.h>
#include <careplug/plan/relationship.h>

#include <iterator>

namespace careplug::engine {

const char* knowledge_name(std::int32_t knowledge) {
    static constexpr const char* names[] = {"not-known", "no-plan", "plan", "suspended", "closed", "removed"};
    return knowledge >= 0 && knowledge < static_cast<std::int32_t>(std::size(names)) ? names[knowledge]
                                                                                     : names[0];
}

std::string basis_name(std::int32_t basis, const plan::Actor& actor) {
    if (plan::is_person(actor)) return plan::basis::own_plan;
    switch (basis) {
        case CAREPLUG_BASIS_REGISTERED:
            return plan::basis::registered;
        case CAREPLUG_BASIS_CASELOAD:
            return plan::basis::caseload;
        case CAREPLUG_BASIS_URGENT_CASE:
            return plan::basis::urgent_case;
        default:
            return plan::basis::self_claimed;
    }
}

}  // namespace careplug::engine
