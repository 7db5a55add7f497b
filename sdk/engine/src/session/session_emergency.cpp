// Break-glass: a plan that must not be shared, or of a person whom the reader has no relationship with, is
// opened with a reason, to be read, for a short time. The exchange is told before it gives anything, and
// nothing of it is kept on this computer (hazards H8, H9).
#include <careplug/controls/controls.h>
#include <careplug/plan/audit.h>
#include <careplug/plan/relationship.h>

#include <nlohmann/json.hpp>

#include "editing/answer_edits.h"
#include "session/session.h"
#include "system/times.h"

namespace careplug::engine {

using nlohmann::json;

namespace {

struct Given {
    plan::Plan plan;
    const plan::DataSet* data_set = nullptr;
    plan::Answers answers;
};

Given fetch(Exchange& exchange, const Catalogue& catalogue, const std::string& token,
            const std::string& plan_id) {
    const json care_plan = exchange.read("CarePlan/" + plan_id, token);
    Given given;
    given.data_set = catalogue.find(plan::fhir::data_set_of(care_plan));
    if (given.data_set == nullptr)
        throw BadAnswer("The plan was made with a form that this computer does not have.");
    given.plan = plan::fhir::read_plan(*given.data_set, care_plan);
    given.answers = plan::fhir::read_revision(
        *given.data_set, exchange.read("QuestionnaireResponse/" + given.plan.revision_id, token));
    return given;
}

std::string words_of_time(std::int64_t ms) {
    constexpr std::int64_t minute = 60 * 1000;
    return ms < minute ? std::to_string(ms / 1000) + " seconds" : std::to_string(ms / minute) + " minutes";
}

}  // namespace

bool Session::may_break_glass(const OpenPatient& owner) {
    if (!identity_) return false;
    const Known& found = known(owner.checked.digits);
    const bool withheld =
        found.answer.knowledge == CAREPLUG_KNOWLEDGE_SUSPENDED ||
        (found.answer.knowledge == CAREPLUG_KNOWLEDGE_PLAN && !owner.no_relationship.empty());
    return withheld && found.answer.plan &&
           plan::open_for_ms(hub_.catalogue().main(), identity_->actor, plan::basis::break_glass) > 0;
}

void Session::open_emergency(Panel& one, OpenPatient& owner) {
    if (!may_break_glass(owner)) {
        const auto decision =
            plan::may_open(hub_.catalogue().main(), identity_->actor, plan::basis::break_glass, "reason");
        if (!decision) throw Problem(CAREPLUG_REFUSED_ROLE, decision.sentence);
        throw Problem(CAREPLUG_REFUSED, "There is no plan here that has to be opened in an emergency.");
    }
    const std::int64_t lasts =
        plan::open_for_ms(hub_.catalogue().main(), identity_->actor, plan::basis::break_glass);
    one.mode = Panel::Mode::state;
    one.emergency.emplace();
    one.emergency->form = emergency_form(hub_.catalogue().main());
    one.data_set = one.emergency->form.get();
    one.title = "Open in an emergency";
    one.mode_words =
        "To be read, for " + words_of_time(lasts) + ". It is recorded, and the privacy officer is told.";
    one.core = {emergency_reason};
}

wire::Reply Session::update_emergency(Panel& one, const std::string& items) {
    if (one.mode != Panel::Mode::state)
        throw Problem(CAREPLUG_REFUSED, "A plan that was opened in an emergency is read, not changed.");
    OpenPatient& owner = patients_.at(one.patient);
    // Since the question was drawn the number may have been superseded, or the plan found not to be this
    // person's.
    refuse_identity(owner);
    if (!may_break_glass(owner))
        throw Problem(CAREPLUG_REFUSED,
                      "There is no plan here any more that has to be opened in an emergency.");
    const std::string plan_id = known(owner.checked.digits).answer.plan->id;
    plan::Answers answers = one.answers;
    apply_update(*one.data_set, nullptr, items, one.base, answers);
    const std::string reason = plan::display(*one.data_set, answers, emergency_reason);
    const auto decision =
        plan::may_open(hub_.catalogue().main(), identity_->actor, plan::basis::break_glass, reason);
    if (!decision) throw Problem(CAREPLUG_REFUSED_INVALID, decision.sentence);
    audit(plan::audit_kind::break_glass, {owner.checked.digits}, {plan::basis::break_glass, reason, ""});
    const std::int64_t lasts =
        plan::open_for_ms(hub_.catalogue().main(), identity_->actor, plan::basis::break_glass);
    one.emergency->reason = reason;
    one.emergency->until = boot_ms() + lasts;
    one.emergency->until_clock = now_ms() + lasts;
    one.mode = Panel::Mode::read;
    one.title = "Opened in an emergency";
    one.mode_words = "Read only, until " + clock_words(one.emergency->until_clock);
    one.answers = {};
    one.loading = true;
    load_emergency(one, plan_id);
    wire::Reply reply;
    reply.result = view(one).dump();
    return reply;
}

void Session::load_emergency(const Panel& one, const std::string& plan_id) {
    hub_.run([weak = weak_from_this(), id = one.id, token = identity_->token, plan_id,
              &hub = hub_](Exchange& exchange) {
        if (weak.expired()) return;
        std::optional<Given> given;
        std::string problem;
        try {
            hub.send_audit(exchange);
            given = fetch(exchange, hub.catalogue(), token, plan_id);
        } catch (const Refused& refused) {
            problem = refused.what();
        } catch (const Unreachable&) {
            problem =
                "The care plan exchange does not answer, and nothing of this plan is kept on this computer. "
                "Look for the paper form, call the GP.";
        } catch (const std::exception&) {
            problem = "The care plan exchange gave no answer that can be used.";
        }
        const auto session = weak.lock();
        if (!session) return;
        const std::lock_guard lock(session->mutex_);
        const auto found = session->panels_.find(id);
        if (found == session->panels_.end() || !session->emergency_open(found->second)) return;
        Panel& panel = found->second;
        panel.loading = false;
        if (given) {
            panel.data_set = given->data_set;
            panel.base_plan = given->plan;
            panel.base = given->answers;
            panel.answers = given->answers;
        } else {
            panel.emergency->problem = problem;
        }
        session->panel_changed(panel);
    });
}

bool Session::emergency_open(const Panel& one) const {
    if (!one.emergency || one.emergency->until == 0) return false;
    return one.emergency->until > boot_ms() || !control::on("H9.emergency-ends");
}

// The content goes from the screen by itself: the host is told to draw again.
void Session::end_emergencies() {
    for (auto& [id, one] : panels_) {
        if (!one.emergency || one.emergency->until == 0 || one.emergency->ended || emergency_open(one))
            continue;
        one.emergency->ended = true;
        one.base_plan.reset();
        one.base = {};
        one.answers = {};
        one.revealed.clear();
        one.loading = false;
        one.title = "Emergency access ended";
        one.mode_words.clear();
        panel_changed(one);
    }
}

std::string Session::emergency_words(const Panel& one) const {
    if (one.emergency->ended)
        return "Emergency access ended at " + clock_words(one.emergency->until_clock) +
               ": what the plan says is no longer shown. Open it again, with a reason, if you still need it.";
    if (!one.emergency->problem.empty()) return "The plan could not be opened. " + one.emergency->problem;
    if (one.emergency->until == 0) return {};
    return "Opened in an emergency, until " + clock_words(one.emergency->until_clock) +
           ", because: " + one.emergency->reason +
           ". Sharing of this plan may have been withdrawn: use it for this emergency "
           "alone. The privacy officer is told.";
}

}  // namespace careplug::engine
