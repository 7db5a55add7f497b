// The parts that sessions share, and the threads that wait for the network so that no call has to:
//   clock   renews and ends sign-ins
//   poll    asks what is known of every patient that sessions show
//   stream  hears that something changed, and only says "look again"
//   send    empties the outbox in order
//   work    loads what opened records need
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "hub.h"
#include "plugins/installed_plugins.h"
#include "session/session.h"

namespace careplug::engine {

class Engine : public Hub {
public:
    // In safe mode no plugin is loaded: the engine ended again and again, and a plugin may be the reason.
    Engine(const std::string& settings_file, const std::string& host_name, bool safe_mode);
    ~Engine() override;
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // Takes both descriptors whatever happens. `resumed`: of an engine that ended. Throws Problem.
    void open_session(const std::string& kind, const std::string& workstation, wire::Stream calls,
                      wire::Stream events, const wire::SessionResume* resumed = nullptr);

    const Settings& settings() const override { return settings_; }
    const Catalogue& catalogue() const override { return catalogue_; }
    Store& store() override { return store_; }
    AuditLog& audit_log() override { return audit_log_; }
    void send_audit(Exchange& exchange) override;
    const Sealer& sealer() const override { return sealer_; }
    Log& log() override { return log_; }
    bool reachable() const override { return reachable_; }
    std::int64_t last_answer() const override { return last_answer_; }
    void poll_soon() override;
    void send_soon() override;
    void run(Job job) override;

private:
    using Sessions = std::vector<std::shared_ptr<Session>>;
    Sessions sessions();
    void clock_loop();
    void poll_loop();
    void stream_loop();
    void send_loop();
    void work_loop();
    bool look_after(Exchange& exchange, Session& session, bool everything, bool contacts,
                    const std::set<std::string>& plans, const std::set<std::string>& responses);
    void poll(Exchange& exchange, Session& session);
    void look_again(Exchange& exchange, Session& session, const std::string& type,
                    const std::set<std::string>& ids);
    void ask_submissions(Exchange& exchange, Session& session, const Identity& identity,
                         const std::vector<std::string>& numbers);
    void ask(Exchange& exchange, Session& session, const Identity& identity,
             const std::vector<std::string>& numbers);
    void ask_some(Exchange& exchange, Session& session, const Identity& identity,
                  const std::vector<std::string>& numbers, int& halvings);
    void listen(const Identity& identity);
    bool send_all(Exchange& exchange);
    bool send_one(Exchange& exchange, const std::shared_ptr<Session>& session, const Identity& identity,
                  const Kept& kept);
    void look_at_audit_log();
    void trim();
    void answered();
    void unreachable();
    bool wait(std::condition_variable& condition, bool& flag, int milliseconds);

    const Settings settings_;
    const bool safe_mode_;
    Log log_;
    const Sealer sealer_;
    Store store_;
    AuditLog audit_log_;
    std::int64_t next_trim_ = 0;
    const Catalogue catalogue_;
    InstalledPlugins plugins_;  // for the one thread that opens sessions

    std::mutex mutex_;
    Sessions sessions_;
    bool stopping_ = false;
    std::condition_variable poll_wanted_, send_wanted_, work_wanted_, stopped_;
    bool poll_flag_ = false;
    bool send_flag_ = false;
    bool poll_everything_ = false;
    std::set<std::string> changed_plans_;
    std::set<std::string> changed_responses_;
    bool contacts_changed_ = false;
    std::deque<Job> jobs_;
    std::atomic<bool> reachable_ = true;
    std::atomic<std::int64_t> last_answer_ = 0;
    Poco::Net::HTTPClientSession* streaming_ = nullptr;  // under mutex_, to end a read that waits
    std::vector<std::thread> threads_;
};

}  // namespace careplug::engine
