#include <careplug/controls/controls.h>
#include <careplug/plan/access.h>

namespace careplug::plan {

bool may_see_content(const Actor& actor, PlanStatus status) {
    return may_view(actor) && (status == PlanStatus::active || !control::on("H8.exchange-withholds"));
}

bool may_see_revision(const Actor& actor, RevisionStatus status, bool is_author, bool in_inbox) {
    if (is_author || !control::on("H7.drafts-of-their-author")) return true;
    // What clinicians have not published is nobody's word to a patient.
    if (is_person(actor)) return status == RevisionStatus::published || status == RevisionStatus::superseded;
    if (status == RevisionStatus::draft) return in_inbox && may_approve(actor);
    return status != RevisionStatus::submitted || may_edit(actor);
}

}  // namespace careplug::plan
