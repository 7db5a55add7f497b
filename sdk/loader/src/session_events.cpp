#include <algorithm>

#include "session.h"

namespace careplug::loader {
namespace {

// So that an engine that never stops sending cannot hold an instant call.
constexpr int frames_at_once = 512;

}  // namespace

void Session::drain() {
    bool cut = false;
    for (int frames = 0; line_ && !engine_gone_; ++frames) {
        if (frames == frames_at_once || queue_.full()) {
            cut = true;
            break;
        }
        wire::Message message;
        const wire::Outcome outcome = line_->events.receive_now(message);
        if (outcome == wire::Outcome::timeout) break;
        if (outcome != wire::Outcome::done || !take(message)) engine_gone_ = true;
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
            // That it stopped is the loader's to tell; what it opened again, its own.
            const bool stop = event->kind == CAREPLUG_EVENT_ENGINE && event->status != CAREPLUG_OK;
            if (event->kind > CAREPLUG_EVENT_NONE && !stop) queue_.add(std::move(*event));
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

void Session::look() {
    supervisor_->attend();
    std::uint64_t lost = 0;
    {
        const std::lock_guard lock(state_lock_);
        drain();
        const bool ours = closed_by_ == wire::Function::none && line_;
        if (engine_gone_ && ours) lost = line_->engine;
    }
    // Whatever ended this session's sockets: an engine that dropped them serves nobody well.
    if (lost != 0) supervisor_->give_up(lost);
}

void Session::join_engine(wire::Stream calls, wire::Stream events, std::uint64_t engine) {
    const std::lock_guard lock(state_lock_);
    join(std::move(calls), std::move(events), engine);
}

void Session::join(wire::Stream calls, wire::Stream events, std::uint64_t engine) {
    line_ = std::make_shared<Line>();
    line_->calls = std::move(calls);
    line_->events = std::move(events);
    line_->engine = engine;
    wait_handle_.listen(line_->events);
    engine_gone_ = false;
}

Resumable::Standing Session::standing(std::uint64_t engine) {
    const std::lock_guard lock(state_lock_);
    if (closed_by_ != wire::Function::none || (line_ && line_->engine == engine)) return Standing::settled;
    const bool called = running_ != wire::Function::none || line_.use_count() > 1;
    return line_ && !engine_gone_ && called ? Standing::busy : Standing::movable;
}

std::optional<wire::SessionResume> Session::leave_engine(wire::Stream calls, wire::Stream events,
                                                         std::uint64_t engine) {
    const std::lock_guard lock(state_lock_);
    if (closed_by_ != wire::Function::none) return std::nullopt;
    if (line_) {
        // It made way: what it has said until now counts.
        drain();
        wait_handle_.forget(line_->events);
    }
    wire::SessionResume resume{host_kind_, workstation_, resume_, {}, watched_};
    for (const auto& [id, handle] : patients_) resume.open.push_back({id, id});
    for (const auto& [id, panel] : panels_) resume.open.push_back({id, panel.owner});
    // What the former engine asked, it asked for itself.
    for (const auto& [id, handle] : requests_)
        if (handle != 0) handles().remove(handle);
    requests_.clear();
    queue_.drop(CAREPLUG_EVENT_REQUEST);
    // Until the next one says what became of them.
    for (auto& [id, known] : operations_)
        if (known.record.state != CAREPLUG_OPERATION_DONE) known.record.state = CAREPLUG_OPERATION_UNKNOWN;
    trouble_.clear();
    join(std::move(calls), std::move(events), engine);
    hand_over_table();
    return resume;
}

void Session::without_engine(const std::string& sentence, careplug_status status) {
    const std::lock_guard lock(state_lock_);
    drain();
    engine_gone_ = true;
    if (line_) wait_handle_.forget(line_->events);
    line_.reset();
    if (closed_by_ != wire::Function::none) return;
    if (std::exchange(trouble_, sentence) == sentence) return;
    wire::Event event;
    event.kind = CAREPLUG_EVENT_ENGINE;
    event.status = status;
    event.body = sentence;
    queue_.add(std::move(event));
    wait_handle_.set(true);
}

careplug_event Session::next_event() {
    look();
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

FlagsReading::FlagsReading(Session& session) : lock_(session.state_lock_), table_(session.flags_) {
    // The table knows first that the engine is gone; otherwise memory alone is read.
    if (session.engine_gone_ || table_.engine_gone()) {
        lock_.unlock();
        session.look();
        lock_.lock();
    }
    moment_ = table_.moment(session.engine_gone_, wire::boot_milliseconds(), utc_milliseconds);
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
    const bool closed = state() == wire::State::session_closed;
    if (!closed) look();
    const std::lock_guard lock(state_lock_);
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
    const std::lock_guard lock(state_lock_);
    if (line_) {
        line_->calls.shut_down();
        line_->events.shut_down();
    }
    // A call that still waits on them holds them until it has returned.
    line_.reset();
    wait_handle_.close();
    flags_ = {};
    queue_ = {};
    watched_.clear();
    for (const auto& [id, handle] : requests_) handles().remove(handle, by);
    for (const auto& [id, handle] : patients_) handles().remove(handle, by);
    for (const auto& [id, panel] : panels_) handles().remove(panel.handle, by);
    requests_.clear();
    patients_.clear();
    panels_.clear();
}

}  // namespace careplug::loader
