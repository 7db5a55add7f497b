// What happened between a host, the loader and the checking engine, in order: one file, appended by the
// loader's trace (sdk/loader/src/trace.h) and by the engine, whose lines are "MS engine JSON".
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace careplug::tools {

// What the engine writes before it ends in the middle of a day.
inline constexpr const char* engine_ends = "engine-ends";

// The engine's side. Each line is one write, so that two processes do not mix theirs.
class TimelineWriter {
public:
    explicit TimelineWriter(const std::filesystem::path& file);
    ~TimelineWriter();
    TimelineWriter(const TimelineWriter&) = delete;
    TimelineWriter& operator=(const TimelineWriter&) = delete;
    void write(const nlohmann::json& what);

private:
    std::mutex mutex_;
    int descriptor_;
};

struct Entry {
    enum class What {
        call,     // a function returned: name, status
        mistake,  // of the host: name, text
        given,    // name is the kind, handle
        ended,    // name is the kind, handle; text is the function that ended it
        read,     // handle
        event,    // status is its kind, handle its subject
        flags,  // status is how many were read, handle how many of them nobody watches; numbers: words drawn
        word,   // handle is the word
        asked,  // the engine got a call: name, text is JSON
        sent,   // the engine sent something: name, text is JSON
    };
    What what = What::call;
    std::int64_t time = 0;  // milliseconds
    std::string name;
    std::int64_t status = 0;
    std::uint64_t handle = 0;
    std::vector<std::uint64_t> numbers;
    std::string text;
};

std::vector<Entry> read_timeline(const std::filesystem::path& file);

}  // namespace careplug::tools
