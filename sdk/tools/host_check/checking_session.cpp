#include "checking_session.h"

#include <stdlib.h>

#include <nlohmann/json.hpp>

namespace careplug::tools {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using wire::Call;
using wire::Frame;
using wire::Reply;

// Somebody whom no host of these days shows.
constexpr const char* stranger = "9990005095";
constexpr std::size_t most_text = 1U << 20;

json as_json(const wire::Argument& argument) {
    if (const auto* number = std::get_if<std::int64_t>(&argument)) return *number;
    if (const auto* handle = std::get_if<std::uint64_t>(&argument)) return *handle;
    if (const auto* text = std::get_if<std::string>(&argument)) return text->substr(0, most_text);
    const auto key = [](const careplug_patient_key& patient) {
        return json{{"number", text_of(patient.nhs_number, sizeof patient.nhs_number)},
                    {"born", text_of(patient.birth_date, sizeof patient.birth_date)},
                    {"status", patient.number_status}};
    };
    if (const auto* patient = std::get_if<careplug_patient_key>(&argument)) return key(*patient);
    json list = json::array();
    for (const auto& patient : std::get<wire::Patients>(argument)) list.push_back(key(patient));
    return list;
}

std::string digits(const careplug_patient_key& patient) {
    std::string text = text_of(patient.nhs_number, sizeof patient.nhs_number);
    std::erase(text, ' ');
    return text;
}

void refuse(Reply& reply, careplug_status status, const std::string& sentence) {
    reply.status = status;
    reply.problem = sentence;
    reply.created = 0;
    reply.result.reset();
}

}  // namespace

CheckingSession::CheckingSession(Play play, TimelineWriter& timeline, wire::Stream events)
    : play_(play), timeline_(timeline), post_(std::move(events)) {
    ask("identity");
    beat_ = std::jthread([this](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            beat();
            std::this_thread::sleep_for(50ms);
        }
    });
}

CheckingSession::~CheckingSession() {
    beat_.request_stop();
    beat_.join();
}

void CheckingSession::beat() {
    const std::lock_guard lock(table_lock_);
    if (table_) table_->table().beat(wire::boot_milliseconds());
}

void CheckingSession::take_table(const wire::Table& told, int descriptor) {
    const std::lock_guard lock(table_lock_);
    table_.reset();
    table_ = std::make_unique<wire::FlagMemory>(told, descriptor);
    write_flags(table_->table(), play_, watched_, revision_, signed_in_);
}

void CheckingSession::write_rows(std::uint32_t revision) {
    const std::lock_guard lock(table_lock_);
    if (table_) write_flags(table_->table(), play_, watched_, revision, signed_in_);
}

void CheckingSession::answer(const wire::Signature& signature, const wire::DecodedCall& call,
                             played::Outgoing& out) {
    std::unique_lock noting(answering_);
    if (!signed_in_ && (signature.call == Call::patient_open || signature.call == Call::actions))
        refuse(out.reply, CAREPLUG_REFUSED_SIGNED_OUT, "Nobody is signed in to the care plan service.");
    else
        act(signature.call, call, out.reply);
    json arguments = json::array();
    for (const auto& argument : call.arguments) arguments.push_back(as_json(argument));
    timeline_.write({{"asked", signature.name},
                     {"object", call.object},
                     {"arguments", std::move(arguments)},
                     {"status", out.reply.status},
                     {"created", out.reply.created}});
    noting.unlock();
    const bool late = play_ == Play::late_reply && signature.call == Call::actions;
    const bool ends = (play_ == Play::engine_ends && signature.call == Call::panel_open) ||
                      (play_ == Play::engine_ends_early && signature.call == Call::receipt);
    if (!ends && !late) return;
    timeline_.write({{"sent", engine_ends}});
    // Too late, it is ended by the loader.
    if (late) std::this_thread::sleep_for(1min);
    ::_exit(1);
}

void CheckingSession::act(Call call, const wire::DecodedCall& decoded, Reply& reply) {
    switch (call) {
        case Call::session_state:
            reply.result = session_state(play_, signed_in_);
            break;
        case Call::complete:
            complete(std::get<std::uint64_t>(decoded.arguments[0]),
                     std::get<std::int64_t>(decoded.arguments[1]), reply);
            break;
        case Call::watch:
            watch(std::get<wire::Patients>(decoded.arguments[0]));
            break;
        case Call::flag_details:
            reply.result = flag_details(play_, revision_);
            break;
        case Call::patient_open:
            open_patient(decoded, reply);
            break;
        case Call::patient_may_close:
        case Call::patient_close:
        case Call::actions:
        case Call::panel_open:
            if (patients_.count(decoded.object) == 0)
                refuse(reply, CAREPLUG_REFUSED_HANDLE, "This patient is closed.");
            else if (call == Call::actions)
                reply.result = plan_actions(play_);
            else if (call == Call::panel_open)
                open_panel(decoded, reply);
            else if (call == Call::patient_may_close)
                leave(decoded.object, reply);
            else
                patients_.erase(decoded.object);
            break;
        default:
            if (const auto found = panels_.find(decoded.object); found != panels_.end())
                with_panel(call, decoded, found->second, reply);
            break;
    }
}

void CheckingSession::watch(const wire::Patients& patients) {
    {
        const std::lock_guard lock(table_lock_);
        watched_ = patients;
    }
    // The rows are there before the reply.
    write_rows(revision_);
    if (play_ == Play::identity_again && signed_in_) ask("identity");
    if (play_ == Play::not_known)
        event(CAREPLUG_EVENT_EXCHANGE, 0, CAREPLUG_REFUSED_UNREACHABLE, "The exchange does not answer.");
    send_flags();
}

void CheckingSession::send_flags() {
    if (watched_.empty()) return;
    ++generation_;
    post_.act([this, revision = revision_] { write_rows(revision); });
    event(CAREPLUG_EVENT_FLAGS);
}

void CheckingSession::complete(std::uint64_t request, std::int64_t status, Reply& reply) {
    const auto found = requests_.find(request);
    if (found == requests_.end())
        return refuse(reply, CAREPLUG_REFUSED_HANDLE, "This request was not asked.");
    const auto [what, number] = found->second;
    requests_.erase(found);
    if (what == "identity") {
        signed_in_ = status == CAREPLUG_OK && play_ != Play::identity_refused;
        if (signed_in_) {
            event(CAREPLUG_EVENT_SESSION);
            send_flags();
        } else {
            event(CAREPLUG_EVENT_SESSION, 0, CAREPLUG_REFUSED_SIGNED_OUT,
                  "The care plan service does not accept this identity.");
        }
        if (signed_in_ && play_ == Play::unknown_values) event(99, 12345, 77, "What a later engine tells.");
    }
    if (what != "record") return;
    for (auto& [id, panel] : panels_) {
        if (panel.shown.nhs_number != number) continue;
        panel.shown.record = status == CAREPLUG_OK ? "arrived" : "refused";
        event(CAREPLUG_EVENT_PANEL, id);
    }
}

void CheckingSession::open_patient(const wire::DecodedCall& call, Reply& reply) {
    const auto& key = std::get<careplug_patient_key>(call.arguments[0]);
    if (play_ == Play::patient_refused)
        return refuse(
            reply, CAREPLUG_REFUSED_IDENTITY,
            "The date of birth differs from the one in the plan. Ask a clinician to confirm who this is.");
    patients_[reply.created] = key;
    if (play_ == Play::other_requests) {
        ask("record", stranger, "1951-02-03");
        ask("weather");
    }
    ask("record", digits(key), text_of(key.birth_date, sizeof key.birth_date));
}

void CheckingSession::leave(std::uint64_t patient, Reply& reply) {
    const bool draft = std::any_of(panels_.begin(), panels_.end(), [&](const auto& panel) {
        return panel.second.patient == patient && panel.second.draft;
    });
    if (play_ == Play::stay)
        refuse(reply, CAREPLUG_REFUSED_STAY, "A decision about CPR was changed and not yet published.");
    else if (queued_)
        reply.status = CAREPLUG_OK_QUEUED;
    else if (draft)
        reply.status = CAREPLUG_OK_DRAFT_KEPT;
}

void CheckingSession::open_panel(const wire::DecodedCall& call, Reply& reply) {
    const auto& action = std::get<std::string>(call.arguments[0]);
    const auto& key = patients_.at(call.object);
    Panel panel;
    panel.patient = call.object;
    panel.shown.nhs_number = digits(key);
    panel.shown.birth_date = text_of(key.birth_date, sizeof key.birth_date);
    panel.shown.mode = action == "read" ? "read" : action == "note" ? "note" : "edit";
    panel.shown.revision = revision_;
    const bool record_asked = std::any_of(requests_.begin(), requests_.end(), [&](const auto& request) {
        return request.second.first == "record" && request.second.second == panel.shown.nhs_number;
    });
    if (!record_asked) panel.shown.record = "arrived";
    panels_[reply.created] = panel;
    if (play_ != Play::plan_late) return;
    plan_is_here_ = false;
    post_.act([this] { plan_is_here_ = true; }, 500ms);
    event(CAREPLUG_EVENT_PANEL, reply.created);
}

void CheckingSession::with_panel(Call call, const wire::DecodedCall& decoded, Panel& panel, Reply& reply) {
    panel.shown.plan_arrived = plan_is_here_;
    switch (call) {
        case Call::panel_view:
            reply.result = panel_view(play_, panel.shown);
            if (play_ == Play::newer_plan && !std::exchange(panel.shown.newer, true))
                event(CAREPLUG_EVENT_PANEL, decoded.object);
            break;
        case Call::panel_form:
            reply.result = panel_form();
            break;
        case Call::panel_response:
            reply.result = panel_response();
            break;
        case Call::panel_summary:
            reply.result = plan_summary(play_);
            break;
        case Call::panel_update:
            if (!panel.shown.plan_arrived)
                return refuse(reply, CAREPLUG_REFUSED, "The plan is still on its way.");
            if (play_ == Play::disk_full)
                return refuse(reply, CAREPLUG_REFUSED_STORAGE,
                              "The disk of this computer is full: the answer was not kept.");
            if (panel.shown.conflict && panel.shown.resolved.empty())
                return refuse(reply, CAREPLUG_REFUSED_CONFLICT, "Decide between both versions first.");
            panel.draft = true;
            reply.result = panel_view(play_, panel.shown);
            break;
        case Call::panel_validate:
            reply.result = no_issues();
            break;
        case Call::panel_submit:
            submit(decoded.object, panel, reply);
            break;
        case Call::panel_resolve:
            panel.shown.resolved =
                std::get<std::int64_t>(decoded.arguments[1]) == CAREPLUG_KEEP_MINE ? "mine" : "theirs";
            reply.result = panel_view(play_, panel.shown);
            break;
        case Call::panel_discard:
            panel.draft = false;
            break;
        case Call::panel_close:
            panels_.erase(decoded.object);
            break;
        default:
            break;
    }
}

void CheckingSession::submit(std::uint64_t id, Panel& panel, Reply& reply) {
    if (panel.shown.conflict && panel.shown.resolved.empty())
        return refuse(reply, CAREPLUG_REFUSED_CONFLICT, "Decide between both versions first.");
    const auto tell = [&](std::int32_t state, careplug_status status, std::uint32_t revision) {
        wire::OperationState told;
        told.operation = reply.created;
        told.record.state = state;
        told.record.status = status;
        told.record.revision = revision;
        post_.send(Frame::operation, told, state == CAREPLUG_OPERATION_DONE ? 200ms : 0ms);
    };
    tell(CAREPLUG_OPERATION_QUEUED, CAREPLUG_OK, 0);
    if (play_ == Play::never_sent) {
        queued_ = true;
        return;
    }
    if (play_ == Play::conflict && !std::exchange(conflicted_, true)) {
        panel.shown.conflict = true;
        tell(CAREPLUG_OPERATION_DONE, CAREPLUG_REFUSED_CONFLICT, 0);
        event(CAREPLUG_EVENT_OPERATION, reply.created, CAREPLUG_REFUSED_CONFLICT,
              outcome("Someone else published this plan first.", 0));
        event(CAREPLUG_EVENT_PANEL, id);
        return;
    }
    panel.draft = false;
    panel.shown.conflict = false;
    panel.shown.revision = ++revision_;
    tell(CAREPLUG_OPERATION_DONE, CAREPLUG_OK, revision_);
    event(CAREPLUG_EVENT_OPERATION, reply.created, CAREPLUG_OK,
          outcome("Published: revision " + std::to_string(revision_) + ".", revision_));
    send_flags();
}

void CheckingSession::ask(const std::string& what, const std::string& nhs_number,
                          const std::string& birth_date) {
    json body = {{"request", what}};
    if (what == "identity") {
        body["audience"] = "careplug-exchange";
        body["expires_within_seconds"] = 300;
    }
    if (what == "record") body["patient"] = {{"nhs_number", nhs_number}, {"birth_date", birth_date}};
    requests_[++last_request_] = {what, nhs_number};
    timeline_.write({{"sent", "request"}, {"object", last_request_}, {"what", what}, {"number", nhs_number}});
    event(CAREPLUG_EVENT_REQUEST, last_request_, CAREPLUG_OK, body.dump());
}

void CheckingSession::event(std::int32_t kind, std::uint64_t subject, careplug_status status,
                            const std::string& body) {
    wire::Event sent;
    sent.kind = kind;
    sent.subject = subject;
    sent.status = status;
    sent.body = body;
    sent.generation = generation_;
    post_.act([this, kind, subject, status] {
        const std::lock_guard noting(answering_);
        timeline_.write({{"sent", "event"}, {"kind", kind}, {"object", subject}, {"status", status}});
    });
    post_.send(Frame::event, sent);
}

}  // namespace careplug::tools
