#include "process_state.h"

#include <malloc.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cfenv>
#include <clocale>
#include <filesystem>
#include <fstream>

namespace careplug::tools {

namespace fs = std::filesystem;

std::vector<std::string> open_descriptors() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        const std::string target = fs::read_symlink(entry.path(), gone).string();
        // The descriptor with which this list is read.
        if (!target.ends_with("/fd")) names.push_back(entry.path().filename().string() + " " + target);
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::size_t thread_count() {
    const fs::directory_iterator tasks("/proc/self/task");
    return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

std::vector<std::string> signal_state() {
    std::vector<std::string> lines;
    for (int number = 1; number < NSIG; ++number) {
        struct sigaction action = {};
        if (sigaction(number, nullptr, &action) != 0) continue;
        lines.push_back("signal " + std::to_string(number) + " " +
                        std::to_string(reinterpret_cast<std::uintptr_t>(action.sa_handler)) + " " +
                        std::to_string(action.sa_flags));
    }
    sigset_t mask;
    if (sigprocmask(SIG_BLOCK, nullptr, &mask) == 0)
        for (int number = 1; number < NSIG; ++number)
            if (sigismember(&mask, number) == 1) lines.push_back("blocked " + std::to_string(number));
    return lines;
}

std::vector<std::string> surroundings() {
    std::vector<std::string> lines;
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable)
        lines.push_back("environment " + std::string(*variable));
    const char* const locale = std::setlocale(LC_ALL, nullptr);
    lines.push_back(std::string("locale ") + (locale != nullptr ? locale : ""));
    lines.push_back("folder " + fs::current_path().string());
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("Umask:")) lines.push_back(line);
    return lines;
}

std::string floating_point_state() {
    std::string state =
        "rounding " + std::to_string(std::fegetround()) + ", traps " + std::to_string(fegetexcept());
#if defined(__x86_64__)
    // Without the flags that calculating raises: how small numbers are treated is set here alone.
    constexpr unsigned control = 0xFFC0;
    state += ", control " + std::to_string(__builtin_ia32_stmxcsr() & control);
#endif
    return state;
}

std::size_t allocated_bytes() {
    const auto info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

}  // namespace careplug::tools
