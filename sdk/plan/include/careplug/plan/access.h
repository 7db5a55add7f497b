// Who may see what a plan says. The exchange asks it on every route by which a plan is read.
#pragma once

#include <careplug/plan/plan.h>
#include <careplug/plan/states.h>

namespace careplug::plan {

// Of a plan that is not active (suspended, closed, entered in error) nobody is given the content: not even
// who may reopen it, for that is decided by the person's consent or life, not by what the plan says (hazard
// H8).
bool may_see_content(const Actor& actor, PlanStatus status);

// A draft is its author's alone, and one over which somebody published is also for those of the author's
// organisation who may approve; what waits to be approved is for those who edit plans (hazard H7).
bool may_see_revision(const Actor& actor, RevisionStatus status, bool is_author, bool in_inbox);

}  // namespace careplug::plan
