#include "system/log.h"

#include <fcntl.h>
#include <unistd.h>

#include "system/times.h"

namespace careplug::engine {

Log::Log(const std::string& path) : descriptor_(2) {
    if (path.empty()) return;
    const int opened = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (opened >= 0) descriptor_ = opened;
}

Log::~Log() {
    if (descriptor_ != 2) ::close(descriptor_);
}

void Log::say(std::string_view what) {
    std::string line = iso_time(now_ms()) + " careplug-engine " + std::string(what) + "\n";
    // One thing said is one line, whatever a host or a plugin put into it.
    for (std::size_t at = 0; at + 1 < line.size(); ++at)
        if (static_cast<unsigned char>(line[at]) < 0x20) line[at] = ' ';
    const std::lock_guard lock(mutex_);
    // A log that cannot be written must not stop the engine.
    [[maybe_unused]] const auto written = ::write(descriptor_, line.data(), line.size());
}

}  // namespace careplug::engine
