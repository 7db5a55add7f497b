// Who looked at a plan, in a session of the person whose plan it is: asked of the exchange each time that
// somebody opens it, and kept nowhere.
#include <nlohmann/json.hpp>

#include "plans/looks.h"
#include "session/session.h"

namespace careplug::engine {

using nlohmann::json;

// Whatever may be read of the plan itself: also of one whose sharing was withdrawn.
void Session::offer_looks(const OpenPatient& owner, json& offered) {
    if (!identity_ || !plan::is_person(identity_->actor)) return;
    if (!known(owner.checked.digits).answer.plan) return;
    offered["actions"].push_back(
        {{"id", looks_action}, {"label", "Who looked at my plan"}, {"primary", false}});
}

void Session::open_looks(Panel& one, OpenPatient& owner) {
    if (!plan::is_person(identity_->actor))
        throw Problem(
            CAREPLUG_REFUSED_ROLE,
            "Who looked at a plan is shown to the person whose plan it is, and to a privacy officer "
            "in the audit.");
    one.mode = Panel::Mode::looks;
    one.title = "Who looked at my plan";
    one.mode_words = "Newest first";
    one.loading = true;
    owner.looks.reset();
    load_looks(owner);
}

void Session::load_looks(const OpenPatient& owner) {
    hub_.run([weak = weak_from_this(), id = owner.id, digits = owner.checked.digits, identity = *identity_,
              &data_set = hub_.catalogue().main(), &hub = hub_](Exchange& exchange) {
        if (const auto asking = weak.lock(); !asking || !asking->is_open(id)) return;
        json looks;
        try {
            // What this computer has not sent yet belongs to it too.
            hub.send_audit(exchange);
            looks = draw_looks(fetch_looks(exchange, identity.token, digits), data_set, identity.actor);
        } catch (const Refused& refused) {
            looks = draw_unknown_looks(refused.what());
        } catch (const std::exception&) {
            looks = draw_unknown_looks("The care plan exchange does not answer this now: try again later.");
        }
        const auto session = weak.lock();
        if (!session) return;
        const std::lock_guard lock(session->mutex_);
        const auto open = session->patients_.find(id);
        if (open == session->patients_.end()) return;
        open->second.looks = std::make_shared<json>(std::move(looks));
        for (auto& [panel_id, panel] : session->panels_) {
            if (panel.patient != id || !panel.shows_looks()) continue;
            panel.loading = false;
            session->panel_changed(panel);
        }
    });
}

}  // namespace careplug::engine
