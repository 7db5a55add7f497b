#include "control.h"

#include <careplug/wire/calls.h>
#include <careplug/wire/messages.h>
#include <careplug/wire/protocol.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>

#include "engine.h"

namespace careplug::engine {
namespace {

#ifndef CAREPLUG_SANITIZED
constexpr rlim_t most_memory = rlim_t{2} << 30;
#endif

// Plans and keys are in this process's memory: nothing of it goes to a file, and no file is open to others.
void harden() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
#ifndef CAREPLUG_SANITIZED
    // So that an engine that goes wrong ends before the computer runs out of memory.
    const rlimit memory{most_memory, most_memory};
    ::setrlimit(RLIMIT_DATA, &memory);
#endif
    ::prctl(PR_SET_DUMPABLE, 0);
    ::umask(077);
    ::signal(SIGPIPE, SIG_IGN);
    // A quota that is used up is a disk that is full: an error to tell, not an end.
    ::signal(SIGXFSZ, SIG_IGN);
}

void close_the_rest() {
    std::vector<int> others;
    if (DIR* folder = ::opendir("/proc/self/fd")) {
        while (const dirent* entry = ::readdir(folder)) {
            const int number = std::atoi(entry->d_name);
            if (number > wire::control_descriptor && number != ::dirfd(folder)) others.push_back(number);
        }
        ::closedir(folder);
    }
    for (const int number : others) ::close(number);
}

void say(wire::Stream& control, std::uint64_t sequence, const wire::HelloAnswer& answer) {
    control.send(wire::kind_of(wire::Frame::hello_answer), sequence, wire::encode(answer));
}

// Control ends with the host only where no copy of its descriptors lives on in a child of the host.
void end_with(pid_t host) {
    const int descriptor = static_cast<int>(::syscall(SYS_pidfd_open, host, 0));
    // Where the kernel has no such descriptors, the end of control has to do.
    if (descriptor < 0) return;
    std::thread([descriptor, host] {
        pollfd ended{descriptor, POLLIN, 0};
        while (::getppid() == host && ::poll(&ended, 1, -1) < 0 && errno == EINTR) {
        }
        std::_Exit(0);
    }).detach();
}

std::unique_ptr<Engine> start(wire::Stream& control) {
    wire::Message message;
    if (control.receive(message) != wire::Outcome::done || message.kind != wire::kind_of(wire::Frame::hello))
        return nullptr;
    wire::HelloAnswer answer;
    std::unique_ptr<Engine> started;
    const auto hello = wire::decode_hello(message.payload);
    if (!hello) {
        answer.status = CAREPLUG_REFUSED_ARGUMENT;
        answer.sentence = "The greeting of libcareplug cannot be read by the engine of Careplug " +
                          wire::words(wire::this_version()) + ": install both of one release.";
    } else if (hello->version != wire::this_version()) {
        // What they say to each other changes with every release.
        answer.status = CAREPLUG_REFUSED_VERSION;
        answer.sentence = "The installed libcareplug is of Careplug " + wire::words(hello->version) +
                          " and the engine beside it of Careplug " + wire::words(wire::this_version()) +
                          ". Ask your administrator to install both of one release.";
    } else {
        try {
            started = std::make_unique<Engine>(hello->settings, hello->host_name, hello->safe_mode);
        } catch (const StoreFailure& failure) {
            answer.status = CAREPLUG_REFUSED_STORAGE;
            answer.sentence = failure.what();
        } catch (const KeyMistake& failure) {
            answer.status = CAREPLUG_REFUSED_STORAGE;
            answer.sentence = failure.what();
        } catch (const SettingsMistake& failure) {
            answer.status = CAREPLUG_REFUSED_ARGUMENT;
            answer.sentence = failure.what();
        } catch (const std::exception& failure) {
            answer.status = CAREPLUG_REFUSED;
            answer.sentence = "The plan service on this computer could not start: tell the administrator.";
            answer.detail = typeid(failure).name();
        }
    }
    say(control, message.sequence, answer);
    return started;
}

void open_session(Engine& running, wire::Stream& control, wire::Message message) {
    wire::Reply reply;
    wire::Stream calls(message.descriptors.size() > 0 ? message.descriptors[0] : -1,
                       wire::Stream::Takes::descriptors);
    wire::Stream events(message.descriptors.size() > 1 ? message.descriptors[1] : -1);
    for (std::size_t extra = 2; extra < message.descriptors.size(); ++extra)
        ::close(message.descriptors[extra]);
    auto resumed = message.kind == wire::kind_of(wire::Frame::session_resume)
                       ? wire::decode_session_resume(message.payload)
                       : std::nullopt;
    const auto call = resumed ? std::nullopt : wire::decode<wire::Call::session_open>(message.payload);
    try {
        if ((!call && !resumed) || !calls || !events)
            throw Problem(CAREPLUG_REFUSED_ARGUMENT,
                          "The session cannot be opened: its request cannot be read.");
        if (resumed) {
            running.open_session(resumed->host_kind, resumed->workstation, std::move(calls),
                                 std::move(events), &*resumed);
        } else {
            const auto& [kind, workstation] = call->arguments;
            running.open_session(kind, workstation, std::move(calls), std::move(events));
        }
    } catch (const Problem& problem) {
        reply.status = problem.status;
        reply.problem = problem.sentence;
        reply.detail = problem.detail;
    } catch (const std::exception& failure) {
        reply.status = CAREPLUG_REFUSED;
        reply.problem = "The session could not be opened: tell the administrator.";
        reply.detail = typeid(failure).name();
    }
    control.send(wire::kind_of(wire::Frame::reply), message.sequence, wire::encode(reply));
}

}  // namespace

void harden_process() {
    // First: a process that is not dumpable may not look into its own /proc.
    close_the_rest();
    harden();
}

int serve_control(wire::Stream control) {
    end_with(::getppid());
    const auto running = start(control);
    if (!running) return 1;
    wire::Message message;
    while (control.receive(message) == wire::Outcome::done)
        if (message.kind == wire::kind_of(wire::Call::session_open) ||
            message.kind == wire::kind_of(wire::Frame::session_resume))
            open_session(*running, control, std::move(message));
    std::_Exit(0);
}

}  // namespace careplug::engine
