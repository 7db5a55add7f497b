// Keeps an engine running: starts it, sees that it ended or hangs, starts another and gives it the sessions.
// An engine in whose place another was installed goes on until that one has proved that it starts
// (succession.cpp).
//
// There is no thread for this in the host's process: whoever calls `attend` moves it on, and it never waits
// there. The alarm is readable when there is something to do, so a host that waits for events wakes up.
#ifndef CAREPLUG_LOADER_SUPERVISOR_H
#define CAREPLUG_LOADER_SUPERVISOR_H

#include <careplug/wire/messages.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "answer.h"
#include "platform.h"

namespace careplug::loader {

// What a supervised session offers.
class Resumable {
public:
    virtual ~Resumable() = default;
    // Its former engine is gone: what it needs of the next one, whose sockets it gets. Nothing once it was
    // closed.
    virtual std::optional<wire::SessionResume> leave_engine(wire::Stream calls, wire::Stream events,
                                                            std::uint64_t engine) = 0;
    virtual const std::string& host_kind() const = 0;
    // Whether this engine serves it, or may: not while a call of the host waits for another engine's answer.
    enum class Standing { settled, busy, movable };
    virtual Standing standing(std::uint64_t engine) = 0;
    // No engine serves it: until the next one, with this sentence.
    virtual void without_engine(const std::string& sentence, careplug_status status) = 0;
};

class Supervisor {
public:
    // Starts the first engine and waits for its answer. An engine that refuses is not started again.
    Answer start(std::string host_name, std::string settings);
    // Waits for the engine's answer. `engine` is the number of the engine that took it.
    Answer open_session(std::string_view host_kind, std::string_view workstation, const wire::Stream& calls,
                        const wire::Stream& events, std::uint64_t& engine);
    void supervise(std::weak_ptr<Resumable> session);

    void attend();
    // This engine hangs or breaks the protocol: it is ended, unless another runs already.
    void give_up(std::uint64_t engine);
    // Ends a call that waits for an answer, and the engine. For good.
    void close();

    // A wait handle that is readable too when there is something to do here.
    bool wakes(WaitHandle& handle);

private:
    enum class Phase { pausing, greeting, running, closed };

    // Of an engine, or of the one that is to take over from the one that runs.
    std::string spawn(bool upgrade);
    std::shared_ptr<const Programs> programs_for_restart() const;
    void succeed();
    void greet_successor();
    void refuse_successor(const std::string& why);
    void take_over();
    void move_sessions();
    void see_off();
    void set_alarm();
    void greet();
    bool resume_sessions();
    void take_answers();
    void lose(const std::string& sentence);
    Answer wait_for(std::uint32_t kind, std::uint64_t sequence, std::int64_t deadline,
                    wire::Message& message);
    bool settle(const wire::Message& message);

    std::mutex mutex_;
    std::string host_name_;
    std::string settings_;
    Alarm alarm_;
    EngineProcess process_;
    std::shared_ptr<const Programs> tried_;   // started last, and not accepted yet
    std::shared_ptr<const Programs> proven_;  // the last that accepted: what runs, or ran
    std::shared_ptr<const Programs> unfit_;   // started last, and did not accept
    wire::Stream control_;
    std::uint64_t sequence_ = 0;
    std::uint64_t engine_ = 0;  // counts
    Phase phase_ = Phase::pausing;
    std::int64_t moment_ = 0;  // of the next start, or when the greeting is overdue
    std::int64_t started_ = 0;
    int failures_ = 0;  // in a row
    std::uint32_t restarts_ = 0;
    std::uint32_t upgrades_ = 0;
    std::string trouble_;
    bool offered_ = false;    // another engine was installed
    wire::Stream successor_;  // control of the one that has still to prove itself
    std::uint64_t successor_hello_ = 0;
    std::int64_t successor_until_ = 0;
    wire::Stream former_;            // control of the one that made way, until it ended
    std::int64_t former_until_ = 0;  // 0: it still serves
    bool moving_ = false;            // a session may be with another engine than the present one
    std::vector<std::weak_ptr<Resumable>> sessions_;
    std::map<std::uint64_t, std::weak_ptr<Resumable>> resuming_;  // by sequence
    std::int64_t resume_until_ = 0;
    std::atomic<std::uint64_t> given_up_ = 0;
    std::atomic<bool> closing_ = false;
};

}  // namespace careplug::loader

#endif
