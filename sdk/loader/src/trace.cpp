#include "trace.h"

#include <cstdlib>

#include "platform.h"

namespace careplug::loader {

void Trace::configure() {
    const char* wanted = std::getenv("CAREPLUG_TRACE");
    const std::string path = wanted ? wanted : "";
    const std::lock_guard lock(mutex_);
    if (path == path_) return;
    if (file_) std::fclose(file_);
    file_ = path.empty() ? nullptr : std::fopen(path.c_str(), "a");
    path_ = path;
    on_ = file_ != nullptr;
}

void Trace::write(std::string_view first, const std::string& rest) {
    std::string line = std::to_string(utc_milliseconds()) + ' ';
    line += first;
    line += rest + '\n';
    const std::lock_guard lock(mutex_);
    if (!file_) return;
    std::fwrite(line.data(), 1, line.size(), file_);
    std::fflush(file_);
}

void Trace::call(wire::Function function, careplug_status status, std::chrono::steady_clock::duration took) {
    const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    write(wire::contract(function).name,
          ' ' + std::to_string(status) + ' ' + std::to_string(microseconds) + " us");
}

void Trace::mistake(wire::Function function, const std::string& sentence) {
    write(wire::contract(function).name, " mistake: " + sentence);
}

void Trace::handed(const std::string& words) {
    write(words, {});
}

Trace& trace() {
    static auto* const tracing = new Trace;
    return *tracing;
}

}  // namespace careplug::loader
