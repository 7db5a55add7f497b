#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "platform.h"

namespace careplug::loader {
namespace {

bool add(int poll, int descriptor) {
    epoll_event item{};
    item.events = EPOLLIN;
    return ::epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &item) == 0;
}

void remove(int poll, int descriptor) {
    epoll_event item{};
    ::epoll_ctl(poll, EPOLL_CTL_DEL, descriptor, &item);
}

void close_descriptor(int& descriptor) {
    if (descriptor >= 0) ::close(std::exchange(descriptor, -1));
}

}  // namespace

void Alarm::close() {
    close_descriptor(poll_);
    close_descriptor(timer_);
}

bool Alarm::open() {
    poll_ = ::epoll_create1(EPOLL_CLOEXEC);
    timer_ = ::timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    return poll_ >= 0 && timer_ >= 0 && add(poll_, timer_);
}

void Alarm::listen(const wire::Stream& stream) {
    add(poll_, stream.descriptor());
}

void Alarm::forget(const wire::Stream& stream) {
    remove(poll_, stream.descriptor());
}

void Alarm::at(std::int64_t moment) {
    itimerspec when{};
    when.it_value.tv_sec = moment / 1000;
    when.it_value.tv_nsec = (moment % 1000) * 1000000;
    ::timerfd_settime(timer_, TFD_TIMER_ABSTIME, &when, nullptr);
}

void WaitHandle::close() {
    close_descriptor(poll_);
    close_descriptor(signal_);
}

bool WaitHandle::open(const Alarm& alarm) {
    poll_ = ::epoll_create1(EPOLL_CLOEXEC);
    signal_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return poll_ >= 0 && signal_ >= 0 && add(poll_, signal_) && add(poll_, alarm.descriptor());
}

bool WaitHandle::listen(const wire::Stream& events) {
    return add(poll_, events.descriptor());
}

void WaitHandle::forget(const wire::Stream& events) {
    remove(poll_, events.descriptor());
}

void WaitHandle::set(bool waiting) {
    if (waiting == waiting_ || signal_ < 0) return;
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
