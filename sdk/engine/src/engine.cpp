#include "engine.h"

#include <Poco/Net/HTTPClientSession.h>
#include <careplug/plan/nhs_number.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sending/sender.h"
#include "system/confinement.h"
#include "system/times.h"

namespace careplug::engine {
namespace {

using nlohmann::json;

constexpr std::int64_t poll_every_ms = 20 * 1000;
constexpr std::size_t numbers_in_one_search = 200;
// A host asks for the outcome of its operations as soon as its engine runs again.
constexpr std::int64_t outcome_kept_ms = std::int64_t{7} * 24 * 3600 * 1000;
constexpr std::int64_t trim_every_ms = 3600 * 1000;
// How often one question may be halved to find out whose answer cannot be told.
constexpr int most_halvings = 64;

std::string number_list(const std::vector<std::string>& numbers, std::size_t from, std::size_t to) {
    std::string list;
    for (std::size_t at = from; at < to; ++at) {
        if (!list.empty()) list += ',';
        list += std::string(plan::nhs_number_system) + "|" + numbers[at];
    }
    return list;
}

// Whose plan this is: empty where the plan does not say so in a number that is one.
std::string number_of(const json& care_plan) {
    try {
        const auto number =
            plan::parse_nhs_number(care_plan.at("/subject/identifier/value"_json_pointer).get<std::string>());
        return number.valid() ? number.digits : std::string();
    } catch (const json::exception&) {
        return {};
    }
}

}  // namespace

Engine::Engine(const std::string& settings_file, const std::string& host_name, bool safe_mode)
    : settings_(read_settings(settings_file)),
      safe_mode_(safe_mode),
      log_(settings_.log),
      sealer_(settings_.key),
      store_(settings_.store, sealer_),
      audit_log_(settings_.store, sealer_),
      catalogue_(settings_.datasets),
      plugins_(settings_, log_) {
    log_.say("started for " + host_name + (safe_mode_ ? ", in safe mode: without plugins" : ""));
    look_at_audit_log();
    trim();
    log_.say("confined: " + confine_engine(settings_, plugins_.jail_program()));
    threads_.emplace_back([this] { clock_loop(); });
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
        plugin = safe_mode_ ? without_plugin(kind) : plugins_.get(found->second);
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
    const std::string broken = audit_log_.broken();
    if (!broken.empty()) log_.say("NOT SOUND: " + broken);
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
        if (boot_ms() >= next_trim_) trim();
        for (const auto& session : sessions()) {
            try {
                session->tick();
            } catch (const std::exception& failure) {
                log_.say(std::string("a sign-in could not be looked at: ") + typeid(failure).name());
            }
        }
    }
}

void Engine::poll_loop() {
    Exchange exchange(settings_.exchange, settings_.authority);
    std::int64_t last_poll = 0;
    while (wait(poll_wanted_, poll_flag_, 500)) {
        std::set<std::string> plans;
        std::set<std::string> responses;
        bool everything = boot_ms() - last_poll >= (reachable_ ? poll_every_ms : 1000);
        bool contacts = false;
        {
            const std::lock_guard lock(mutex_);
            plans.swap(changed_plans_);
            responses.swap(changed_responses_);
            contacts = std::exchange(contacts_changed_, false);
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
                asked = look_after(exchange, *session, everything, contacts, plans, responses) || asked;
            if (asked) answered();
        } catch (const Unreachable&) {
            unreachable();
        } catch (const std::exception& failure) {
            log_.say(std::string("poll failed: ") + typeid(failure).name());
        }
    }
}

// Whether the exchange was asked. What goes wrong for one session is that session's alone, but for an
// exchange that does not answer.
bool Engine::look_after(Exchange& exchange, Session& session, bool everything, bool contacts,
                        const std::set<std::string>& plans, const std::set<std::string>& responses) {
    try {
        if (contacts) session.contacts_changed();
        if (!session.identity()) return false;
        if (session.take_wants_poll() || everything)
            poll(exchange, session);
        else if (!plans.empty())
            look_again(exchange, session, "CarePlan", plans);
        else if (responses.empty() || !session.wants_submissions())
            return false;
        if (!everything && !responses.empty() && session.wants_submissions())
            look_again(exchange, session, "QuestionnaireResponse", responses);
    } catch (const Unreachable&) {
        throw;
    } catch (const std::exception& failure) {
        // What was answered could not be used: nothing of before may go on reading as current.
        log_.say(std::string("an answer could not be used: ") + typeid(failure).name());
        session.apply_failure(CAREPLUG_REASON_OTHER);
    }
    return true;
}

void Engine::poll(Exchange& exchange, Session& session) {
    const auto identity = session.identity();
    if (!identity) return;
    const auto numbers = session.numbers();
    // Asked even where nobody is shown: session-state says whether the exchange answers.
    if (numbers.empty()) {
        exchange.send("GET", "metadata", identity->token);
        return;
    }
    ask(exchange, session, *identity, numbers);
}

void Engine::ask(Exchange& exchange, Session& session, const Identity& identity,
                 const std::vector<std::string>& numbers) {
    try {
        for (std::size_t from = 0; from < numbers.size(); from += numbers_in_one_search) {
            const std::size_t to = std::min(numbers.size(), from + numbers_in_one_search);
            int halvings = most_halvings;
            ask_some(exchange, session, identity,
                     {numbers.begin() + static_cast<std::ptrdiff_t>(from),
                      numbers.begin() + static_cast<std::ptrdiff_t>(to)},
                     halvings);
        }
    } catch (const Refused& refused) {
        if (refused.status == 401)
            session.identity_refused(identity.token, refused.what());
        else
            session.apply_failure(refused.status == 403 ? CAREPLUG_REASON_NOT_PERMITTED
                                                        : CAREPLUG_REASON_OTHER);
    } catch (const BadAnswer& failure) {
        log_.say(failure.what());
        session.apply_failure(CAREPLUG_REASON_OTHER);
    }
}

// A plan in the answer that names none of the numbers asked for is somebody's plan all the same (a number
// that was superseded, or is missing in the plan). Whoever it may be of must not read "no plan", so the
// question is halved until one number is left, whose answer is then not known.
void Engine::ask_some(Exchange& exchange, Session& session, const Identity& identity,
                      const std::vector<std::string>& numbers, int& halvings) {
    const std::int64_t checked = now_ms();
    const std::int64_t checked_boot = boot_ms();
    std::map<std::string, std::vector<json>> found;
    for (const auto& one : numbers) found[one];
    bool whose_is_not_known = false;
    for (auto& care_plan : exchange.search(
             "CarePlan", {{"patient.identifier", number_list(numbers, 0, numbers.size())}}, identity.token)) {
        const auto owner = found.find(number_of(care_plan));
        if (owner == found.end())
            whose_is_not_known = true;
        else
            owner->second.push_back(std::move(care_plan));
    }
    ask_submissions(exchange, session, identity, numbers);
    if (!whose_is_not_known) {
        session.apply(numbers, found, checked, checked_boot);
        return;
    }
    if (numbers.size() > 1 && --halvings >= 0) {
        const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
        ask_some(exchange, session, identity, {numbers.begin(), middle}, halvings);
        ask_some(exchange, session, identity, {middle, numbers.end()}, halvings);
        return;
    }
    std::vector<std::string> clear;
    std::vector<std::string> unclear;
    for (const auto& one : numbers) (found.at(one).empty() ? unclear : clear).push_back(one);
    session.apply(clear, found, checked, checked_boot);
    session.apply_failure(CAREPLUG_REASON_OTHER, unclear);
}

// Who may write plans sees what waits to be approved. What is asked for here changes no knowledge, so an
// exchange that refuses it takes nothing away.
void Engine::ask_submissions(Exchange& exchange, Session& session, const Identity& identity,
                             const std::vector<std::string>& numbers) {
    if (!session.wants_submissions()) return;
    std::map<std::string, std::vector<json>> found;
    try {
        // What they say is given to whom the exchange was told of.
        send_audit(exchange);
        for (auto& response : exchange.search(
                 "QuestionnaireResponse",
                 {{"patient.identifier", number_list(numbers, 0, numbers.size())}, {"status", "in-progress"}},
                 identity.token))
            found[number_of(response)].push_back(std::move(response));
    } catch (const Unreachable&) {
        throw;
    } catch (const std::exception&) {
        log_.say("the exchange does not tell which changes wait to be approved");
        return;
    }
    session.apply_submissions(numbers, found);
}

void Engine::look_again(Exchange& exchange, Session& session, const std::string& type,
                        const std::set<std::string>& changed) {
    const auto identity = session.identity();
    const auto numbers = session.numbers();
    if (!identity || numbers.empty()) return;
    std::string ids;
    for (const auto& one : changed) ids += (ids.empty() ? "" : ",") + one;
    std::set<std::string> of_mine;
    try {
        for (std::size_t from = 0; from < numbers.size(); from += numbers_in_one_search) {
            const std::size_t to = std::min(numbers.size(), from + numbers_in_one_search);
            for (const auto& care_plan :
                 exchange.search(type, {{"_id", ids}, {"patient.identifier", number_list(numbers, from, to)}},
                                 identity->token))
                of_mine.insert(number_of(care_plan));
        }
    } catch (const Unreachable&) {
        throw;
    } catch (const std::exception&) {
        // The complete question below says what is wrong.
        of_mine = {numbers.begin(), numbers.end()};
    }
    std::vector<std::string> mine;
    std::set_intersection(numbers.begin(), numbers.end(), of_mine.begin(), of_mine.end(),
                          std::back_inserter(mine));
    if (!mine.empty()) ask(exchange, session, *identity, mine);
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
        } catch (const std::exception& failure) {
            log_.say(std::string("a load failed: ") + typeid(failure).name());
        }
    }
}

}  // namespace careplug::engine
