// Little-endian bytes, written and read. The reader never reads past its end: after the first failure it
// yields zeros and ok() is false, so that a caller may read a whole message and ask once.
#ifndef CAREPLUG_WIRE_BYTES_H
#define CAREPLUG_WIRE_BYTES_H

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace careplug::wire {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

class Writer {
public:
    void u8(std::uint8_t value);
    void u32(std::uint32_t value);
    void i32(std::int32_t value) { u32(static_cast<std::uint32_t>(value)); }
    void u64(std::uint64_t value);
    void i64(std::int64_t value) { u64(static_cast<std::uint64_t>(value)); }
    void text(std::string_view value);
    void raw(View bytes);
    void reserve(std::size_t size) { bytes_.reserve(size); }

    std::size_t size() const { return bytes_.size(); }
    Bytes take() { return std::move(bytes_); }

private:
    Bytes bytes_;
};

class Reader {
public:
    explicit Reader(View bytes) : rest_(bytes) {}

    std::uint8_t u8();
    std::uint32_t u32();
    std::int32_t i32() { return static_cast<std::int32_t>(u32()); }
    std::uint64_t u64();
    std::int64_t i64() { return static_cast<std::int64_t>(u64()); }
    // Points into the bytes given.
    std::string_view text();
    View raw(std::size_t size);
    // Copies what there is of `field`, for fixed arrays inside records.
    void fill(std::span<std::uint8_t> field);

    std::size_t remaining() const { return rest_.size(); }
    bool ok() const { return ok_; }
    // Everything was read, and nothing is left over.
    bool finished() const { return ok_ && rest_.empty(); }
    void fail() { ok_ = false, rest_ = {}; }

private:
    View rest_;
    bool ok_ = true;
};

// UTF-8 as the standard allows it (no surrogates, nothing overlong) and without NUL.
bool valid_text(std::string_view text);

}  // namespace careplug::wire

#endif
