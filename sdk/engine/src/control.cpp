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
#include <mutex>
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
    // Started by a descriptor it would be called by that one's number.
    ::prctl(PR_SET_NAME, "careplug-engine");
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

// What goes to the loader, from this thread and from that of the engine which sees another engine installed.
class ToLoader {
public:
    explicit ToLoader(wire::Stream& control) : control_(control) {}
    void say(wire::Frame frame, std::uint64_t sequence, wire::View payload) {
        const std::lock_guard lock(mutex_);
        control_.send(wire::kind_of(frame), sequence, payload);
    }

private:
    std::mutex mutex_;
    wire::Stream& control_;
};

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

std::unique_ptr<Engine> start(wire::Stream& control, ToLoader& loader) {
    wire::Message message;
    if (control.receive(message) != wire::Outcome::done || message.kind != wire::kind_of(wire::Frame::hello))
        return nullptr;
    package::Descriptor jail(message.descriptors.empty() ? -1 : message.descriptors.front());
    for (std::size_t extra = 1; extra < message.descriptors.size(); ++extra)
        ::close(message.descriptors[extra]);
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
            started = std::make_unique<Engine>(*hello, std::move(jail),
                                               [&loader] { loader.say(wire::Frame::successor, 0, {}); });
        } catch (const StoreFailure& failure) {
            answer.status = CAREPLUG_REFUSED_STORAGE;
            answer.sentence = failure.what();
        } catch (const KeyMistake& failure) {
            answer.status = CAREPLUG_REFUSED_STORAGE;
            answer.sentence = failure.what();
        } catch (const SettingsMistake& failure) {
            answer.status = CAREPLUG_REFUSED_ARGUMENT;
            answer.sentence = failure.what();
        } catch (const PluginFailure& failure) {
            answer.status = CAREPLUG_FAILED_PLUGIN;
            answer.sentence = failure.what();
        } catch (const std::exception& failure) {
            answer.status = CAREPLUG_REFUSED;
            answer.sentence = "The plan service on this computer could not start: tell the administrator.";
            answer.detail = typeid(failure).name();
        }
    }
    loader.say(wire::Frame::hello_answer, message.sequence, wire::encode(answer));
    return started;
}

void open_session(Engine& running, ToLoader& loader, wire::Message message) {
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
    loader.say(wire::Frame::reply, message.sequence, wire::encode(reply));
}

void stay(Engine& running, const wire::Message& message) {
    wire::Reader in(message.payload);
    const std::string why(in.text());
    running.stay(in.finished() ? why : "the loader does not say why");
}

}  // namespace

void harden_process() {
    // First: a process that is not dumpable may not look into its own /proc.
    close_the_rest();
    harden();
}

int serve_control(wire::Stream control) {
    end_with(::getppid());
    ToLoader loader(control);
    auto running = start(control, loader);
    if (!running) return 1;
    wire::Message message;
    while (running && control.receive(message) == wire::Outcome::done) {
        if (message.kind == wire::kind_of(wire::Call::session_open) ||
            message.kind == wire::kind_of(wire::Frame::session_resume))
            open_session(*running, loader, std::move(message));
        if (message.kind == wire::kind_of(wire::Frame::stay)) stay(*running, message);
        // Another has the sessions: what is being sent is finished, nothing more is begun.
        if (message.kind == wire::kind_of(wire::Frame::retire)) running.reset();
    }
    std::_Exit(0);
}

}  // namespace careplug::engine
