#include <careplug/controls/controls.h>

#include <algorithm>

#include "session.h"

namespace careplug::loader {
namespace {

constexpr std::int64_t local_milliseconds = 2000;
constexpr std::int64_t switch_milliseconds = 1000;
// A frame for an engine that has just been given an empty socket.
constexpr std::int64_t first_milliseconds = 200;

constexpr wire::Signature flag_table{wire::Call::none, wire::Function::none, "the flag table"};

}  // namespace

Answer Session::gone(std::string detail) {
    Answer answer = engine_gone(std::move(detail));
    const std::lock_guard lock(state_lock_);
    if (!trouble_.empty()) answer.problem = trouble_;
    return answer;
}

// It hangs, or what it sent cannot be trusted: another takes its place.
Answer Session::end_engine(const Line& line, Answer answer) {
    {
        const std::lock_guard lock(state_lock_);
        if (line_.get() == &line) engine_gone_ = true;
    }
    supervisor_->give_up(line.engine);
    return answer;
}

std::shared_ptr<Session::Line> Session::line() {
    const std::lock_guard lock(state_lock_);
    return engine_gone_ ? nullptr : line_;
}

Answer Session::lose_engine(std::string detail) {
    const auto served = line();
    return served ? end_engine(*served, engine_gone(std::move(detail))) : gone(std::move(detail));
}

Answer Session::call(wire::Call call, const wire::Bytes& payload, std::uint64_t patient) {
    const auto served = line();
    if (!served) return gone("the engine ended earlier");
    return exchange(*served, {wire::signature(call), patient}, wire::kind_of(call), payload);
}

Answer Session::exchange(Line& line, const Asked& asked, std::uint32_t frame, wire::View payload,
                         std::span<const int> descriptors) {
    const bool switching = asked.signature.deadline == wire::Deadline::switching;
    const std::int64_t deadline =
        wire::boot_milliseconds() + (switching ? switch_milliseconds : local_milliseconds);
    switch (line.calls.send(frame, ++line.sequence, payload, deadline, descriptors)) {
        case wire::Outcome::done:
            break;
        case wire::Outcome::timeout:
            return end_engine(line, refusal(CAREPLUG_REFUSED_TIMEOUT, {}, "the engine reads no calls"));
        case wire::Outcome::malformed:
            return refusal(CAREPLUG_REFUSED_ARGUMENT, "This is larger than Careplug takes in one request.",
                           "the call has more than 32 MiB");
        case wire::Outcome::ended:
            return end_engine(line, engine_gone("the engine closed the socket of calls"));
    }
    return await_reply(line, asked, deadline);
}

Answer Session::await_reply(Line& line, const Asked& asked, std::int64_t deadline) {
    for (;;) {
        wire::Message message;
        const wire::Outcome outcome = line.calls.receive_now(message);
        if (outcome == wire::Outcome::ended)
            return end_engine(line, engine_gone("the engine ended during a call"));
        if (outcome == wire::Outcome::malformed)
            return end_engine(line, engine_gone("the engine sent a malformed frame"));
        if (outcome == wire::Outcome::done) {
            const bool reply = message.kind == wire::kind_of(wire::Frame::reply);
            if (reply && message.sequence == line.sequence) return accept(line, asked, message);
            if (!reply || message.sequence != std::exchange(line.table, 0))
                return end_engine(line, engine_gone("the engine sent a frame that is no reply"));
            if (Answer taken = accept(line, {flag_table}, message); taken.status >= CAREPLUG_REFUSED)
                return end_engine(line, engine_gone("the engine does not take the flag table"));
            continue;
        }
        bool more = false;
        {
            const std::lock_guard lock(state_lock_);
            drain();
            more = !queue_.full() && !engine_gone_;
        }
        if (wire::boot_milliseconds() >= deadline)
            return end_engine(
                line, refusal(CAREPLUG_REFUSED_TIMEOUT, {}, "no reply from the engine within the deadline"));
        wait_for_bytes(line.calls, more ? &line.events : nullptr, deadline);
    }
}

// Whether it says whose it is as it must. An answer for another patient must reach nobody (hazard H1).
bool Session::of_the_right_patient(const Asked& asked, const wire::Reply& reply) {
    const bool opened = asked.signature.call == wire::Call::patient_open;
    const std::uint64_t right = opened ? reply.created : asked.patient;
    if (right == 0) return true;
    const bool says_something = reply.result || (reply.status < CAREPLUG_REFUSED && reply.created != 0);
    return reply.patient == right || (reply.patient == 0 && !says_something);
}

Answer Session::accept(Line& line, const Asked& asked, const wire::Message& message) {
    auto reply = wire::decode_reply(message.payload);
    const bool done = reply && reply->status >= 0 && reply->status < CAREPLUG_REFUSED;
    const bool creates = wire::has(asked.signature, wire::Parameter::created);
    const bool results = wire::has(asked.signature, wire::Parameter::result);
    const bool lacks = done && ((creates && reply->created == 0) ||
                                (results && !reply->result && reply->status != CAREPLUG_OK_NONE));
    const std::string name(asked.signature.name);
    if (!reply || reply->status < 0 || lacks)
        return end_engine(line, engine_gone("the engine's reply to " + name + " breaks the protocol"));
    if (!of_the_right_patient(asked, *reply) && control::on("H1.whose-answer"))
        return end_engine(line, engine_gone("the engine's reply to " + name + " is another patient's"));
    if (!reply->resume.empty()) {
        const std::lock_guard lock(state_lock_);
        resume_ = std::move(reply->resume);
    }
    Answer answer;
    answer.status = reply->status;
    answer.problem = std::move(reply->problem);
    answer.detail = std::move(reply->detail);
    answer.created = reply->created;
    if (results) answer.result = std::move(reply->result);
    return answer;
}

Answer Session::watch(const std::vector<careplug_patient_key>& patients) {
    bool room = false;
    {
        const std::lock_guard lock(state_lock_);
        room = flags_.has_room_for(patients.size());
    }
    if (!room)
        if (Answer given = give_table(patients.size()); given.status >= CAREPLUG_REFUSED) return given;
    Answer answer = call(wire::Call::watch, wire::encode<wire::Call::watch>(0, patients));
    if (answer.status >= CAREPLUG_REFUSED) return answer;
    const std::lock_guard lock(state_lock_);
    flags_.forget_former();
    watched_ = patients;
    return answer;
}

Answer Session::give_table(std::size_t patients) {
    const auto served = line();
    if (!served) return gone("the engine ended earlier");
    std::optional<FlagTable::Fresh> fresh;
    {
        const std::lock_guard lock(state_lock_);
        fresh = flags_.make(patients);
    }
    if (!fresh)
        return refusal(CAREPLUG_REFUSED, "This program has too little memory or too many files open.",
                       "memfd_create, posix_fallocate or mmap failed");
    const int descriptor[] = {fresh->memory.descriptor()};
    Answer answer = exchange(*served, {flag_table}, wire::kind_of(wire::Frame::table),
                             wire::encode(fresh->told), descriptor);
    if (answer.status >= CAREPLUG_REFUSED) return answer;
    const std::lock_guard lock(state_lock_);
    // The loader may have been closed meanwhile.
    if (closed_by_ == wire::Function::none)
        flags_.use(std::move(*fresh), FlagTable::After::growth, wire::boot_milliseconds());
    return answer;
}

// To an engine that took over. It answers when it comes to it: nobody may wait here.
void Session::hand_over_table() {
    auto fresh = flags_.make(watched_.size());
    if (!fresh) return;
    const int descriptor[] = {fresh->memory.descriptor()};
    line_->table = ++line_->sequence;
    line_->calls.send(wire::kind_of(wire::Frame::table), line_->table, wire::encode(fresh->told),
                      wire::boot_milliseconds() + first_milliseconds, descriptor);
    flags_.use(std::move(*fresh), FlagTable::After::restart, wire::boot_milliseconds());
}

careplug_handle Session::add_patient(std::uint64_t id) {
    const std::lock_guard lock(state_lock_);
    if (patients_.contains(id)) return 0;
    auto patient = std::make_shared<Patient>(Patient{shared_from_this(), id});
    return patients_[id] = handles().add(std::move(patient));
}

careplug_handle Session::add_panel(careplug_handle patient, const Patient& owner, std::uint64_t id) {
    const std::lock_guard lock(state_lock_);
    if (panels_.contains(id)) return 0;
    auto panel = std::make_shared<Panel>(Panel{shared_from_this(), id, owner.id});
    const careplug_handle handle = handles().add(std::move(panel));
    panels_[id] = {handle, patient, owner.id};
    return handle;
}

void Session::close_patient(careplug_handle patient, wire::Function by) {
    const std::lock_guard lock(state_lock_);
    std::erase_if(panels_, [&](const auto& panel) {
        if (panel.second.patient != patient) return false;
        handles().remove(panel.second.handle, by);
        return true;
    });
    std::erase_if(patients_, [&](const auto& open) { return open.second == patient; });
    handles().remove(patient, by);
}

void Session::close_panel(careplug_handle panel, wire::Function by) {
    const std::lock_guard lock(state_lock_);
    std::erase_if(panels_, [&](const auto& open) { return open.second.handle == panel; });
    handles().remove(panel, by);
}

void Session::answered(std::uint64_t request) {
    const std::lock_guard lock(state_lock_);
    const auto found = requests_.find(request);
    if (found == requests_.end()) return;
    handles().remove(found->second, wire::Function::complete);
    // Kept as 0: an event that repeats the id is not shown again.
    found->second = 0;
}

}  // namespace careplug::loader
