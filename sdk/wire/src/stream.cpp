#include <careplug/wire/stream.h>

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

namespace careplug::wire {
namespace {

constexpr std::size_t max_descriptors = 4;

// done when ready, timeout past the deadline. Hang-up counts as ready: the next send or receive says which.
Outcome wait_for(int descriptor, short events, std::int64_t deadline) {
    for (;;) {
        int wait = -1;
        if (deadline != no_deadline) {
            const std::int64_t left = deadline - boot_milliseconds();
            wait = static_cast<int>(std::clamp<std::int64_t>(left, 0, 1 << 30));
        }
        pollfd item{descriptor, events, 0};
        const int ready = ::poll(&item, 1, wait);
        if (ready > 0) return (item.revents & POLLNVAL) != 0 ? Outcome::ended : Outcome::done;
        if (ready == 0) return Outcome::timeout;
        if (errno != EINTR) return Outcome::ended;
    }
}

}  // namespace

std::int64_t boot_milliseconds() {
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1000000;
}

Stream::Stream(Stream&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      takes_(other.takes_),
      unsent_(std::move(other.unsent_)),
      buffer_(std::move(other.buffer_)),
      arrived_(std::move(other.arrived_)),
      bytes_in_(other.bytes_in_),
      bytes_out_(other.bytes_out_),
      arrived_with_(other.arrived_with_) {
    other.arrived_.clear();
}

Stream& Stream::operator=(Stream&& other) noexcept {
    if (this != &other) {
        close();
        descriptor_ = std::exchange(other.descriptor_, -1);
        takes_ = other.takes_;
        unsent_ = std::move(other.unsent_);
        buffer_ = std::move(other.buffer_);
        arrived_ = std::exchange(other.arrived_, {});
        bytes_in_ = other.bytes_in_;
        bytes_out_ = other.bytes_out_;
        arrived_with_ = other.arrived_with_;
    }
    return *this;
}

Stream::~Stream() {
    close();
}

void Stream::close() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
    for (const int extra : arrived_) ::close(extra);
    arrived_.clear();
    unsent_.clear();
    buffer_ = {};
}

void Stream::shut_down() {
    if (descriptor_ >= 0) ::shutdown(descriptor_, SHUT_RDWR);
}

Outcome Stream::write(View header, View payload, std::size_t& sent, std::int64_t deadline,
                      std::span<const int> descriptors) {
    while (sent < header.size() + payload.size()) {
        std::array<iovec, 2> parts{};
        std::size_t count = 0;
        const auto add = [&](View bytes) {
            if (!bytes.empty()) parts[count++] = {const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
        };
        add(header.subspan(std::min(sent, header.size())));
        add(payload.subspan(sent - std::min(sent, header.size())));
        msghdr envelope{};
        envelope.msg_iov = parts.data();
        envelope.msg_iovlen = count;
        alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * max_descriptors)> ancillary{};
        if (sent == 0 && !descriptors.empty()) {
            envelope.msg_control = ancillary.data();
            envelope.msg_controllen = CMSG_SPACE(sizeof(int) * descriptors.size());
            cmsghdr* item = CMSG_FIRSTHDR(&envelope);
            item->cmsg_level = SOL_SOCKET;
            item->cmsg_type = SCM_RIGHTS;
            item->cmsg_len = CMSG_LEN(sizeof(int) * descriptors.size());
            ::memcpy(CMSG_DATA(item), descriptors.data(), sizeof(int) * descriptors.size());
        }
        const ssize_t now = ::sendmsg(descriptor_, &envelope, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (now > 0) {
            sent += static_cast<std::size_t>(now);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            const Outcome ready = wait_for(descriptor_, POLLOUT, deadline);
            if (ready != Outcome::done) return ready;
        } else if (errno != EINTR) {
            return Outcome::ended;
        }
    }
    return Outcome::done;
}

Outcome Stream::send(std::uint32_t kind, std::uint64_t sequence, View payload, std::int64_t deadline,
                     std::span<const int> descriptors) {
    if (descriptor_ < 0) return Outcome::ended;
    if (payload.size() > max_payload_bytes || descriptors.size() > max_descriptors) return Outcome::malformed;
    std::size_t sent = 0;
    Outcome outcome = write(unsent_, {}, sent, deadline, {});
    unsent_.erase(unsent_.begin(), unsent_.begin() + static_cast<std::ptrdiff_t>(sent));
    if (outcome != Outcome::done) return outcome;

    Writer writer;
    writer.u32(static_cast<std::uint32_t>(payload.size()));
    writer.u32(kind);
    writer.u64(sequence);
    const Bytes header = writer.take();
    sent = 0;
    outcome = write(header, payload, sent, deadline, descriptors);
    if (outcome == Outcome::timeout && sent > 0) {
        const std::size_t of_header = std::min(sent, header.size());
        unsent_.assign(header.begin() + static_cast<std::ptrdiff_t>(of_header), header.end());
        const View rest = payload.subspan(sent - of_header);
        unsent_.insert(unsent_.end(), rest.begin(), rest.end());
    }
    return outcome;
}

Outcome Stream::fill(std::int64_t deadline) {
    const auto room = buffer_.room();
    for (;;) {
        iovec part{room.data(), room.size()};
        alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * max_descriptors)> ancillary{};
        msghdr envelope{};
        envelope.msg_iov = &part;
        envelope.msg_iovlen = 1;
        if (takes_ == Takes::descriptors) {
            envelope.msg_control = ancillary.data();
            envelope.msg_controllen = ancillary.size();
        }
        const ssize_t now = ::recvmsg(descriptor_, &envelope, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
        if (now < 0) {
            if (errno == EINTR) continue;
            if (errno != EAGAIN && errno != EWOULDBLOCK) return Outcome::ended;
            if (deadline <= 0) return Outcome::timeout;  // nobody waits: no call to learn the same again
            const Outcome ready = wait_for(descriptor_, POLLIN, deadline);
            if (ready != Outcome::done) return ready;
            continue;
        }
        const std::size_t before = arrived_.size();
        for (cmsghdr* item = CMSG_FIRSTHDR(&envelope); item; item = CMSG_NXTHDR(&envelope, item)) {
            if (item->cmsg_level != SOL_SOCKET || item->cmsg_type != SCM_RIGHTS) continue;
            const std::size_t count = (item->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            for (std::size_t i = 0; i < count; ++i) {
                int arrived = -1;
                ::memcpy(&arrived, CMSG_DATA(item) + i * sizeof(int), sizeof(int));
                arrived_.push_back(arrived);
            }
        }
        if (arrived_.size() > max_descriptors) return Outcome::malformed;
        if (now == 0) return Outcome::ended;
        bytes_in_ += static_cast<std::uint64_t>(now);
        if (arrived_.size() > before) arrived_with_ = bytes_in_;
        buffer_.came(static_cast<std::size_t>(now));
        return Outcome::done;
    }
}

Outcome Stream::receive(Message& message, std::int64_t deadline) {
    if (descriptor_ < 0) return Outcome::ended;
    for (;;) {
        if (auto next = buffer_.next()) {
            message = std::move(*next);
            bytes_out_ += header_bytes + message.payload.size();
            // The kernel ends a read after bytes that came with descriptors: they belong to the frame that
            // those bytes end, or begin.
            if (bytes_out_ >= arrived_with_) message.descriptors = std::exchange(arrived_, {});
            return Outcome::done;
        }
        if (buffer_.malformed()) return Outcome::malformed;
        const Outcome outcome = fill(deadline);
        if (outcome != Outcome::done) return outcome;
    }
}

}  // namespace careplug::wire
