// rand_s is declared on request only.
#define _CRT_RAND_S
#include <stdlib.h>
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include "platform.h"

namespace careplug::wire {

std::int64_t boot_milliseconds() {
    return static_cast<std::int64_t>(::GetTickCount64());
}

}  // namespace careplug::wire

namespace careplug::loader {

std::int64_t utc_milliseconds() {
    FILETIME now{};
    ::GetSystemTimeAsFileTime(&now);
    const std::uint64_t ticks = (std::uint64_t{now.dwHighDateTime} << 32) | now.dwLowDateTime;
    // Ticks of 100 nanoseconds since 1601.
    constexpr std::int64_t milliseconds_from_1601_to_1970 = 11'644'473'600'000;
    return static_cast<std::int64_t>(ticks / 10000) - milliseconds_from_1601_to_1970;
}

std::uint32_t random_number() {
    unsigned int number = 0;
    if (::rand_s(&number) != 0) number = static_cast<unsigned int>(wire::boot_milliseconds() * 2654435761);
    return number;
}

}  // namespace careplug::loader
