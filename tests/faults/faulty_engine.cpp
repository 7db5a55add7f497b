// The engine as it is, and in the same process a relay between it and the loader that does one fault at one
// call (faults.h). The engine's own program has no place where a fault could be ordered.
#include <careplug/wire/calls.h>
#include <careplug/wire/messages.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "control.h"
#include "faults/faults.h"
#include "faults/lies.h"

using namespace careplug;
using namespace careplug::wire;
using careplug::test::Order;

namespace {

constexpr std::chrono::milliseconds over_the_deadline{500};

// Two ways on: to the loader and to the engine.
struct Ends {
    Stream loader;
    Stream engine;
};

struct Pair {
    Stream ours;
    int engines = -1;
};

Pair pair() {
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        throw std::runtime_error("no socket pair");
    return {Stream(ends[0]), ends[1]};
}

[[noreturn]] void end_by(int signal) {
    ::signal(signal, SIG_DFL);
    ::kill(::getpid(), signal);
    for (;;) ::pause();
}

void take_all_memory() {
    for (std::size_t size = std::size_t{64} << 20; size >= 64; size /= 2)
        while (std::malloc(size) != nullptr) {
        }
}

void take_all_descriptors() {
    while (::open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0) {
    }
}

[[noreturn]] void leave_a_child() {
    if (::fork() == 0) {
        ::sleep(5);
        ::_exit(0);
    }
    end_by(SIGKILL);
}

void before(const std::string& fault) {
    if (fault == "crash") end_by(SIGSEGV);
    if (fault == "abort") std::abort();
    if (fault == "exit") ::_exit(0);
    if (fault == "fork") leave_a_child();
    if (fault == "memory") take_all_memory();
    if (fault == "leak") take_all_descriptors();
    while (fault == "hang") ::pause();
}

std::chrono::milliseconds deadline_of(std::uint32_t kind) {
    const Signature* const call = find_signature(kind);
    return std::chrono::milliseconds(call && call->deadline == Deadline::switching ? 1000 : 2000);
}

void when_done(const std::string& fault, std::uint32_t kind) {
    if (fault == "crash-when-done") end_by(SIGKILL);
    if (fault == "slow") std::this_thread::sleep_for(deadline_of(kind) * 6 / 10);
    if (fault == "too-slow") std::this_thread::sleep_for(deadline_of(kind) + over_the_deadline);
}

std::string_view name_of(const Message& message) {
    if (message.kind == kind_of(Frame::hello)) return test::greeting;
    if (message.kind == kind_of(Frame::session_resume)) return test::resuming;
    if (message.kind == kind_of(Frame::table)) return test::giving_a_table;
    const Signature* const call = find_signature(message.kind);
    return call ? call->name : "";
}

void close_all(const std::vector<int>& descriptors) {
    for (const int one : descriptors) ::close(one);
}

// Both directions of the events of one session, written by two threads.
class Events {
public:
    Events(Stream loader, Stream engine) : loader_(std::move(loader)), engine_(std::move(engine)) {}
    void relay() {
        Message message;
        while (engine_.receive(message) == Outcome::done) {
            const std::lock_guard lock(mutex_);
            if (loader_.send(message.kind, message.sequence, message.payload) != Outcome::done) break;
        }
        engine_.shut_down();
        loader_.shut_down();
    }
    void answer(const std::string& fault, const test::Truth& truth, Stream& to) {
        const std::lock_guard lock(mutex_);
        test::answer(fault, truth, to, &loader_);
    }

private:
    std::mutex mutex_;
    Stream loader_;
    Stream engine_;
};

void relay_calls(Ends calls, const std::shared_ptr<Events>& events, const Order& order) {
    Message message;
    std::uint64_t known_id = 0;
    while (calls.loader.receive(message) == Outcome::done) {
        const std::string fault = order.take(name_of(message)).value_or("");
        before(fault);
        const auto kind = message.kind;
        calls.engine.send(kind, message.sequence, message.payload, no_deadline, message.descriptors);
        close_all(message.descriptors);
        if (calls.engine.receive(message) != Outcome::done) break;
        when_done(fault, kind);
        const auto reply = decode_reply(message.payload);
        if (fault.empty() && reply && reply->created != 0) known_id = reply->created;
        if (fault.empty())
            calls.loader.send(message.kind, message.sequence, message.payload);
        else
            events->answer(fault, {Frame::reply, message.sequence, message.payload, known_id}, calls.loader);
    }
    calls.engine.shut_down();
    calls.loader.shut_down();
}

// Stands between the sockets of a session; returns the engine's ends.
std::vector<int> between(const std::vector<int>& loaders, const Order& order) {
    Pair calls = pair();
    Pair events = pair();
    const auto both = std::make_shared<Events>(Stream(loaders.at(1)), std::move(events.ours));
    std::thread([both] { both->relay(); }).detach();
    auto ends = std::make_shared<Ends>();
    ends->loader = Stream(loaders.at(0), Stream::Takes::descriptors);
    ends->engine = std::move(calls.ours);
    std::thread([ends, both, order] { relay_calls(std::move(*ends), both, order); }).detach();
    return {calls.engines, events.engines};
}

void relay_control(Ends control) {
    Message message;
    if (control.loader.receive(message) != Outcome::done) return;
    const auto hello = decode_hello(message.payload);
    if (!hello) return;
    const Order order(hello->settings);
    do {
        const std::string fault = order.take(name_of(message)).value_or("");
        before(fault);
        const auto kind = message.kind;
        std::vector<int> theirs;
        if (message.descriptors.size() == 2) theirs = between(message.descriptors, order);
        control.engine.send(kind, message.sequence, message.payload, no_deadline, theirs);
        close_all(theirs);
        if (control.engine.receive(message) != Outcome::done) return;
        when_done(fault, kind);
        test::answer(fault, {static_cast<Frame>(message.kind), message.sequence, message.payload, 0},
                     control.loader, nullptr);
    } while (control.loader.receive(message) == Outcome::done);
}

}  // namespace

int main() {
    engine::harden_process();
    ::fcntl(control_descriptor, F_SETFD, FD_CLOEXEC);
    Pair control = pair();
    std::thread([served = control.engines] {
        std::_Exit(engine::serve_control(Stream(served, Stream::Takes::descriptors)));
    }).detach();
    relay_control({Stream(control_descriptor, Stream::Takes::descriptors), std::move(control.ours)});
    // The loader is gone, or a fault has ended control.
    std::_Exit(0);
}
