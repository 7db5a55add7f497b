// The parts that sessions share, and the threads that wait so that no call has to:
//   clock   renews and ends sign-ins
//   install sees that something else was installed
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
#include "store/turns.h"
#include "system/confinement.h"
#include "system/installation.h"

namespace careplug::engine {

struct ChangeNotice;

class Engine : public Hub {
public:
    // In safe mode no plugin is loaded: the engine ended again and again, and a plugin may be the reason.
    // `jail`: the program of the jails, where the loader gives it. `replaced` is told, on a thread of the
    // engine, when another engine was installed in the place of this one.
    Engine(const wire::Hello& hello, package::Descriptor jail, std::function<void()> replaced);
    ~Engine() override;
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // Takes both descriptors whatever happens. `resumed`: of an engine that ended. Throws Problem.
    void open_session(const std::string& kind, const std::string& workstation, wire::Stream calls,
                      wire::Stream events, const wire::SessionResume* resumed = nullptr);

    // The other one does not start.
    void stay(const std::string& why);

    const EngineFacts& facts() const override { return facts_; }
    std::atomic<std::uint64_t>& calls() override { return calls_; }
    const Settings& settings() const override { return settings_; }
    const Catalogue& catalogue() const override { return catalogue_; }
    Store& store() override { return store_; }
    AuditLog& audit_log() override { return audit_log_; }
    bool first_to_tell_of_log() override { return !told_of_log_.exchange(true); }
    bool send_audit(Exchange& exchange) override;
    const Sealer& sealer() const override { return sealer_; }
    Log& log() override { return log_; }
    bool reachable() const override { return reachable_; }
    std::int64_t last_answer() const override { return last_answer_; }
    void poll_soon() override;
    void send_soon() override;
    void run(Job job) override;
    [[noreturn]] void make_way(const std::string& reason) override;

private:
    using Sessions = std::vector<std::shared_ptr<Session>>;
    Sessions sessions();
    void clock_loop();
    void install_loop();
    void look_at_itself();
    void poll_loop();
    void stream_loop();
    void send_loop();
    void work_loop();
    // What the stream said has changed: ids by type.
    struct Changed {
        std::set<std::string> plans, patients, responses, tasks;
    };
    bool look_after(Exchange& exchange, Session& session, bool everything, bool contacts,
                    const Changed& changed);
    void poll(Exchange& exchange, Session& session);
    void look_again(Exchange& exchange, Session& session, const std::string& type,
                    const std::set<std::string>& ids);
    // The numbers whose plans may be asked for.
    struct Asked {
        std::vector<std::string> numbers;
        std::vector<std::string> wanted;         // with the numbers that their people had before
        std::map<std::string, std::string> now;  // of those, the number of now
        std::string number_now(const std::string& number) const;
        std::string all_numbers() const;  // those wanted, for a search
    };
    Asked ask_persons(Exchange& exchange, Session& session, const Identity& identity,
                      const std::vector<std::string>& numbers);
    void ask_accepted(Exchange& exchange, Session& session, const Identity& identity, const Asked& asked);
    void ask_inbox(Exchange& exchange, Session& session, const Identity& identity);
    void ask_proposals(Exchange& exchange, Session& session, const Identity& identity, const Asked& asked);
    void ask_submissions(Exchange& exchange, Session& session, const Identity& identity, const Asked& asked);
    void ask(Exchange& exchange, Session& session, const Identity& identity,
             const std::vector<std::string>& numbers);
    void ask_some(Exchange& exchange, Session& session, const Identity& identity,
                  const std::vector<std::string>& numbers, int& halvings);
    void listen(const Identity& identity);
    void look_again(const ChangeNotice& notice);
    bool send_all(Exchange& exchange, bool told);
    void settle_elsewhere(Exchange& exchange, const Identity& identity, const std::vector<Kept>& outbox);
    bool told_exchange(Exchange& exchange);
    void claim_again(Exchange& exchange, const Identity& identity, Change& change);
    enum class Sent { settled, waits, nobody_answers };
    Sent send_one(Exchange& exchange, const std::shared_ptr<Session>& session, const Identity& identity,
                  Change change, std::int64_t queued);
    void come_back(const Identity& identity, const Change& change, SendResult& result, const Kept& outcome);
    void look_at_audit_log();
    void trim();
    void answered();
    void unreachable();
    bool wait(std::condition_variable& condition, bool& flag, int milliseconds);

    void prove(const std::vector<std::string>& kinds);

    const Settings settings_;
    const std::function<void()> replaced_;
    EngineFacts facts_;
    std::atomic<std::uint64_t> calls_ = 0;
    Log log_;
    const Sealer sealer_;
    Store store_;
    const Turns turns_;
    AuditLog audit_log_;
    std::atomic<bool> told_of_log_ = false;
    std::mutex sending_audit_;
    std::int64_t next_trim_ = 0;
    const Catalogue catalogue_;
    Installation installation_;
    InstalledPlugins plugins_;
    // After all that is read once, before the threads.
    const Confinement confinement_;
    const std::int64_t started_;
    std::int64_t looked_at_files_ = 0;

    std::mutex mutex_;
    Sessions sessions_;
    bool stopping_ = false;
    std::condition_variable poll_wanted_, send_wanted_, work_wanted_, stopped_;
    bool poll_flag_ = false;
    bool send_flag_ = false;
    std::atomic<bool> sending_ = false;
    bool poll_everything_ = false;
    std::set<std::string> changed_plans_;
    std::set<std::string> changed_patients_;
    std::set<std::string> changed_responses_;
    std::set<std::string> changed_tasks_;
    std::deque<Job> jobs_;
    std::atomic<bool> reachable_ = true;
    std::atomic<std::int64_t> last_answer_ = 0;
    Poco::Net::HTTPClientSession* streaming_ = nullptr;  // under mutex_, to end a read that waits
    std::vector<std::thread> threads_;
};

}  // namespace careplug::engine
