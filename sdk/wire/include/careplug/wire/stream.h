// Frames over a connected AF_UNIX stream socket. Sending never raises SIGPIPE; nothing here throws but
// bad_alloc.
#ifndef CAREPLUG_WIRE_STREAM_H
#define CAREPLUG_WIRE_STREAM_H

#include <careplug/wire/bytes.h>
#include <careplug/wire/protocol.h>

#include <optional>

namespace careplug::wire {

struct Message {
    std::uint32_t kind = 0;
    std::uint64_t sequence = 0;
    Bytes payload;
    std::vector<int> descriptors;  // close-on-exec; the receiver owns them
};

// Bytes in, whole frames out. After malformed() nothing more comes: the stream cannot be trusted again.
class FrameBuffer {
public:
    // Never empty: for what comes next, and how much of it then came. A socket is read into its place.
    std::span<std::uint8_t> room();
    void came(std::size_t count) { end_ += count; }
    void add(View bytes);
    std::optional<Message> next();
    bool malformed() const { return malformed_; }

private:
    std::size_t expected() const;

    Bytes bytes_;  // what came and was not taken lies from begin_ to end_
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    bool malformed_ = false;
};

enum class Outcome { done, timeout, ended, malformed };

// CLOCK_BOOTTIME in milliseconds: goes on while the computer sleeps, is not changed with the wall clock.
std::int64_t boot_milliseconds();
inline constexpr std::int64_t no_deadline = INT64_MAX;

// One side of a socket; owns the descriptor. One thread may send while another receives.
class Stream {
public:
    Stream() = default;
    // Descriptors are taken only where they are expected (the engine's end of control); elsewhere the kernel
    // drops them, so that the other side cannot fill this process's table.
    enum class Takes { bytes, descriptors };
    explicit Stream(int descriptor, Takes takes = Takes::bytes) : descriptor_(descriptor), takes_(takes) {}
    Stream(Stream&& other) noexcept;
    Stream& operator=(Stream&& other) noexcept;
    ~Stream();

    int descriptor() const { return descriptor_; }
    explicit operator bool() const { return descriptor_ >= 0; }
    void close();
    // Ends both directions. Wakes a thread that waits in send or receive; it gets Outcome::ended.
    void shut_down();

    // Waits until the deadline (boot_milliseconds). After a timeout the frame was sent not at all, or in
    // part: then its rest goes before the next frame, so that the stream stays in step. A payload over
    // max_payload_bytes is Outcome::malformed and nothing is sent.
    Outcome send(std::uint32_t kind, std::uint64_t sequence, View payload,
                 std::int64_t deadline = no_deadline, std::span<const int> descriptors = {});
    Outcome receive(Message& message, std::int64_t deadline = no_deadline);
    // Takes what has arrived, without waiting: done with a frame, timeout when no whole frame is there.
    Outcome receive_now(Message& message) { return receive(message, 0); }

private:
    Outcome write(View header, View payload, std::size_t& sent, std::int64_t deadline,
                  std::span<const int> descriptors);
    Outcome fill(std::int64_t deadline);

    int descriptor_ = -1;
    Takes takes_ = Takes::bytes;
    Bytes unsent_;
    FrameBuffer buffer_;
    std::vector<int> arrived_;
    std::uint64_t bytes_in_ = 0;
    std::uint64_t bytes_out_ = 0;
    std::uint64_t arrived_with_ = 0;  // bytes_in_ when descriptors came
};

template <class Kind>
constexpr std::uint32_t kind_of(Kind kind) {
    return static_cast<std::uint32_t>(kind);
}

}  // namespace careplug::wire

#endif
