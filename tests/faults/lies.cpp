#include "lies.h"

#include <careplug/wire/messages.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <random>
#include <vector>

namespace careplug::test {
namespace {

using namespace wire;

constexpr std::uint64_t nobodys = 0xDEAD0000;
constexpr int many_descriptors = 200;

Bytes header(const Truth& truth, std::size_t length, std::uint64_t sequence) {
    Writer out;
    out.u32(static_cast<std::uint32_t>(length));
    out.u32(kind_of(truth.kind));
    out.u64(sequence);
    return out.take();
}

void raw(const Stream& to, const Bytes& bytes) {
    for (std::size_t sent = 0; sent < bytes.size();) {
        const auto now = ::send(to.descriptor(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (now <= 0) return;
        sent += static_cast<std::size_t>(now);
    }
}

Bytes noise(std::size_t count) {
    static std::mt19937 random(7);
    Bytes bytes(count);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    return bytes;
}

Bytes joined(Bytes first, const Bytes& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

Bytes half(const Bytes& bytes) {
    return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2)};
}

void with_descriptors(const Stream& to, const Bytes& frame) {
    std::vector<int> files;
    for (int i = 0; i < many_descriptors; ++i) files.push_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    std::vector<char> room(CMSG_SPACE(sizeof(int) * many_descriptors));
    iovec part{const_cast<std::uint8_t*>(frame.data()), frame.size()};
    msghdr envelope{};
    envelope.msg_iov = &part;
    envelope.msg_iovlen = 1;
    envelope.msg_control = room.data();
    envelope.msg_controllen = room.size();
    cmsghdr* item = CMSG_FIRSTHDR(&envelope);
    item->cmsg_level = SOL_SOCKET;
    item->cmsg_type = SCM_RIGHTS;
    item->cmsg_len = CMSG_LEN(sizeof(int) * many_descriptors);
    std::memcpy(CMSG_DATA(item), files.data(), sizeof(int) * many_descriptors);
    const auto sent = ::sendmsg(to.descriptor(), &envelope, MSG_NOSIGNAL);
    for (const int file : files) ::close(file);
    // A socket that is full takes a part; the rest goes without.
    if (sent > 0 && static_cast<std::size_t>(sent) < frame.size())
        raw(to, {frame.begin() + sent, frame.end()});
}

template <class Payload>
void tell(Stream& events, Frame kind, const Payload& payload) {
    events.send(kind_of(kind), 0, encode(payload));
}

// Of a panel, a request and an operation that nobody has.
void nobodys_events(Stream& events) {
    Event event;
    event.kind = CAREPLUG_EVENT_PANEL;
    event.subject = nobodys;
    tell(events, Frame::event, event);
    event.kind = CAREPLUG_EVENT_REQUEST;
    event.subject = 0;
    tell(events, Frame::event, event);
    tell(events, Frame::operation, OperationState{});
}

}  // namespace

void answer(const std::string& fault, const Truth& truth, Stream& to, Stream* events) {
    const Bytes& payload = truth.payload;
    const auto framed = [&](std::size_t length, const Bytes& bytes) {
        return joined(header(truth, length, truth.sequence), bytes);
    };
    if (fault == "gigabyte") return raw(to, framed(std::size_t{1} << 30, Bytes(65536, 0)));
    if (fault == "over-limit") return raw(to, framed(max_payload_bytes + 1, Bytes(65536, 0)));
    if (fault == "noise") return raw(to, noise(4096));
    if (fault == "noise-in-frame") return raw(to, framed(512, noise(512)));
    if (fault == "cut-off") {
        raw(to, half(framed(payload.size(), payload)));
        return to.shut_down();
    }
    if (fault == "cut-in-frame") return raw(to, framed(payload.size() / 2, half(payload)));
    if (fault == "other-call")
        return raw(to, joined(header(truth, payload.size(), truth.sequence - 1), payload));
    if (fault == "descriptors") return with_descriptors(to, framed(payload.size(), payload));
    auto reply = truth.kind == Frame::reply ? decode_reply(payload) : std::nullopt;
    if (reply && fault == "other-patient") {
        reply->patient = truth.known_id + 1;
        if (reply->created != 0) reply->created = truth.known_id;
    }
    if (fault == "no-handle") {
        if (reply) reply->created = 0;
        if (events) nobodys_events(*events);
    }
    to.send(kind_of(truth.kind), truth.sequence, reply ? encode(*reply) : payload);
}

}  // namespace careplug::test
