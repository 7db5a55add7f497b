#include "platform.h"

// There is no engine for Windows, so careplug_open refuses before it asks for a socket or a process, and no
// session ever comes to be. What would need one fails as it would with a system that has none left.
namespace careplug::loader {

std::string_view why_no_engine() {
    return "There is no engine for Windows yet: whether a patient has a care plan is not known on this "
           "computer. "
           "Run this program on Linux, or ask for care plans in your usual way.";
}

SocketPair socket_pair() {
    return {};
}

std::shared_ptr<const Programs> Programs::installed() {
    return nullptr;
}

Programs::~Programs() = default;

bool Programs::still_there() const {
    return false;
}

std::string EngineProcess::start(const Programs&, const wire::Stream&) {
    return std::string(why_no_engine());
}

void EngineProcess::kill() {}

void EngineProcess::kill_last() {}

void EngineProcess::kill_former() {}

void EngineProcess::bury() {}

void EngineProcess::end(std::int64_t) {}

void Alarm::close() {}

bool Alarm::open() {
    return false;
}

void Alarm::listen(const wire::Stream&) {}

void Alarm::forget(const wire::Stream&) {}

void Alarm::at(std::int64_t) {}

void WaitHandle::close() {}

bool WaitHandle::open(const Alarm&) {
    return false;
}

bool WaitHandle::listen(const wire::Stream&) {
    return false;
}

void WaitHandle::forget(const wire::Stream&) {}

void WaitHandle::set(bool) {}

SharedMemory::SharedMemory(SharedMemory&&) noexcept = default;
SharedMemory& SharedMemory::operator=(SharedMemory&&) noexcept = default;
SharedMemory::~SharedMemory() = default;

SharedMemory SharedMemory::make(std::size_t) {
    return {};
}

void SharedMemory::close_descriptor() {}

void wait_for_bytes(const wire::Stream&, const wire::Stream*, std::int64_t) {}

}  // namespace careplug::loader
