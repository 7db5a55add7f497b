// A session outlives its engine: what is open in it travels with each reply to the loader, sealed, and comes
// back to the next engine. Ids stay, so the host's handles do. Nothing is open again before the same person
// is signed in again. What was typed is in the store, not here.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "editing/state_form.h"
#include "session/session.h"
#include "system/json_text.h"
#include "system/times.h"

namespace careplug::engine {

using nlohmann::json;

struct Session::Resuming {
    json saved;                                   // of resume_state
    std::map<std::uint64_t, std::uint64_t> open;  // and not closed since, with whose it is
};

namespace {

constexpr const char* seal_place = "session";

std::string text_of(std::span<const std::uint8_t> field) {
    return {field.begin(), std::find(field.begin(), field.end(), std::uint8_t{0})};
}

void put(std::span<std::uint8_t> field, const std::string& text) {
    std::copy_n(text.begin(), std::min(text.size(), field.size()), field.begin());
}

}  // namespace

std::string Session::resume_state() {
    // Until it is resumed, the loader keeps what it has.
    if (author_.empty() || resuming_) return {};
    JsonText out;
    const auto name = [&](const char* member) -> JsonText& { return out.member(member); };
    out.open('{');
    name("author").words(author_);
    name("audience").words(audience_);
    name("last_id").written(std::to_string(last_id_));
    name("patients").open('[');
    for (const auto& [id, one] : patients_) {
        out.open('{');
        name("id").written(std::to_string(id));
        name("nhs_number").words(text_of(one.key.nhs_number));
        name("birth_date").words(text_of(one.key.birth_date));
        name("number_status").number(one.key.number_status);
        name("name").words(one.given.empty() ? one.family : one.family + ", " + one.given);
        name("basis").number(one.basis);
        name("reason").words(one.reason);
        out.close('}');
    }
    out.close(']');
    name("panels").open('[');
    for (const auto& [id, one] : panels_) {
        out.open('{');
        name("id").written(std::to_string(id));
        name("patient").written(std::to_string(one.patient));
        name("action").words(one.action);
        out.close('}');
    }
    out.close(']');
    name("operations").open('[');
    for (const auto& [change, one] : operations_) {
        out.open('{');
        name("id").written(std::to_string(one.id));
        name("change").words(change);
        name("patient").written(std::to_string(one.patient));
        name("panel").written(std::to_string(one.panel));
        out.close('}');
    }
    out.close(']');
    out.close('}');
    std::string state = out.str();
    if (state == told_resume_) return {};
    told_resume_ = std::move(state);
    return hub_.sealer().seal(told_resume_, seal_place);
}

void Session::begin_resuming(const wire::SessionResume& resumed) {
    watched_ = resumed.watched;
    // Greater than any that the former engine told.
    generation_ = static_cast<std::uint64_t>(boot_ms()) * 1000;
    if (resumed.resume.empty()) return;
    try {
        auto resuming = std::make_shared<Resuming>();
        resuming->saved = json::parse(hub_.sealer().open(resumed.resume, seal_place));
        for (const auto& one : resumed.open) resuming->open[one.id] = one.patient;
        author_ = resuming->saved.at("author");
        audience_ = resuming->saved.at("audience");
        last_id_ = resuming->saved.at("last_id");
        resuming_ = std::move(resuming);
    } catch (const std::exception& failure) {
        hub_.log().say(std::string("a session cannot be resumed: ") + typeid(failure).name());
    }
}

void Session::require_not_resuming(std::uint64_t id) const {
    if (resuming_ && resuming_->open.contains(id))
        throw Problem(
            CAREPLUG_REFUSED_SIGNED_OUT,
            "The plan service on this computer was started again and waits for your sign-in. What was "
            "kept stays.");
}

bool Session::stop_resuming(std::uint64_t id) {
    return resuming_ && resuming_->open.erase(id) != 0;
}

void Session::resume() {
    if (!resuming_) return;
    const std::shared_ptr<Resuming> former = std::exchange(resuming_, nullptr);
    // The host has it open still, and as the same patient's.
    const auto open = [&](const json& saved, const char* patient) {
        const auto found = former->open.find(saved.at("id").get<std::uint64_t>());
        return found != former->open.end() && found->second == saved.at(patient).get<std::uint64_t>();
    };
    int patients = 0;
    int panels = 0;
    int left_out = 0;
    try {
        for (const json& saved : former->saved.at("patients"))
            if (open(saved, "id")) ++(resume_patient(saved) ? patients : left_out);
        for (const json& saved : former->saved.at("operations")) resume_operation(saved);
        for (const json& saved : former->saved.at("panels"))
            if (open(saved, "patient")) ++(resume_panel(saved) ? panels : left_out);
    } catch (const std::exception& failure) {
        ++left_out;
        hub_.log().say(std::string("a session is resumed in part: ") + typeid(failure).name());
    }
    std::int64_t kept = 0;
    for (const auto* drafts : {&drafts_, &note_drafts_})
        for (const auto& [digits, draft] : *drafts) kept = std::max(kept, draft.at);
    const bool upgrade = hub_.facts().upgrade;
    std::string sentence = upgrade ? "The plan service on this computer was brought up to date."
                                   : "The plan service on this computer was started again.";
    if (kept != 0) sentence += " What you typed is kept, up to " + clock_words(kept) + ".";
    if (left_out != 0) sentence += " Not everything could be opened again: open it from the record.";
    event(CAREPLUG_EVENT_ENGINE, CAREPLUG_OK, 0,
          json{{"sentence", sentence},
               {"reason", upgrade ? "upgrade" : "restart"},
               {"patients", patients},
               {"panels", panels},
               {"not_resumed", left_out},
               {"kept", kept == 0 ? "" : iso_time(kept)}}
              .dump());
    for (const auto& [id, panel] : panels_) panel_changed(panel);
}

bool Session::resume_patient(const json& saved) {
    careplug_patient_key key{};
    key.size = sizeof key;
    put(key.nhs_number, saved.at("nhs_number"));
    put(key.birth_date, saved.at("birth_date"));
    key.number_status = saved.at("number_status");
    try {
        const OpenPatient& opened =
            open_patient(saved.at("id"), key, saved.at("name"), saved.at("basis"), saved.at("reason"));
        look_at_store(opened.checked.digits);
        return true;
    } catch (const Problem&) {
        return false;
    }
}

// The change goes on where it was: it waits, or how it ended is known.
void Session::resume_operation(const json& saved) {
    const auto patient = patients_.find(saved.at("patient").get<std::uint64_t>());
    if (patient == patients_.end()) return;
    const std::string change = saved.at("change");
    const std::uint64_t id = saved.at("id");
    wire::OperationState state;
    state.operation = id;
    state.record.size = sizeof state.record;
    if (waiting_.contains(change)) {
        operations_[change] = {id, saved.at("patient"), saved.at("panel")};
        state.record.state = CAREPLUG_OPERATION_QUEUED;
        events_.push(wire::Frame::operation, wire::encode(state));
        return;
    }
    const auto kept = hub_.store().get({Drawer::outcome, author_, patient->second.checked.digits, change});
    if (!kept) return;
    const SendResult result = read_outcome_of_change(kept->body);
    state.record.state = CAREPLUG_OPERATION_DONE;
    state.record.status = result.kind == SendResult::Kind::done ? CAREPLUG_OK : result.status;
    state.record.revision = result.revision;
    events_.push(wire::Frame::operation, wire::encode(state));
    json outcome{{"sentence", result.sentence}, {"issues", json::array()}};
    if (result.revision != 0) outcome["revision"] = result.revision;
    event(CAREPLUG_EVENT_OPERATION, state.record.status, id, outcome.dump());
}

bool Session::resume_panel(const json& saved) {
    const auto found = patients_.find(saved.at("patient").get<std::uint64_t>());
    if (found == patients_.end()) return false;
    OpenPatient& owner = found->second;
    if (resume_sending(saved, owner)) return true;
    std::string action = saved.at("action");
    const bool edits = action == "create" || action == "edit" || action == "continue" ||
                       action == "approve" || action == "revise" || action == "resume" ||
                       action == "take-over" || action == came_back_action;
    if (edits && own_draft(owner.checked.digits) != 0)
        action = "continue";
    else if (action == "continue")
        action = "read";  // the draft was sent or discarded meanwhile
    try {
        open_panel(saved.at("id"), owner, action, true);
        return true;
    } catch (const Problem&) {
        return false;
    } catch (const PluginFailure& failure) {
        hub_.log().say(failure.what());
        return false;
    }
}

// Its change is on its way: the panel shows what was sent until that ends.
bool Session::resume_sending(const json& saved, OpenPatient& owner) {
    const std::uint64_t id = saved.at("id");
    const auto operation = std::find_if(operations_.begin(), operations_.end(),
                                        [&](const auto& one) { return one.second.panel == id; });
    if (operation == operations_.end()) return false;
    const auto kept = hub_.store().get({Drawer::outbox, author_, owner.checked.digits, operation->first});
    if (!kept) return false;
    const Change change = read_change(kept->body);
    const StateForm* form = state_form_of(change.intent);
    const plan::DataSet* data_set = form ? &form->form : hub_.catalogue().find(change.data_set);
    if (!data_set) return false;
    Panel one;
    one.id = id;
    one.patient = owner.id;
    one.digits = owner.checked.digits;
    one.action = saved.at("action");
    one.mode = mode_of(change);
    if (form) {
        one.title = form->title;
        one.mode_words = form->words;
        one.core = form->link_ids();
    }
    one.data_set = data_set;
    read_draft(change.draft, *data_set, one);
    one.resumed = true;
    one.operation = operation->second.id;
    Panel& opened = panels_[id] = std::move(one);
    apply_policy(opened, owner, opened.base_plan.has_value());
    return true;
}

}  // namespace careplug::engine
