#include "engine.h"

#include <Poco/Net/HTTPClientSession.h>
#include <careplug/controls/controls.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sending/sender.h"
#include "system/no_memory.h"
#include "system/times.h"

namespace careplug::engine {
namespace {

using nlohmann::json;

constexpr std::int64_t poll_every_ms = 20 * 1000;
// A host asks for the outcome of its operations as soon as its engine runs again.
constexpr std::int64_t outcome_kept_ms = std::int64_t{7} * 24 * 3600 * 1000;
constexpr std::int64_t trim_every_ms = 3600 * 1000;

}  // namespace

Engine::Engine(const wire::Hello& hello, package::Descriptor jail, std::function<void()> replaced)
    : settings_(read_settings(hello.settings)),
      replaced_(std::move(replaced)),
      facts_{now_ms(), hello.restarts, hello.upgrades, hello.upgrade, hello.safe_mode, {}, {}},
      log_(settings_.log),
      sealer_(settings_.key),
      store_(settings_.store, sealer_),
      turns_(settings_.store, sealer_),
      audit_log_(settings_.store, sealer_),
      catalogue_(settings_.datasets),
      installation_(std::move(jail)),
      plugins_(settings_, log_, installation_.jail_program()),
      confinement_(settings_, installation_.jail_program()),
      started_(boot_ms()) {
    log_.say("started for " + hello.host_name + (facts_.safe_mode ? ", in safe mode: without plugins" : "") +
             (facts_.upgrade ? ", to take over from the engine that runs" : ""));
    look_at_audit_log();
    trim();
    facts_.sandbox = confinement_.sentence();
    log_.say("confined: " + facts_.sandbox);
    if (facts_.upgrade && control::on("H16.successor-starts")) prove(hello.kinds);
    threads_.emplace_back([this] { clock_loop(); });
    threads_.emplace_back([this] { install_loop(); });
    threads_.emplace_back([this] { poll_loop(); });
    threads_.emplace_back([this] { stream_loop(); });
    threads_.emplace_back([this] { send_loop(); });
    threads_.emplace_back([this] { work_loop(); });
}

Engine::~Engine() {
    Sessions open;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        open.swap(sessions_);
        if (streaming_) streaming_->abort();
    }
    for (auto* condition : {&poll_wanted_, &send_wanted_, &work_wanted_, &stopped_}) condition->notify_all();
    for (const auto& session : open) session->stop();
    for (auto& thread : threads_) thread.join();
}

void Engine::open_session(const std::string& kind, const std::string& workstation, wire::Stream calls,
                          wire::Stream events, const wire::SessionResume* resumed) {
    const auto found = settings_.kinds.find(kind);
    if (found == settings_.kinds.end())
        throw Problem(CAREPLUG_REFUSED_ARGUMENT, "The settings know no host kind \"" + kind +
                                                     "\": add it to \"kinds\", or correct the name.");
    std::shared_ptr<Plugin> plugin;
    try {
        plugin = facts_.safe_mode ? without_plugin(kind) : plugins_.get(found->second);
    } catch (const PluginFailure& failure) {
        log_.say(failure.what());
        throw Problem(CAREPLUG_FAILED_PLUGIN, failure.what());
    }
    const auto session =
        std::make_shared<Session>(*this, plugin, std::move(calls), std::move(events), workstation);
    {
        const std::lock_guard lock(mutex_);
        sessions_.push_back(session);
    }
    session->start(resumed);
    log_.say(std::string("session ") + (resumed ? "resumed" : "opened") + ", kind " + kind +
             ", workstation " + workstation);
}

// A log that was changed is told of like anything else that happened here, once somebody signs in.
void Engine::look_at_audit_log() {
    facts_.audit_broken = audit_log_.broken();
    if (!facts_.audit_broken.empty()) log_.say("NOT SOUND: " + facts_.audit_broken);
}

// What was confirmed and is old, and what nobody looked at for long.
void Engine::trim() {
    next_trim_ = boot_ms() + trim_every_ms;
    try {
        const auto before = [](int days) { return now_ms() - std::int64_t{days} * 24 * 3600 * 1000; };
        store_.forget_before(Drawer::outcome, now_ms() - outcome_kept_ms);
        store_.forget_before(Drawer::last_known, before(settings_.last_known_days));
        audit_log_.trim(before(settings_.audit_days));
    } catch (const StoreFailure& failure) {
        log_.say(std::string("nothing old was removed: ") + failure.what());
    }
}

Engine::Sessions Engine::sessions() {
    Sessions over;
    Sessions open;
    {
        const std::lock_guard lock(mutex_);
        const auto first = std::stable_partition(sessions_.begin(), sessions_.end(),
                                                 [](const auto& one) { return !one->ended(); });
        over.assign(first, sessions_.end());
        sessions_.erase(first, sessions_.end());
        open = sessions_;
    }
    for (const auto& one : over) one->stop();
    return open;
}

void Engine::poll_soon() {
    {
        const std::lock_guard lock(mutex_);
        poll_flag_ = true;
    }
    poll_wanted_.notify_all();
    stopped_.notify_all();
}

void Engine::send_soon() {
    {
        const std::lock_guard lock(mutex_);
        send_flag_ = true;
    }
    send_wanted_.notify_all();
}

void Engine::run(Job job) {
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    work_wanted_.notify_all();
}

void Engine::answered() {
    last_answer_ = now_ms();
    if (reachable_.exchange(true)) return;
    log_.say("the exchange answers again");
    for (const auto& session : sessions()) session->exchange_state(true);
    send_soon();
}

void Engine::unreachable() {
    const bool was = reachable_.exchange(false);
    if (was) log_.say("the exchange does not answer");
    for (const auto& session : sessions()) {
        if (was) session->exchange_state(false);
        session->apply_failure(CAREPLUG_REASON_UNREACHABLE);
    }
}

bool Engine::wait(std::condition_variable& condition, bool& flag, int milliseconds) {
    std::unique_lock lock(mutex_);
    condition.wait_for(lock, std::chrono::milliseconds(milliseconds), [&] { return stopping_ || flag; });
    flag = false;
    return !stopping_;
}

// Of its own, so that an exchange that does not answer cannot keep a sign-in from being renewed or ended.
void Engine::clock_loop() {
    bool never = false;
    while (wait(stopped_, never, 500)) {
        look_at_itself();
        if (boot_ms() >= next_trim_) trim();
        for (const auto& session : sessions()) {
            try {
                session->tick();
            } catch (const std::bad_alloc&) {
                make_way(no_memory);
            } catch (const std::exception& failure) {
                log_.say(std::string("a sign-in could not be looked at: ") + typeid(failure).name());
            }
        }
    }
}

// What the sessions that it is to take over need must start, or the engine that has them keeps them.
void Engine::prove(const std::vector<std::string>& kinds) {
    for (const std::string& kind : kinds)
        if (const auto found = settings_.kinds.find(kind); found != settings_.kinds.end())
            plugins_.get(found->second);
}

// Of its own, because to start a plugin takes a while.
void Engine::install_loop() {
    bool never = false;
    bool replaced = false;
    while (wait(stopped_, never, 500)) {
        plugins_.look();
        replaced = installation_.replaced() || replaced;
        // Whoever takes over need not ask what became of a change.
        if (!replaced || sending_) continue;
        log_.say("another engine or jail was installed: it is tried");
        replaced_();
        replaced = false;
    }
}

void Engine::stay(const std::string& why) {
    log_.say("the engine that was installed is not used and this one goes on: " + why);
}

void Engine::poll_loop() {
    Exchange exchange(settings_.exchange, settings_.authority);
    std::int64_t last_poll = 0;
    while (wait(poll_wanted_, poll_flag_, 500)) {
        Changed changed;
        bool everything = boot_ms() - last_poll >= (reachable_ ? poll_every_ms : 1000);
        bool contacts = false;
        {
            const std::lock_guard lock(mutex_);
            changed.plans.swap(changed_plans_);
            changed.patients.swap(changed_patients_);
            changed.responses.swap(changed_responses_);
            changed.tasks.swap(changed_tasks_);
            contacts = !changed.responses.empty();
            if (std::exchange(poll_everything_, false)) {
                // After a gap the notices that were missed may have been of either kind.
                everything = true;
                contacts = true;
            }
        }
        if (everything) last_poll = boot_ms();
        bool asked = false;
        try {
            for (const auto& session : sessions())
                asked = look_after(exchange, *session, everything, contacts, changed) || asked;
            if (asked) answered();
        } catch (const Unreachable&) {
            unreachable();
        } catch (const std::bad_alloc&) {
            make_way(no_memory);
        } catch (const std::exception& failure) {
            log_.say(std::string("poll failed: ") + typeid(failure).name());
        }
    }
}

// Whether the exchange was asked. What goes wrong for one session is that session's alone, but for an
// exchange that does not answer.
bool Engine::look_after(Exchange& exchange, Session& session, bool everything, bool contacts,
                        const Changed& changed) {
    try {
        if (contacts) session.contacts_changed();
        if (!session.identity()) return false;
        const bool submissions = !changed.responses.empty() && session.wants_submissions();
        const bool proposals = !changed.tasks.empty() && session.wants_proposals();
        if (session.take_wants_poll() || everything) {
            poll(exchange, session);
        } else if (changed.plans.empty() && changed.patients.empty() && !submissions && !proposals) {
            return false;
        } else {
            look_again(exchange, session, "Patient", changed.patients);
            look_again(exchange, session, "CarePlan", changed.plans);
        }
        if (!everything && submissions) {
            look_again(exchange, session, "QuestionnaireResponse", changed.responses);
            if (const auto identity = session.identity()) ask_inbox(exchange, session, *identity);
        }
        if (!everything && proposals) look_again(exchange, session, "Task", changed.tasks);
    } catch (const Unreachable&) {
        throw;
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& failure) {
        // What was answered could not be used: nothing of before may go on reading as current.
        log_.say(std::string("an answer could not be used: ") + typeid(failure).name());
        session.apply_failure(CAREPLUG_REASON_OTHER);
    }
    return true;
}

void Engine::work_loop() {
    Exchange exchange(settings_.exchange, settings_.authority);
    for (;;) {
        Job job;
        {
            std::unique_lock lock(mutex_);
            work_wanted_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
            if (stopping_) return;
            job = std::move(jobs_.front());
            jobs_.pop_front();
        }
        try {
            job(exchange);
        } catch (const std::bad_alloc&) {
            make_way(no_memory);
        } catch (const std::exception& failure) {
            log_.say(std::string("a load failed: ") + typeid(failure).name());
        }
    }
}

}  // namespace careplug::engine
