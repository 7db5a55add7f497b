// The jail of one plugin: started, asked one question at a time, and started again after a failure, each time
// after a longer rest, until it failed so often that it is left alone.
#pragma once

#include <careplug/wire/policy.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "plugins/jail_process.h"

namespace careplug::engine {

class Jail {
public:
    Jail(PluginFile file, JailOptions options);
    ~Jail();
    Jail(const Jail&) = delete;
    Jail& operator=(const Jail&) = delete;

    // Waits for the first start. Throws PluginFailure with the reason where it failed.
    void await_start();

    const std::string& name() const { return file_.name; }
    const PluginFacts& facts() const { return facts_; }
    const JailTimes& times() const { return options_.times; }
    bool ready() const;
    PluginStatus status() const;
    void say(const std::string& sentence) const;

    // The right to ask, for one thread at a time.
    class Turn {
    public:
        // Waits for others and for a start that is under way, until the deadline (boot_ms). A jail that rests
        // is not waited for: what hangs costs one deadline for each start, not for each call. Throws
        // PluginFailure.
        Turn(Jail& jail, std::int64_t deadline);
        ~Turn();
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

        // Another number: another process, which knows none of the policies opened before.
        std::uint64_t incarnation() const { return incarnation_; }

        struct Answer {
            std::int32_t status = 0;
            wire::Bytes payload;
            wire::View document;  // of the payload
        };
        // `what` names the question in sentences: "order flags".
        Answer ask(wire::PolicyCall call, const char* what, const wire::PolicyQuestion& question);
        void tell(wire::PolicyCall call, const wire::PolicyQuestion& question);

        // Gives this process up, for the reason "answered panel with ...". Always throws.
        [[noreturn]] void give_up(const std::string& reason, std::int64_t grace = 0);

    private:
        Jail& jail_;
        const std::int64_t deadline_;
        std::uint64_t incarnation_ = 0;
    };

private:
    using State = PluginStatus::State;
    void keep();
    std::unique_ptr<JailProcess> start();
    wire::Message first_word(JailProcess& process, std::int64_t deadline);
    void read_facts(wire::View document);
    // Under the lock.
    void failed(const std::string& sentence);
    std::string why_not() const;

    const PluginFile file_;
    const JailOptions options_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    State state_ = State::starting;
    bool stopping_ = false;
    bool taken_ = false;
    bool ever_ready_ = false;
    std::uint64_t incarnation_ = 0;
    std::uint64_t sequence_ = 0;
    std::unique_ptr<JailProcess> process_;  // touched by the keeper while starting, else by who has the turn
    PluginFacts facts_;                     // does not change once await_start returned
    std::string sandbox_;
    std::deque<std::int64_t> failures_;  // boot_ms, within the window
    std::int64_t next_start_ = 0;        // boot_ms
    std::uint64_t calls_ = 0;
    std::uint64_t starts_ = 0;
    std::uint64_t all_failures_ = 0;
    std::string last_failure_;
    std::int64_t last_failure_at_ = 0;
    std::thread keeper_;
};

}  // namespace careplug::engine
