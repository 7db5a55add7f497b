// One careplug-jail: a process of ours and the socket to it.
#pragma once

#include <careplug/wire/stream.h>
#include <sys/types.h>

#include <optional>
#include <string>

#include "plugins/policy.h"

namespace careplug::engine {

class JailProcess {
public:
    // Throws PluginFailure. The process ends with the thread that called this.
    JailProcess(const PluginFile& plugin, const package::Descriptor& program);
    ~JailProcess();
    JailProcess(const JailProcess&) = delete;
    JailProcess& operator=(const JailProcess&) = delete;

    wire::Stream& socket() { return socket_; }
    pid_t process() const { return process_; }
    std::uint64_t memory() const;  // resident bytes
    bool running();
    // Waits so many milliseconds for it to end by itself, then kills it. How it ended: "crashed (SEGV)".
    std::string end(std::int64_t grace);

private:
    bool reap(int options);

    wire::Stream socket_;
    pid_t process_ = -1;
    std::optional<int> status_;  // of waitpid, once it ended
};

}  // namespace careplug::engine
