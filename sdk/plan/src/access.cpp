#include <careplug/plan/access.h>

namespace careplug::plan {

bool may_see_content(const Actor& actor, PlanStatus status) {
    return may_view(actor) && status == PlanStatus::active;
}

bool may_see_revision(const Actor& actor, RevisionStatus status, bool is_author) {
    if (is_author) return true;
    if (status == RevisionStatus::draft) return false;
    return status != RevisionStatus::submitted || may_edit(actor);
}

}  // namespace careplug::plan
