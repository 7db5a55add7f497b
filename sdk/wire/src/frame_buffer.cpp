#include <careplug/wire/stream.h>

namespace careplug::wire {

void FrameBuffer::add(View bytes) {
    if (malformed_) return;
    if (used_ > 0 && used_ == bytes_.size()) {
        bytes_.clear();
        used_ = 0;
    } else if (used_ > (std::size_t{1} << 16) && used_ > bytes_.size() / 2) {
        bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(used_));
        used_ = 0;
    }
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

std::optional<Message> FrameBuffer::next() {
    if (malformed_) return std::nullopt;
    Reader in(View(bytes_).subspan(used_));
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
    used_ += header_bytes + length;
    return message;
}

}  // namespace careplug::wire
