// Everything that reads bytes of the other side: no input may crash it, make it read outside, or take memory
// beyond what came. What decodes is encoded again and has to decode to the same bytes.
#include <careplug/wire/calls.h>
#include <careplug/wire/messages.h>
#include <careplug/wire/policy.h>
#include <careplug/wire/stream.h>

#include <algorithm>
#include <cstdlib>

using namespace careplug::wire;

namespace {

template <class Decode>
void stable(View bytes, Decode decode) {
    const auto first = decode(bytes);
    if (!first) return;
    const Bytes once = encode(*first);
    const auto second = decode(once);
    if (!second || encode(*second) != once) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const View bytes(data, size);
    stable(bytes, decode_hello);
    stable(bytes, decode_hello_answer);
    stable(bytes, decode_reply);
    stable(bytes, decode_event);
    stable(bytes, decode_table);
    stable(bytes, decode_operation);
    stable(bytes, decode_policy_question);
    stable(bytes, decode_policy_answer);
    stable(bytes, decode_unfit);
    for (const auto& each : signatures) decode(each.call, bytes);

    FrameBuffer buffer;
    std::size_t out = 0;
    for (View rest = bytes; !rest.empty();) {
        const std::size_t piece = std::min<std::size_t>(rest.size(), 1U + rest[0] % 64U);
        buffer.add(rest.first(piece));
        rest = rest.subspan(piece);
        while (const auto message = buffer.next()) out += header_bytes + message->payload.size();
    }
    if (out > size) std::abort();
    return 0;
}
