#include <algorithm>

#include "session.h"

namespace careplug::loader {
namespace {

constexpr std::int64_t local_milliseconds = 2000;
constexpr std::int64_t switch_milliseconds = 1000;

Answer too_late() {
    return refusal(CAREPLUG_REFUSED_TIMEOUT, std::string(usual_sentence(CAREPLUG_REFUSED_TIMEOUT)),
                   "no reply from the engine within the deadline");
}

}  // namespace

Answer Session::lose_engine(std::string detail) {
    const std::lock_guard lock(state_lock_);
    engine_lost();
    return engine_gone(std::move(detail));
}

Answer Session::call(wire::Call call, const wire::Bytes& payload) {
    if (engine_gone_) return engine_gone("the engine ended earlier");
    const bool switching = wire::signature(call).deadline == wire::Deadline::switching;
    const std::int64_t deadline =
        wire::boot_milliseconds() + (switching ? switch_milliseconds : local_milliseconds);
    settle_late_replies(deadline);
    const std::uint64_t sequence = ++sequence_;
    switch (calls_.send(wire::kind_of(call), sequence, payload, deadline)) {
        case wire::Outcome::done:
            break;
        case wire::Outcome::timeout:
            return too_late();
        case wire::Outcome::malformed:
            return refusal(CAREPLUG_REFUSED_ARGUMENT, "This is larger than Careplug takes in one request.",
                           "the call has more than 32 MiB");
        case wire::Outcome::ended:
            return lose_engine("the engine closed the socket of calls");
    }
    return await_reply(wire::signature(call), sequence, deadline);
}

Answer Session::await_reply(const wire::Signature& asked, std::uint64_t sequence, std::int64_t deadline) {
    for (;;) {
        wire::Message message;
        const wire::Outcome outcome = calls_.receive_now(message);
        if (outcome == wire::Outcome::ended) return lose_engine("the engine ended during a call");
        if (outcome == wire::Outcome::malformed) return lose_engine("the engine sent a malformed frame");
        if (outcome == wire::Outcome::done) {
            if (message.kind != wire::kind_of(wire::Frame::reply) || message.sequence > sequence)
                return lose_engine("the engine sent a frame that is no reply");
            if (message.sequence == sequence) return accept(asked, message);
            const auto late = given_up_.extract(message.sequence);
            const auto reply = wire::decode_reply(message.payload);
            if (!late.empty() && reply && reply->created != 0)
                unwanted_.emplace_back(late.mapped(), reply->created);
            continue;
        }
        bool more = false;
        {
            const std::lock_guard lock(state_lock_);
            drain();
            more = !queue_.full() && !engine_gone_;
        }
        if (wire::boot_milliseconds() >= deadline) {
            if (wire::has(asked, wire::Parameter::created)) given_up_[sequence] = asked.call;
            return too_late();
        }
        wait_for_bytes(calls_, more ? &events_ : nullptr, deadline);
    }
}

// A patient or panel that was opened after the host had been told that it was not: nobody can close it but
// we.
void Session::settle_late_replies(std::int64_t deadline) {
    for (const auto& [call, id] : std::exchange(unwanted_, {})) {
        if (call == wire::Call::patient_open)
            calls_.send(wire::kind_of(wire::Call::patient_close), ++sequence_,
                        wire::encode<wire::Call::patient_close>(id), deadline);
        if (call == wire::Call::panel_open)
            calls_.send(wire::kind_of(wire::Call::panel_close), ++sequence_,
                        wire::encode<wire::Call::panel_close>(id), deadline);
    }
}

Answer Session::accept(const wire::Signature& asked, const wire::Message& message) {
    auto reply = wire::decode_reply(message.payload);
    const bool done = reply && reply->status >= 0 && reply->status < CAREPLUG_REFUSED;
    const bool lacks =
        done &&
        ((wire::has(asked, wire::Parameter::created) && reply->created == 0) ||
         (wire::has(asked, wire::Parameter::result) && !reply->result && reply->status != CAREPLUG_OK_NONE));
    if (!reply || reply->status < 0 || lacks)
        return lose_engine("the engine's reply to " + std::string(asked.name) + " breaks the protocol");
    Answer answer;
    answer.status = reply->status;
    answer.problem = std::move(reply->problem);
    answer.detail = std::move(reply->detail);
    answer.created = reply->created;
    if (wire::has(asked, wire::Parameter::result)) answer.result = std::move(reply->result);
    return answer;
}

Answer Session::watch(const std::vector<careplug_patient_key>& patients) {
    if (table_unsure_ || !flags_.has_room_for(patients.size()))
        if (Answer given = give_table(patients.size(), FlagTable::After::growth);
            given.status >= CAREPLUG_REFUSED)
            return given;
    Answer answer = call(wire::Call::watch, wire::encode<wire::Call::watch>(0, patients));
    const std::lock_guard lock(state_lock_);
    if (answer.status < CAREPLUG_REFUSED) flags_.forget_former();
    return answer;
}

Answer Session::give_table(std::size_t patients, FlagTable::After after) {
    static constexpr wire::Signature asked{wire::Call::none, wire::Function::none, "the flag table"};
    if (engine_gone_) return engine_gone("the engine ended earlier");
    auto fresh = flags_.make(patients);
    if (!fresh)
        return refusal(CAREPLUG_REFUSED, "This program has too little memory or too many files open.",
                       "memfd_create, posix_fallocate or mmap failed");
    const int descriptor[] = {fresh->memory.descriptor()};
    const std::int64_t deadline = wire::boot_milliseconds() + local_milliseconds;
    const std::uint64_t sequence = ++sequence_;
    table_unsure_ = true;
    const wire::Outcome sent = calls_.send(wire::kind_of(wire::Frame::table), sequence,
                                           wire::encode(fresh->told), deadline, descriptor);
    if (sent == wire::Outcome::timeout) return too_late();
    if (sent != wire::Outcome::done) return lose_engine("the engine closed the socket of calls");
    Answer answer = await_reply(asked, sequence, deadline);
    if (answer.status >= CAREPLUG_REFUSED) return answer;
    table_unsure_ = false;
    const std::lock_guard lock(state_lock_);
    flags_.use(std::move(*fresh), after, wire::boot_milliseconds());
    return answer;
}

careplug_handle Session::add_patient(std::uint64_t id) {
    const std::lock_guard lock(state_lock_);
    if (patients_.contains(id)) return 0;
    auto patient = std::make_shared<Patient>(Patient{shared_from_this(), id});
    return patients_[id] = handles().add(std::move(patient));
}

careplug_handle Session::add_panel(careplug_handle patient, std::uint64_t id) {
    const std::lock_guard lock(state_lock_);
    if (panels_.contains(id)) return 0;
    auto panel = std::make_shared<Panel>(Panel{shared_from_this(), id});
    const careplug_handle handle = handles().add(std::move(panel));
    panels_[id] = {handle, patient};
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
