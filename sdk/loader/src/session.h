// One session: its two sockets to the engine, the events that wait for the host, its flags, and what is open
// in it. Handles outlive the engine: a new one gives patients, panels and operations their former ids.
//
// Two locks. The turn is held through one call and never waited for (REFUSED_BUSY). The state lock is
// held for moments only, so that instant functions never wait for the engine. Order: turn, the supervisor's,
// state, handle table.
#ifndef CAREPLUG_LOADER_SESSION_H
#define CAREPLUG_LOADER_SESSION_H

#include <careplug/wire/calls.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "answer.h"
#include "event_queue.h"
#include "flag_table.h"
#include "platform.h"
#include "supervisor.h"

namespace careplug::loader {

class Session;

struct Request {
    static constexpr Kind kind = Kind::request;
    std::shared_ptr<Session> session;
    std::uint64_t id = 0;
};
struct Patient {
    static constexpr Kind kind = Kind::patient;
    std::shared_ptr<Session> session;
    std::uint64_t id = 0;
};
struct Panel {
    static constexpr Kind kind = Kind::panel;
    std::shared_ptr<Session> session;
    std::uint64_t id = 0;
    std::uint64_t patient = 0;  // the id of whose it is
};
struct Operation {
    static constexpr Kind kind = Kind::operation;
    std::shared_ptr<Session> session;
    std::uint64_t id = 0;
};

// The one call of a session, until it is destroyed.
class Turn {
public:
    explicit Turn(Session* session) : session_(session) {}
    Turn(Turn&& from) noexcept : session_(std::exchange(from.session_, nullptr)) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn();
    explicit operator bool() const { return session_ != nullptr; }

private:
    Session* session_;
};

class Session : public Resumable, public std::enable_shared_from_this<Session> {
public:
    static constexpr Kind kind = Kind::session;

    Session(careplug_handle loader, std::shared_ptr<Supervisor> supervisor, std::string_view host_kind,
            std::string_view workstation)
        : loader_(loader),
          supervisor_(std::move(supervisor)),
          host_kind_(host_kind),
          workstation_(workstation) {}
    careplug_handle loader() const { return loader_; }
    bool open() { return supervisor_->wakes(wait_handle_); }

    // ---- the engine that serves it
    void join_engine(wire::Stream calls, wire::Stream events, std::uint64_t engine);
    std::optional<wire::SessionResume> leave_engine(wire::Stream calls, wire::Stream events,
                                                    std::uint64_t engine) override;
    void without_engine(const std::string& sentence, careplug_status status) override;
    const std::string& host_kind() const override { return host_kind_; }
    Standing standing(std::uint64_t engine) override;
    Answer gone(std::string detail);
    // Moves the supervisor on, and takes what has arrived.
    void look();

    // ---- one call at a time: hold the lock
    // Null where another call runs.
    Turn take_turn(wire::Function function) {
        wire::Function free = wire::Function::none;
        const bool taken = running_.compare_exchange_strong(free, function, std::memory_order_acquire);
        return Turn(taken ? this : nullptr);
    }
    wire::Function running() const { return running_; }
    // `patient`: whose answer it must be; 0: nobody's in particular.
    Answer call(wire::Call call, const wire::Bytes& payload, std::uint64_t patient = 0);
    // What it sent cannot be trusted: another takes its place.
    Answer lose_engine(std::string detail);
    Answer watch(const std::vector<careplug_patient_key>& patients);
    // Makes a table with room for so many patients and has the engine write into it.
    Answer give_table(std::size_t patients);
    careplug_handle add_patient(std::uint64_t id);
    careplug_handle add_panel(careplug_handle patient, const Patient& owner, std::uint64_t id);
    careplug_handle operation_handle(std::uint64_t id);
    // `by`: none where the engine had closed it.
    void close_patient(careplug_handle patient, wire::Function by);
    void close_panel(careplug_handle panel, wire::Function by);
    void answered(std::uint64_t request);

    // ---- any thread
    // Ends both sockets, which ends a call that waits, and releases every handle of the session but
    // operations. An operation that the host keeps says what was known of it, and holds nothing of the
    // system.
    void close(wire::Function by);
    // Whether somebody is signed in is the engine's to know.
    wire::State state() const {
        if (closed_by_ != wire::Function::none) return wire::State::session_closed;
        return engine_gone_ ? wire::State::session_stopped : wire::State::session_signed_in;
    }
    wire::Function closed_by() const { return closed_by_; }
    // -1 once it is closed.
    std::int64_t wait_handle() {
        const std::lock_guard lock(state_lock_);
        return wait_handle_.value();
    }
    careplug_event next_event();
    careplug_word_record word(std::uint32_t word);
    careplug_operation_record operation(std::uint64_t id);

private:
    friend class Turn;
    friend class FlagsReading;
    struct OpenPanel {
        careplug_handle handle = 0;
        careplug_handle patient = 0;
        std::uint64_t owner = 0;  // the patient's id
    };
    struct KnownOperation {
        careplug_handle handle = 0;  // 0 until the host was told of it
        careplug_operation_record record{};
        bool completed = false;  // its event was given
    };

    // The sockets to one engine. A call keeps its own, whatever comes after it.
    struct Line {
        wire::Stream calls;
        wire::Stream events;
        std::uint64_t sequence = 0;
        std::uint64_t engine = 0;
        std::uint64_t table = 0;  // of the first table, whose reply nobody has waited for
    };
    std::shared_ptr<Line> line();
    // What was asked, and whose answer it must be.
    struct Asked {
        const wire::Signature& signature;
        std::uint64_t patient = 0;
    };
    Answer exchange(Line& line, const Asked& asked, std::uint32_t frame, wire::View payload,
                    std::span<const int> descriptors = {});
    Answer await_reply(Line& line, const Asked& asked, std::int64_t deadline);
    Answer accept(Line& line, const Asked& asked, const wire::Message& message);
    static bool of_the_right_patient(const Asked& asked, const wire::Reply& reply);
    Answer end_engine(const Line& line, Answer answer);

    // With the state lock.
    void join(wire::Stream calls, wire::Stream events, std::uint64_t engine);
    void hand_over_table();
    void drain();
    bool take(const wire::Message& message);
    bool show(wire::Event&& from, careplug_event& to);
    careplug_handle operation_handle_locked(std::uint64_t id);

    const careplug_handle loader_;
    const std::shared_ptr<Supervisor> supervisor_;
    const std::string host_kind_;
    const std::string workstation_;
    std::atomic<wire::Function> running_ = wire::Function::none;

    std::mutex state_lock_;
    std::shared_ptr<Line> line_;  // none while no engine serves it
    std::string resume_;
    std::vector<careplug_patient_key> watched_;
    std::string trouble_;  // why no engine serves it, as the host was told; empty while one does
    WaitHandle wait_handle_;
    EventQueue queue_;
    FlagTable flags_;
    std::map<std::uint64_t, careplug_handle> requests_;
    std::map<std::uint64_t, careplug_handle> patients_;
    std::map<std::uint64_t, OpenPanel> panels_;
    std::map<std::uint64_t, KnownOperation> operations_;

    std::atomic<bool> engine_gone_ = false;
    std::atomic<wire::Function> closed_by_ = wire::Function::none;
};

// Flags of one moment.
class FlagsReading {
public:
    explicit FlagsReading(Session& session);
    void read(const careplug_patient_key& patient, careplug_flags_record& record) const {
        table_.read(patient, moment_, record);
    }
    bool watched(const careplug_patient_key& patient) const { return table_.watched(patient); }

private:
    std::unique_lock<std::mutex> lock_;
    const FlagTable& table_;
    Moment moment_;
};

inline Turn::~Turn() {
    if (session_) session_->running_.store(wire::Function::none, std::memory_order_release);
}

}  // namespace careplug::loader

#endif
