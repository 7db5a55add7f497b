// A line for each call of the host and for each of its mistakes, where CAREPLUG_TRACE names a file, and
// before it what the call handed over: "given KIND HANDLE", "ended KIND HANDLE FUNCTION", "read HANDLE",
// "event KIND SUBJECT BODY", "flags COUNT UNWATCHED WORD...", "word WORD". Off, a call pays for one load.
#ifndef CAREPLUG_LOADER_TRACE_H
#define CAREPLUG_LOADER_TRACE_H

#include <careplug/wire/functions.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>

namespace careplug::loader {

class Trace {
public:
    // Follows the environment, so that a host can be traced without being built again.
    void configure();
    bool on() const { return on_.load(std::memory_order_relaxed); }
    void call(wire::Function function, careplug_status status, std::chrono::steady_clock::duration took);
    // Sentences of the loader's own alone: they hold no text that came from host or engine.
    void mistake(wire::Function function, const std::string& sentence);
    // Numbers of the contract alone: a trace names no patient.
    void handed(const std::string& words);

private:
    void write(std::string_view first, const std::string& rest);

    std::atomic<bool> on_ = false;
    std::mutex mutex_;
    std::string path_;
    std::FILE* file_ = nullptr;
};

// The flat functions have no object to keep it in. Never destroyed, like the handles.
Trace& trace();

}  // namespace careplug::loader

#endif
