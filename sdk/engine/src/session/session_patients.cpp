#include <careplug/controls/controls.h>
#include <careplug/plan/relationship.h>
#include <algorithm>

#include <nlohmann/json.hpp>

#include "plans/content.h"
#include "plans/names.h"
#include "session/session.h"
#include "system/times.h"

namespace careplug::engine {

using nlohmann::json;

namespace {

constexpr const char* other_birth_date =
    "The birth date in this record differs from the plan's, so it may be another person's plan: check the "
    "person's "
    "identity and correct the record before opening the plan.";

}  // namespace

OpenPatient& Session::patient(std::uint64_t id) {
    require_not_resuming(id);
    const auto found = patients_.find(id);
    if (found == patients_.end())
        throw Problem(CAREPLUG_REFUSED_HANDLE, "This patient was left: open the record again.");
    answered_patient_ = found->second.id;
    return found->second;
}

wire::Reply Session::patient_open(const careplug_patient_key& key, const std::string& name,
                                  std::int64_t basis, const std::string& reason) {
    require_signed_in();
    if (basis < CAREPLUG_BASIS_REGISTERED || basis > CAREPLUG_BASIS_SELF_CLAIMED)
        throw Problem(CAREPLUG_REFUSED_ARGUMENT,
                      "The basis of the relationship is not known: use one of the CAREPLUG_BASIS_ values.");
    if (basis == CAREPLUG_BASIS_SELF_CLAIMED && reason.empty())
        throw Problem(CAREPLUG_REFUSED_ARGUMENT,
                      "Give the reason for opening the record of a person who is not yours.");
    const OpenPatient& opened = open_patient(next_id(), key, name, static_cast<std::int32_t>(basis), reason);
    wire::Reply reply;
    reply.created = answered_patient_ = opened.id;
    reply.status = name_differs(opened) ? CAREPLUG_OK_DIFFERENT_NAME : CAREPLUG_OK;
    return reply;
}

OpenPatient& Session::open_patient(std::uint64_t id, const careplug_patient_key& key, const std::string& name,
                                   std::int32_t basis, const std::string& reason) {
    OpenPatient one;
    one.key = key;
    one.checked = check_key(key);
    if (one.checked.reason != 0) throw Problem(CAREPLUG_REFUSED_IDENTITY, one.checked.sentence);
    if (one.checked.birth_date.size() != 10)
        throw Problem(CAREPLUG_REFUSED_IDENTITY,
                      "The birth date of this record is missing, so the plan's person cannot be checked: add "
                      "it to the record.");
    const auto comma = name.find(',');
    one.family = name.substr(0, comma);
    if (comma != std::string::npos)
        one.given = name.substr(name.find_first_not_of(' ', comma + 1) == std::string::npos
                                    ? name.size()
                                    : name.find_first_not_of(' ', comma + 1));
    if (plan::is_person(identity_->actor) && one.checked.digits != identity_->actor.person &&
        control::on("H17.own-plan-alone"))
        throw Problem(CAREPLUG_REFUSED_ROLE, "You can open your own plan alone.");
    one.basis = basis;
    one.reason = reason;
    one.no_relationship =
        plan::may_open(hub_.catalogue().main(), identity_->actor, basis_name(basis, identity_->actor), reason)
            .sentence;
    known(one.checked.digits);
    refuse_identity(one);
    claim(one);
    one.id = id;
    OpenPatient& opened = patients_[one.id] = std::move(one);
    ask_record(opened);
    restore_content(opened);
    load_content(opened);
    wants_poll_ = true;
    hub_.poll_soon();
    return opened;
}

void Session::ask_record(OpenPatient& opened) {
    opened.record_request = next_id();
    const json asked{
        {"request", "record"},
        {"patient", {{"nhs_number", opened.checked.digits}, {"birth_date", opened.checked.birth_date}}}};
    event(CAREPLUG_EVENT_REQUEST, CAREPLUG_OK, opened.record_request, asked.dump());
}

void Session::refuse_identity(const OpenPatient& one) {
    const Known& found = known(one.checked.digits);
    if (found.person.state != Person::State::clear)
        throw Problem(CAREPLUG_REFUSED_IDENTITY, found.person.sentence());
    if (!found.answer.plan) return;
    const auto match = match_person(found.person, *found.answer.plan, one.checked.digits,
                                    one.checked.birth_date, one.family, one.given);
    if (match == plan::IdentityMatch::different_birth_date && control::on("H1.opening-refused"))
        throw Problem(CAREPLUG_REFUSED_IDENTITY, other_birth_date);
    if (match == plan::IdentityMatch::different_number)
        throw Problem(
            CAREPLUG_REFUSED_IDENTITY,
            "The NHS number in this record differs from the one in the plan: tell the person's practice.");
}

bool Session::name_differs(const OpenPatient& one) {
    const Known& found = known(one.checked.digits);
    return found.answer.plan &&
           match_person(found.person, *found.answer.plan, one.checked.digits, one.checked.birth_date,
                        one.family, one.given) == plan::IdentityMatch::different_name;
}

std::int32_t Session::knowledge_now(const OpenPatient& one) {
    return shown_flags(one.key).record.knowledge;
}

wire::Reply Session::patient_may_close(std::uint64_t id) {
    const OpenPatient& one = patient(id);
    for (const auto& [panel_id, open] : panels_) {
        if (open.patient != id) continue;
        if (open.not_saved)
            throw Problem(CAREPLUG_REFUSED_STAY,
                          "Your last answer could not be saved on this computer and would be lost: copy it, "
                          "or try again.");
        if (open.undecided())
            throw Problem(CAREPLUG_REFUSED_STAY,
                          "Someone else published meanwhile and your change is NOT shared: decide which "
                          "version stands, or leave and find your draft here later.");
    }
    wire::Reply reply;
    for (const auto& [change, waiting] : waiting_)
        if (waiting.digits == one.checked.digits) reply.status = CAREPLUG_OK_QUEUED;
    if (reply.status == CAREPLUG_OK && own_draft(one.checked.digits) != 0)
        reply.status = CAREPLUG_OK_DRAFT_KEPT;
    return reply;
}

wire::Reply Session::patient_close(std::uint64_t id) {
    if (stop_resuming(id)) return {};
    patient(id);
    std::erase_if(panels_, [&](const auto& one) { return one.second.patient == id; });
    // The change goes on by itself; its operation was this patient's and answers nobody now.
    std::erase_if(operations_, [&](const auto& one) { return one.second.patient == id; });
    patients_.erase(id);
    return {};
}

wire::Reply Session::actions(std::uint64_t id) {
    require_signed_in();
    OpenPatient& one = patient(id);
    const ShownFlags shown = shown_flags(one.key);
    const bool fresh = shown.record.knowledge != CAREPLUG_KNOWLEDGE_NOT_KNOWN;
    const json asked{{"knowledge", knowledge_name(shown.record.knowledge)},
                     {"last_knowledge", knowledge_name(shown.record.last_knowledge)},
                     {"fresh", fresh},
                     {"own_draft", own_draft(one.checked.digits) != 0},
                     {"queued", queued(one.checked.digits)},
                     {"revision", shown.record.revision},
                     {"may", may_now(one)}};
    wire::Reply reply;
    json offered = offered_actions(asked);
    offer_draft_elsewhere(one, offered);
    offer_take_over(one, offered);
    offer_came_back(one, offered);
    offer_earlier_draft(one, offered);
    // Without a relationship nothing of a plan is read or written but in an emergency.
    if (!one.no_relationship.empty()) {
        json& list = offered.at("actions");
        list.erase(std::remove_if(list.begin(), list.end(),
                                  [](const json& action) { return action.at("id") != emergency_action; }),
                   list.end());
    }
    // Of a plan that is not open to its person there is nothing to change either.
    if (plan::is_person(identity_->actor) && !closed_to_person(known(one.checked.digits)).empty()) {
        json& list = offered.at("actions");
        list.erase(std::remove_if(list.begin(), list.end(),
                                  [](const json& action) { return action.at("id") != "read"; }),
                   list.end());
    }
    offer_looks(one, offered);
    reply.result = offered.dump();
    return reply;
}

void Session::restore_content(OpenPatient& one) {
    const Known& found = known(one.checked.digits);
    if (!identity_ || !found.answer.plan || found.answer.knowledge != CAREPLUG_KNOWLEDGE_PLAN) return;
    if (!one.no_relationship.empty()) return;
    try {
        restore_kept(one, found);
    } catch (const std::exception& failure) {
        // What was kept is a help, not a condition: the exchange is asked all the same.
        hub_.log().say(std::string("what was kept cannot be read: ") + typeid(failure).name());
    }
}

void Session::restore_kept(OpenPatient& one, const Known& found) {
    const auto kept =
        hub_.store().get({Drawer::last_known, identity_->audience(), one.checked.digits, "revision"});
    if (!kept) return;
    const json body = json::parse(kept->body);
    // A revision never changes: what was kept under this id is this revision.
    if (body.at("revision_id") != found.answer.plan->revision_id) return;
    Content content;
    content.plan_id = found.answer.plan->id;
    content.revision_id = found.answer.plan->revision_id;
    content.answers = plan::fhir::read_answers(
        *found.answer.data_set, {{"resourceType", "QuestionnaireResponse"}, {"item", body.at("item")}});
    const auto text = [](const json& note, std::size_t at) {
        return at < note.size() ? note.at(at).get<std::string>() : std::string();
    };
    for (const auto& note : body.at("notes"))
        content.notes.push_back(
            {note.at(0), note.at(1), note.at(2), note.at(3), note.at(4), text(note, 5), text(note, 6)});
    content.last_known = true;
    one.content = std::move(content);
}

void Session::load_content(OpenPatient& one) {
    const Known& found = known(one.checked.digits);
    if (!identity_ || !found.current || found.answer.knowledge != CAREPLUG_KNOWLEDGE_PLAN) return;
    if (!one.no_relationship.empty()) return;
    const plan::Plan plan = *found.answer.plan;
    if (one.loading == plan.revision_id) return;
    if (one.content && !one.content->last_known && one.content->revision_id == plan.revision_id) return;
    claim(one);
    one.loading = plan.revision_id;
    hub_.run([weak = weak_from_this(), &hub = hub_, id = one.id, token = identity_->token, plan,
              data_set = found.answer.data_set](Exchange& exchange) {
        if (const auto asking = weak.lock(); !asking || !asking->is_open(id)) return;
        std::optional<Content> content;
        std::string problem;
        bool told = false;
        try {
            told = hub.send_audit(exchange);
            content = fetch_content(exchange, token, plan, *data_set, hub.catalogue());
        } catch (const Refused& refused) {
            problem = refused.what();
        } catch (const std::exception&) {
            problem =
                told ? "The care plan exchange gave no answer that can be used."
                     : "This computer could not yet tell the care plan exchange who looks; it tries again.";
        }
        const auto session = weak.lock();
        if (!session) return;
        const std::lock_guard lock(session->mutex_);
        if (content)
            session->content_arrived(id, std::move(*content));
        else
            session->content_failed(id, problem, told);
    });
}

bool Session::is_open(std::uint64_t id) const {
    const std::lock_guard lock(mutex_);
    return patients_.contains(id);
}

// The next poll asks again: the one in a moment, where it was not the exchange that failed.
void Session::content_failed(std::uint64_t id, const std::string& sentence, bool told) {
    const auto found = patients_.find(id);
    if (found == patients_.end()) return;
    if (!told || found->second.claimed == 0) wants_poll_ = true;
    found->second.loading.clear();
    found->second.load_problem = sentence;
    for (const auto& [panel_id, panel] : panels_)
        if (panel.patient == id && panel.loading) panel_changed(panel);
}

void Session::content_arrived(std::uint64_t id, Content content) {
    const auto found = patients_.find(id);
    if (found == patients_.end() || !identity_) return;
    OpenPatient& one = found->second;
    one.loading.clear();
    one.load_problem.clear();
    const Known& answer = known(one.checked.digits);
    // Late: meanwhile the plan was suspended, removed, or another revision published.
    if (!answer.answer.plan || answer.answer.knowledge != CAREPLUG_KNOWLEDGE_PLAN ||
        answer.answer.plan->revision_id != content.revision_id) {
        load_content(one);
        return;
    }
    one.content = std::move(content);
    try {
        json notes = json::array();
        for (const auto& note : one.content->notes)
            notes.push_back({note.when, note.author, note.text, note.outcome, note.review_asked, note.id,
                             note.organisation});
        const json body{{"revision_id", one.content->revision_id},
                        {"item", plan::fhir::write_items(*answer.answer.data_set, one.content->answers)},
                        {"notes", notes}};
        hub_.store().put({Drawer::last_known, identity_->audience(), one.checked.digits, "revision"},
                         body.dump(), now_ms());
    } catch (const std::exception&) {
        hub_.log().say("what was last known is not kept: the store does not take it");
    }
    for (auto& [panel_id, panel] : panels_) {
        if (panel.patient != id) continue;
        if (panel.loading) fill_panel(panel, one);
        panel_changed(panel);
    }
    if (is_to_be_filed(one.checked.digits)) accept_and_file(one.checked.digits);
}

void Session::contacts_changed() {
    const std::lock_guard lock(mutex_);
    for (auto& [id, one] : patients_) {
        if (one.content) one.content->last_known = true;  // the revision stands, the notes may not
        load_content(one);
    }
}

void Session::look_at_open_patients() {
    for (auto& [id, one] : patients_) {
        if (!barred(one).empty()) {
            one.content.reset();
            one.past.clear();
            one.history.reset();
            one.history_key.clear();
        }
        if (!one.content) restore_content(one);
        load_content(one);
        // After an engine was replaced the record may come before the plan.
        if (one.record && !one.filing_looked_at) file_again(one);
        for (auto& [panel_id, panel] : panels_) {
            if (panel.patient != id) continue;
            if (!barred(panel).empty() && panel.mode == Panel::Mode::read && panel.base_plan) {
                // It must not be shown any more; were it reopened, it is loaded anew.
                panel.base_plan.reset();
                panel.base = {};
                panel.answers = {};
                panel.loading = true;
            }
            if (panel.loading || panel.shows_history()) fill_panel(panel, one);
            const ShownFlags shown = shown_flags(one.key);
            const std::string now =
                std::to_string(shown.record.knowledge) + "|" + std::to_string(shown.record.reason) + "|" +
                std::to_string(shown.record.revision) + "|" + (panel.loading ? "loading" : "");
            if (std::exchange(panel.seen, now) != now) panel_changed(panel);
        }
    }
}

void Session::record_arrived(OpenPatient& one) {
    file_again(one);
    for (auto& [id, panel] : panels_) {
        if (panel.patient != one.id) continue;
        if (one.record) take_record(panel, one);
        panel_changed(panel);
    }
}

void Session::panel_changed(const Panel& panel) {
    event(CAREPLUG_EVENT_PANEL, CAREPLUG_OK, panel.id, "");
}

}  // namespace careplug::engine
