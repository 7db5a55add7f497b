#include "clock_watch.h"

#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <atomic>

namespace {

// One process watches one clock; libc's functions get no context of their own.
std::atomic<bool> watching{false};
std::atomic<std::int64_t> ahead{0};
std::atomic<std::uint64_t> counted{0};

int read_clock(clockid_t clock, timespec* time) {
    const long status = syscall(SYS_clock_gettime, clock, time);
    if (status == 0 && watching) {
        ++counted;
        time->tv_sec += ahead;
    }
    return static_cast<int>(status);
}

}  // namespace

#define CAREPLUG_BEFORE_LIBC extern "C" __attribute__((visibility("default")))

CAREPLUG_BEFORE_LIBC int clock_gettime(clockid_t clock, timespec* time) noexcept {
    return read_clock(clock, time);
}

CAREPLUG_BEFORE_LIBC int gettimeofday(timeval* time, void*) noexcept {
    timespec read = {};
    const int status = read_clock(CLOCK_REALTIME, &read);
    *time = {read.tv_sec, read.tv_nsec / 1000};
    return status;
}

CAREPLUG_BEFORE_LIBC time_t time(time_t* seconds) noexcept {
    timespec read = {};
    read_clock(CLOCK_REALTIME, &read);
    if (seconds != nullptr) *seconds = read.tv_sec;
    return read.tv_sec;
}

namespace careplug::tools {

ClockWatch::ClockWatch(std::int64_t seconds) {
    ahead = seconds;
    counted = 0;
    watching = true;
}

ClockWatch::~ClockWatch() {
    watching = false;
}

std::uint64_t ClockWatch::readings() const {
    return counted;
}

}  // namespace careplug::tools
