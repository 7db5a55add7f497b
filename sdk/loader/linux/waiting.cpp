#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>

#include "platform.h"

namespace careplug::loader {

WaitHandle::~WaitHandle() {
    if (poll_ >= 0) ::close(poll_);
    if (signal_ >= 0) ::close(signal_);
}

bool WaitHandle::open(const wire::Stream& events) {
    poll_ = ::epoll_create1(EPOLL_CLOEXEC);
    signal_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (poll_ < 0 || signal_ < 0) return false;
    epoll_event item{};
    item.events = EPOLLIN;
    return ::epoll_ctl(poll_, EPOLL_CTL_ADD, signal_, &item) == 0 &&
           ::epoll_ctl(poll_, EPOLL_CTL_ADD, events.descriptor(), &item) == 0;
}

void WaitHandle::forget(const wire::Stream& events) {
    epoll_event item{};
    ::epoll_ctl(poll_, EPOLL_CTL_DEL, events.descriptor(), &item);
}

void WaitHandle::set(bool waiting) {
    if (waiting == waiting_) return;
    waiting_ = waiting;
    std::uint64_t number = 1;
    const ssize_t moved =
        waiting ? ::write(signal_, &number, sizeof number) : ::read(signal_, &number, sizeof number);
    static_cast<void>(moved);
}

void wait_for_bytes(const wire::Stream& first, const wire::Stream* second, std::int64_t deadline) {
    pollfd items[2] = {{first.descriptor(), POLLIN, 0}, {second ? second->descriptor() : -1, POLLIN, 0}};
    const std::int64_t left = std::clamp<std::int64_t>(deadline - wire::boot_milliseconds(), 0, 1 << 30);
    ::poll(items, 2, static_cast<int>(left));
}

std::int64_t utc_milliseconds() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1000000;
}

std::uint32_t random_number() {
    std::uint32_t number = 0;
    if (::getrandom(&number, sizeof number, GRND_NONBLOCK) != sizeof number)
        number = static_cast<std::uint32_t>(wire::boot_milliseconds() * 2654435761);
    return number;
}

}  // namespace careplug::loader
