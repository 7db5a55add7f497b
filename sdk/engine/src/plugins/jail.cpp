#include "plugins/jail.h"

#include <careplug/controls/controls.h>
#include <careplug/plan/fhir.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "system/times.h"

namespace careplug::engine {
namespace {

constexpr std::int64_t to_see_how_it_ended = 100;
constexpr std::size_t longest_word = 64;
constexpr std::size_t longest_sentence = 300;

// What a plugin says goes to a log and to a page: one line of plain characters.
std::string plain(std::string_view text, std::size_t most) {
    std::string out(text.substr(0, most));
    std::replace_if(
        out.begin(), out.end(), [](unsigned char one) { return one < 0x20 || one > 0x7e; }, '?');
    return out;
}

std::string unfit_sentence(const std::string& name, const wire::Unfit& unfit) {
    switch (unfit.fault) {
        case wire::LoadFault::no_library:
            return "The plugin file " + name +
                   " cannot be loaded: it is no library for this computer, or it needs more than the C "
                   "library. "
                   "Install it again.";
        case wire::LoadFault::no_entry:
            return "The file " + name +
                   " is no Careplug plugin: it has no careplug_entry. Install the plugin again.";
        case wire::LoadFault::other_version:
            return "The plugin " + name + " speaks another version than this engine. " +
                   (unfit.sentence.empty() ? "Install plugin and engine of one release."
                                           : plain(unfit.sentence, longest_sentence));
        case wire::LoadFault::lacks_functions:
            return "The plugin " + name + " lacks functions of the contract. Install it again.";
        case wire::LoadFault::no_description:
            return "The plugin " + name + " does not say its id and view. Install it again.";
        case wire::LoadFault::no_sandbox:
            break;
    }
    return "The plugin " + name + " could not be confined on this computer, so it is not used.";
}

}  // namespace

Jail::Jail(PluginFile file, JailOptions options) : file_(std::move(file)), options_(std::move(options)) {
    // Of its own, because a jail ends with the thread that started it.
    keeper_ = std::thread([this] { keep(); });
}

Jail::~Jail() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    keeper_.join();
}

void Jail::say(const std::string& sentence) const {
    if (options_.say) options_.say(sentence);
}

void Jail::await_start() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return state_ != State::starting; });
    if (!ever_ready_) throw PluginFailure(last_failure_);
}

void Jail::keep() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (state_ == State::ready) {
            changed_.wait(lock);
            continue;
        }
        if (boot_ms() < next_start_) {
            changed_.wait_for(lock, std::chrono::milliseconds(next_start_ - boot_ms()));
            continue;
        }
        state_ = State::starting;
        ++starts_;
        lock.unlock();
        std::unique_ptr<JailProcess> started;
        std::string trouble;
        try {
            started = start();
        } catch (const PluginFailure& failure) {
            trouble = failure.what();
        }
        lock.lock();
        if (started) {
            process_ = std::move(started);
            state_ = State::ready;
            ever_ready_ = true;
            ++incarnation_;
        } else {
            failed(trouble);
        }
        changed_.notify_all();
    }
}

std::unique_ptr<JailProcess> Jail::start() {
    auto process = std::make_unique<JailProcess>(file_, options_.program);
    const std::int64_t deadline = boot_ms() + options_.times.start;
    const wire::Message confined = first_word(*process, deadline);
    if (confined.kind != wire::kind_of(wire::PolicyFrame::confined))
        throw PluginFailure("The jail of the plugin " + file_.name +
                            " speaks another version than this engine: install Careplug again.");
    const std::string sandbox = plain(wire::text_of(confined.payload), longest_sentence);
    const wire::Message loaded = first_word(*process, deadline);
    if (loaded.kind == wire::kind_of(wire::PolicyFrame::unfit))
        if (const auto unfit = wire::decode_unfit(loaded.payload))
            throw PluginFailure(unfit_sentence(file_.name, *unfit));
    if (loaded.kind != wire::kind_of(wire::PolicyFrame::ready))
        throw PluginFailure("The plugin " + file_.name + " answered before it was asked. Install it again.");
    read_facts(loaded.payload);
    bool told = false;
    {
        const std::lock_guard lock(mutex_);
        told = sandbox_ == sandbox;
        sandbox_ = sandbox;
    }
    if (!told) say("the plugin " + file_.name + " runs in a process of its own: " + sandbox);
    return process;
}

wire::Message Jail::first_word(JailProcess& process, std::int64_t deadline) {
    wire::Message message;
    const wire::Outcome outcome = process.socket().receive(message, deadline);
    if (outcome == wire::Outcome::done) return message;
    if (outcome == wire::Outcome::timeout)
        throw PluginFailure("The plugin " + file_.name + " was not loaded within " +
                            std::to_string(options_.times.start) + " ms and was stopped.");
    throw PluginFailure("The plugin " + file_.name + " " + process.end(to_see_how_it_ended) +
                        " while it was loaded.");
}

void Jail::read_facts(wire::View document) {
    PluginFacts facts;
    try {
        const nlohmann::json said = plan::fhir::parse(wire::text_of(document));
        facts = {plain(said.value("id", std::string()), longest_word),
                 plain(said.value("version", std::string()), longest_word),
                 plain(said.value("view", std::string()), longest_word), file_.signature};
    } catch (const std::exception&) {
        // said below
    }
    if (facts.id.empty() || facts.view.empty())
        throw PluginFailure("The plugin " + file_.name + " does not say its id and view. Install it again.");
    const std::lock_guard lock(mutex_);
    if (ever_ready_ &&
        (facts.id != facts_.id || facts.version != facts_.version || facts.view != facts_.view))
        throw PluginFailure("The plugin " + file_.name + " says at each start something else of itself.");
    if (!ever_ready_) facts_ = std::move(facts);
}

void Jail::failed(const std::string& sentence) {
    const std::int64_t now = boot_ms();
    const JailTimes& times = options_.times;
    ++all_failures_;
    last_failure_ = sentence;
    last_failure_at_ = now_ms();
    failures_.push_back(now);
    while (failures_.front() < now - times.window) failures_.pop_front();
    process_.reset();
    std::string then;
    if (!ever_ready_) {
        // Who asked for the first start is told, and asks again.
        state_ = State::resting;
        stopping_ = true;
    } else if (failures_.size() >= times.most_failures && control::on("H16.left-alone")) {
        next_start_ = failures_.front() + times.window;
        state_ = State::quarantined;
        then = " It failed " + std::to_string(failures_.size()) + " times and is not started again before " +
               clock_words(now_ms() + next_start_ - now) + ".";
    } else {
        const std::int64_t rest = !control::on("H16.rests-after-a-fault")
                                      ? 0
                                      : times.rests.at(std::min(failures_.size(), times.rests.size()) - 1);
        next_start_ = now + rest;
        state_ = rest == 0 ? State::starting : State::resting;
    }
    if (ever_ready_) say(sentence + then);
}

std::string Jail::why_not() const {
    switch (state_) {
        case State::resting:
            return "The plugin " + file_.name + " failed and starts again in a moment. " + last_failure_;
        case State::quarantined:
            return "The plugin " + file_.name + " failed again and again and is left alone until " +
                   clock_words(now_ms() + next_start_ - boot_ms()) + ". " + last_failure_;
        case State::starting:
            return "The plugin " + file_.name + " is still being started.";
        case State::ready:
            break;
    }
    return "The plugin " + file_.name + " is busy.";
}

bool Jail::ready() const {
    const std::lock_guard lock(mutex_);
    return state_ == State::ready;
}

PluginStatus Jail::status() const {
    const std::lock_guard lock(mutex_);
    PluginStatus out;
    out.state = state_;
    if (state_ == State::ready && process_) {
        out.process = process_->process();
        out.memory = process_->memory();
    }
    out.calls = calls_;
    out.starts = starts_;
    out.failures = all_failures_;
    out.last_failure = last_failure_;
    out.last_failure_at = last_failure_at_;
    if (state_ == State::resting || state_ == State::quarantined)
        out.next_start = now_ms() + next_start_ - boot_ms();
    out.sandbox = sandbox_;
    return out;
}

}  // namespace careplug::engine
