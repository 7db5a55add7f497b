// The engine's log. Callers pass facts about the machine alone: never an identity, a token or an answer.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

namespace careplug::engine {

class Log {
public:
    // An empty path, or one that cannot be opened, means stderr.
    explicit Log(const std::string& path);
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    void say(std::string_view what);

private:
    std::mutex mutex_;
    int descriptor_;
};

}  // namespace careplug::engine
