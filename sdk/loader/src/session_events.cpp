#include <algorithm>

#include "session.h"

namespace careplug::loader {
namespace {

// So that an engine that never stops sending cannot hold an instant call.
constexpr int frames_at_once = 512;

}  // namespace

void Session::drain() {
    bool cut = false;
    for (int frames = 0; !engine_gone_; ++frames) {
        if (frames == frames_at_once || queue_.full()) {
            cut = true;
            break;
        }
        wire::Message message;
        const wire::Outcome outcome = events_.receive_now(message);
        if (outcome == wire::Outcome::timeout) break;
        if (outcome != wire::Outcome::done || !take(message)) engine_lost();
    }
    wait_handle_.set(!queue_.empty() || cut);
}

bool Session::take(const wire::Message& message) {
    switch (static_cast<wire::Frame>(message.kind)) {
        case wire::Frame::event: {
            auto event = wire::decode_event(message.payload);
            if (!event) return false;
            // Nobody, or somebody else, is signed in: what was last shown is not for them.
            if (event->kind == CAREPLUG_EVENT_SESSION && event->status >= CAREPLUG_REFUSED)
                flags_.forget_former();
            // The stop of the engine is the loader's to tell.
            if (event->kind > CAREPLUG_EVENT_NONE && event->kind != CAREPLUG_EVENT_ENGINE)
                queue_.add(std::move(*event));
            return true;
        }
        case wire::Frame::operation: {
            const auto state = wire::decode_operation(message.payload);
            if (state && state->operation != 0) operations_[state->operation].record = state->record;
            return state.has_value();
        }
        default:
            return false;
    }
}

void Session::engine_lost() {
    if (engine_gone_.exchange(true)) return;
    wait_handle_.forget(events_);
    wire::Event event;
    event.kind = CAREPLUG_EVENT_ENGINE;
    event.status = CAREPLUG_FAILED_ENGINE;
    event.body = std::string(usual_sentence(CAREPLUG_FAILED_ENGINE));
    queue_.add(std::move(event));
    wait_handle_.set(true);
}

careplug_event Session::next_event() {
    const std::lock_guard lock(state_lock_);
    drain();
    careplug_event shown{};
    shown.size = sizeof shown;
    while (auto event = queue_.take())
        if (show(std::move(*event), shown)) break;
    // The handle stays readable while more waits, also what a full queue had kept out.
    drain();
    return shown;
}

bool Session::show(wire::Event&& from, careplug_event& to) {
    switch (from.kind) {
        case CAREPLUG_EVENT_REQUEST: {
            if (from.subject == 0 || requests_.contains(from.subject)) return false;
            auto request = std::make_shared<Request>(Request{shared_from_this(), from.subject});
            to.subject = requests_[from.subject] = handles().add(std::move(request));
            break;
        }
        case CAREPLUG_EVENT_PANEL: {
            const auto panel = panels_.find(from.subject);
            // Closed meanwhile: late answers are dropped.
            if (panel == panels_.end()) return false;
            to.subject = panel->second.handle;
            break;
        }
        case CAREPLUG_EVENT_OPERATION: {
            if (from.subject == 0) return false;
            to.subject = operation_handle_locked(from.subject);
            KnownOperation& known = operations_[from.subject];
            if (std::exchange(known.completed, true)) return false;
            if (known.record.state != CAREPLUG_OPERATION_DONE) {
                known.record.state = CAREPLUG_OPERATION_DONE;
                known.record.status = from.status;
            }
            break;
        }
        default:
            break;
    }
    to.kind = from.kind;
    to.status = from.status;
    to.generation = from.generation;
    to.time = from.time != 0 ? from.time : utc_milliseconds();
    if (!from.body.empty()) {
        auto body = std::make_shared<Result>();
        body->text = std::move(from.body);
        to.body = handles().add(std::move(body));
    }
    return true;
}

void Session::read_flags(const std::vector<careplug_patient_key>& patients,
                         std::vector<careplug_flags_record>& records) {
    const std::lock_guard lock(state_lock_);
    // The table knows it first; the host is told with the next event, or by this session's next call.
    if (!engine_gone_ && flags_.engine_gone()) drain();
    const Moment moment{wire::boot_milliseconds(), utc_milliseconds(), engine_gone_};
    records.reserve(patients.size());
    for (const auto& patient : patients) records.push_back(flags_.read(patient, moment));
}

std::size_t Session::unwatched(const std::vector<careplug_patient_key>& patients) {
    const std::lock_guard lock(state_lock_);
    return static_cast<std::size_t>(std::count_if(
        patients.begin(), patients.end(), [&](const auto& patient) { return !flags_.watched(patient); }));
}

careplug_word_record Session::word(std::uint32_t word) {
    const std::lock_guard lock(state_lock_);
    return flags_.word(word);
}

careplug_handle Session::operation_handle_locked(std::uint64_t id) {
    KnownOperation& known = operations_[id];
    if (known.handle == 0) {
        if (known.record.state == CAREPLUG_OPERATION_UNKNOWN) known.record.state = CAREPLUG_OPERATION_QUEUED;
        known.handle = handles().add(std::make_shared<Operation>(Operation{shared_from_this(), id}));
    }
    return known.handle;
}

careplug_handle Session::operation_handle(std::uint64_t id) {
    const std::lock_guard lock(state_lock_);
    return operation_handle_locked(id);
}

careplug_operation_record Session::operation(std::uint64_t id) {
    const std::lock_guard lock(state_lock_);
    const bool closed = state() == wire::State::session_closed;
    if (!closed) drain();
    careplug_operation_record record = operations_[id].record;
    record.size = sizeof record;
    // Nobody tells any more how it ends.
    if (record.state != CAREPLUG_OPERATION_DONE && (closed || engine_gone_))
        record.state = CAREPLUG_OPERATION_UNKNOWN;
    return record;
}

void Session::close(wire::Function by) {
    wire::Function open = wire::Function::none;
    closed_by_.compare_exchange_strong(open, by);
    calls_.shut_down();
    const std::lock_guard lock(state_lock_);
    events_.shut_down();
    for (const auto& [id, handle] : requests_) handles().remove(handle, by);
    for (const auto& [id, handle] : patients_) handles().remove(handle, by);
    for (const auto& [id, panel] : panels_) handles().remove(panel.handle, by);
    requests_.clear();
    patients_.clear();
    panels_.clear();
}

}  // namespace careplug::loader
