#include <careplug/wire/stream.h>

#include <algorithm>
#include <utility>

namespace careplug::wire {
namespace {

// Most frames are small. What a frame says of its length is believed only as its bytes come.
constexpr std::size_t least_room = 4096;
constexpr std::size_t most_room_ahead = std::size_t{1} << 16;
// Kept for the next frame; what a larger one took is given back.
constexpr std::size_t most_kept = std::size_t{1} << 18;

}  // namespace

// How much is missing of the frame whose length is known.
std::size_t FrameBuffer::expected() const {
    const std::size_t waits = end_ - begin_;
    if (waits < header_bytes) return 0;
    Reader in(View(bytes_).subspan(begin_));
    const std::size_t whole = header_bytes + std::min<std::size_t>(in.u32(), max_payload_bytes);
    return whole - std::min(whole, waits);
}

std::span<std::uint8_t> FrameBuffer::room() {
    if (begin_ == end_) {
        begin_ = end_ = 0;
        if (bytes_.size() > most_kept) bytes_ = {};
    }
    const std::size_t wanted = std::clamp(expected(), least_room, std::max(most_room_ahead, end_ - begin_));
    if (bytes_.size() - end_ < wanted) {
        std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(begin_),
                  bytes_.begin() + static_cast<std::ptrdiff_t>(end_), bytes_.begin());
        end_ -= std::exchange(begin_, 0);
        if (bytes_.size() - end_ < wanted) bytes_.resize(end_ + wanted);
    }
    return std::span(bytes_).subspan(end_);
}

void FrameBuffer::add(View bytes) {
    while (!malformed_ && !bytes.empty()) {
        const auto to = room();
        const std::size_t count = std::min(to.size(), bytes.size());
        std::copy_n(bytes.begin(), count, to.begin());
        came(count);
        bytes = bytes.subspan(count);
    }
}

std::optional<Message> FrameBuffer::next() {
    if (malformed_) return std::nullopt;
    Reader in(View(bytes_).subspan(begin_, end_ - begin_));
    if (in.remaining() < header_bytes) return std::nullopt;
    const std::uint32_t length = in.u32();
    if (length > max_payload_bytes) {
        malformed_ = true;
        return std::nullopt;
    }
    Message message;
    message.kind = in.u32();
    message.sequence = in.u64();
    if (in.remaining() < length) return std::nullopt;
    const View payload = in.raw(length);
    message.payload.assign(payload.begin(), payload.end());
    begin_ += header_bytes + length;
    return message;
}

}  // namespace careplug::wire
