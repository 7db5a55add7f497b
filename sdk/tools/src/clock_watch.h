// The clocks that libc gives, as the plugin finds them in this process: counted, and shifted at will. A
// plugin's calls reach these definitions before libc's, because the program that loads it comes first.
#pragma once

#include <cstdint>

namespace careplug::tools {

class ClockWatch {
public:
    // From here on clocks run `seconds` ahead, and readings are counted.
    explicit ClockWatch(std::int64_t seconds);
    ~ClockWatch();
    ClockWatch(const ClockWatch&) = delete;
    ClockWatch& operator=(const ClockWatch&) = delete;
    std::uint64_t readings() const;
};

}  // namespace careplug::tools
