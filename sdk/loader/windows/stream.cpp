#include <careplug/wire/stream.h>

#include <utility>

// Streams are sockets to an engine. Windows has none yet, so every stream here is one whose other side ended.
namespace careplug::wire {

Stream::Stream(Stream&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      takes_(other.takes_),
      unsent_(std::move(other.unsent_)),
      buffer_(std::move(other.buffer_)),
      arrived_(std::move(other.arrived_)) {}

Stream& Stream::operator=(Stream&& other) noexcept {
    descriptor_ = std::exchange(other.descriptor_, -1);
    return *this;
}

Stream::~Stream() = default;

void Stream::close() {
    descriptor_ = -1;
}

void Stream::shut_down() {}

Outcome Stream::send(std::uint32_t, std::uint64_t, View, std::int64_t, std::span<const int>) {
    return Outcome::ended;
}

Outcome Stream::receive(Message&, std::int64_t) {
    return Outcome::ended;
}

}  // namespace careplug::wire
