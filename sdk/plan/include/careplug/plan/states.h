// Both state machines: what a plan and its revisions may become, and who may make them so. One table of
// each; the engine asks it before it offers or sends, the exchange asks it again (docs/plan-states.md).
#pragma once

#include <careplug/plan/plan.h>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace careplug::plan {

enum class RevisionStatus { draft, submitted, approved, published, superseded, withdrawn, entered_in_error };

enum class PlanAct { create, suspend, close, reopen, enter_in_error };
enum class RevisionAct { save, submit, approve, publish, send_back, withdraw, supersede, enter_in_error };

// Who may, for a revision. Every one of them also needs a role that may edit plans.
// `colleague`: of its author's organisation, who may approve, once somebody else published over it.
enum class Doer { author, approver, author_or_approver, approving_author, colleague, nobody };

struct PlanTransition {
    PlanAct act;
    std::optional<PlanStatus> from;  // none: there is no plan
    PlanStatus to;
    Right right;
};

struct RevisionTransition {
    RevisionAct act;
    RevisionStatus from;
    RevisionStatus to;
    Doer doer;
};

std::span<const PlanTransition> plan_transitions();
std::span<const RevisionTransition> revision_transitions();

// Yes, or why not.
struct Decision {
    enum class Refusal { none, state, role };
    Refusal refusal = Refusal::none;
    std::string sentence;  // what is not possible, and who or what could
    explicit operator bool() const { return refusal == Refusal::none; }
};

Decision may(PlanAct act, const Actor& actor, std::optional<PlanStatus> from);
Decision may(RevisionAct act, const Actor& actor, RevisionStatus from, bool is_author,
             bool in_inbox = false);  // of this actor's organisation

// What a change of status is; nothing where no act leads there.
std::optional<PlanAct> act_between(std::optional<PlanStatus> from, PlanStatus to);
std::optional<RevisionAct> act_between(RevisionStatus from, RevisionStatus to);
PlanStatus outcome(PlanAct act);

std::string code(RevisionStatus status);  // draft, submitted ... entered-in-error
std::optional<RevisionStatus> revision_status(std::string_view code);
std::string words(std::optional<PlanStatus> status);  // "suspended (consent withdrawn)"
std::string verb(PlanAct act);                        // "suspend"
std::string verb(RevisionAct act);                    // "send back"
std::string words(Doer doer);                         // "its author"

}  // namespace careplug::plan
