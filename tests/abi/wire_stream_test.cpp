#include <careplug/wire/stream.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <thread>

using namespace careplug::wire;

namespace {

struct Pair {
    Stream a;
    Stream b;
};

Pair make(Stream::Takes takes = Stream::Takes::bytes) {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    return {Stream(ends[0]), Stream(ends[1], takes)};
}

Bytes frame(std::uint32_t length, std::uint32_t kind, std::size_t payload) {
    Writer out;
    out.u32(length);
    out.u32(kind);
    out.u64(5);
    out.raw(Bytes(payload, 0xAB));
    return out.take();
}

}  // namespace

TEST_CASE("the bytes of a frame are fixed: little-endian, no padding") {
    Pair pair = make();
    REQUIRE(pair.a.send(0x01020304, 0x1122334455667788, Bytes{9}) == Outcome::done);
    Bytes bytes(32);
    REQUIRE(::recv(pair.b.descriptor(), bytes.data(), bytes.size(), 0) == 17);
    bytes.resize(17);
    CHECK(bytes == Bytes{1, 0, 0, 0, 4, 3, 2, 1, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 9});
}

TEST_CASE("frames come whole whatever the pieces") {
    const Bytes bytes = frame(3, 7, 3);
    FrameBuffer buffer;
    for (int round = 0; round < 3; ++round) {
        for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
            buffer.add(View(bytes).subspan(i, 1));
            CHECK_FALSE(buffer.next());
        }
        buffer.add(View(bytes).last(1));
        const auto message = buffer.next();
        REQUIRE(message);
        CHECK(message->kind == 7);
        CHECK(message->sequence == 5);
        CHECK(message->payload == Bytes(3, 0xAB));
    }
}

TEST_CASE("a frame above the limit is malformed before its bytes come") {
    FrameBuffer buffer;
    buffer.add(frame(max_payload_bytes + 1, 7, 0));
    CHECK_FALSE(buffer.next());
    CHECK(buffer.malformed());
    buffer.add(frame(3, 7, 3));
    CHECK_FALSE(buffer.next());
}

TEST_CASE("a frame takes memory as its bytes come, and a large one leaves none behind") {
    FrameBuffer announced;
    announced.add(frame(max_payload_bytes, 7, 0));
    CHECK_FALSE(announced.next());
    CHECK(announced.room().size() <= 1U << 17);

    FrameBuffer large;
    large.add(frame(4U << 20, 7, 4U << 20));
    CHECK(large.next());
    CHECK(large.room().size() <= 1U << 18);
    large.add(frame(3, 8, 3));
    CHECK(large.next());
}

TEST_CASE("a large frame passes a small socket while the other side reads") {
    Pair pair = make();
    const Bytes large(4U << 20, 0x5A);
    // Assertions are one thread's alone.
    Outcome read{};
    Message message;
    std::thread reader([&] { read = pair.b.receive(message); });
    CHECK(pair.a.send(1, 1, large) == Outcome::done);
    reader.join();
    CHECK(read == Outcome::done);
    CHECK(message.payload == large);
}

TEST_CASE("after a time-out in the middle of a frame the rest goes first, and the stream stays in step") {
    Pair pair = make();
    const Bytes large(4U << 20, 0x5A);
    CHECK(pair.a.send(1, 1, large, boot_milliseconds() + 20) == Outcome::timeout);
    CHECK(pair.a.send(2, 2, Bytes{1}, boot_milliseconds() + 20) == Outcome::timeout);
    Outcome first{}, second{};
    Message begun, next;
    std::thread reader([&] {
        first = pair.b.receive(begun);
        second = pair.b.receive(next);
    });
    CHECK(pair.a.send(3, 3, Bytes{2}) == Outcome::done);
    reader.join();
    CHECK(first == Outcome::done);
    CHECK(begun.payload == large);
    CHECK(second == Outcome::done);
    CHECK(next.kind == 3);
}

TEST_CASE("the end of the other side is told to both directions, without a signal") {
    Pair pair = make();
    pair.b.close();
    Message message;
    CHECK(pair.a.receive(message) == Outcome::ended);
    CHECK(pair.a.send(1, 1, Bytes(10)) == Outcome::ended);
    CHECK(pair.b.send(1, 1, Bytes(10)) == Outcome::ended);
}

TEST_CASE("receive_now never waits and loses nothing") {
    Pair pair = make();
    Message message;
    CHECK(pair.b.receive_now(message) == Outcome::timeout);
    pair.a.send(1, 1, Bytes{1});
    pair.a.send(2, 2, Bytes{2});
    CHECK(pair.b.receive_now(message) == Outcome::done);
    CHECK(pair.b.receive_now(message) == Outcome::done);
    CHECK(message.kind == 2);
    CHECK(pair.b.receive_now(message) == Outcome::timeout);
}

TEST_CASE("descriptors arrive where they are expected and nowhere else") {
    int pipe_ends[2];
    REQUIRE(::pipe(pipe_ends) == 0);
    const int sent[] = {pipe_ends[0], pipe_ends[1]};
    Message message;
    Pair taking = make(Stream::Takes::descriptors);
    REQUIRE(taking.a.send(1, 1, Bytes{1}, no_deadline, sent) == Outcome::done);
    REQUIRE(taking.b.receive(message) == Outcome::done);
    REQUIRE(message.descriptors.size() == 2);
    CHECK((::fcntl(message.descriptors[0], F_GETFD) & FD_CLOEXEC) != 0);
    for (const int descriptor : message.descriptors) ::close(descriptor);

    Pair plain = make();
    REQUIRE(plain.a.send(1, 1, Bytes{1}, no_deadline, sent) == Outcome::done);
    REQUIRE(plain.b.receive(message) == Outcome::done);
    CHECK(message.descriptors.empty());
    for (const int descriptor : sent) ::close(descriptor);
}

TEST_CASE(
    "descriptors belong to the frame that they were sent with, also behind frames that were not read yet") {
    Pair pair = make(Stream::Takes::descriptors);
    const int given[] = {pair.a.descriptor()};
    REQUIRE(pair.a.send(1, 1, Bytes{1}) == Outcome::done);
    REQUIRE(pair.a.send(2, 2, Bytes{2}, no_deadline, given) == Outcome::done);
    REQUIRE(pair.a.send(3, 3, Bytes{3}) == Outcome::done);
    for (const std::uint32_t kind : {1U, 2U, 3U}) {
        Message message;
        REQUIRE(pair.b.receive_now(message) == Outcome::done);
        CHECK(message.kind == kind);
        CHECK(message.descriptors.size() == (kind == 2 ? 1 : 0));
        for (const int descriptor : message.descriptors) ::close(descriptor);
    }
}
