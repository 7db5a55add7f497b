// How the engine and a policy jail speak: one AF_UNIX stream socket pair, strictly question and answer.
//
// PROCESS
//   The engine starts `careplug-jail`, which lies beside it, for each plugin. The jail inherits 0, 1, 2
//   (/dev/null) and the descriptors below, nothing else; its environment is empty. End of file on the socket
//   means that the engine ended or gave this jail up.
//
// FRAMES (protocol.h)
//   jail -> engine  PolicyFrame::confined  text: what the sandbox holds and lacks. Sent before any code of
//   the
//                                          plugin runs, so that no plugin can word it.
//   jail -> engine  PolicyFrame::ready     the plugin was loaded: its document `plugin`.
//                   PolicyFrame::unfit     it was not: LoadFault and the plugin's own sentence. The jail
//                   ends.
//   engine -> jail  a PolicyCall with PolicyQuestion
//   jail -> engine  PolicyFrame::answer with the sequence of the question, but for PolicyCall::close, which
//   has
//                   none.
//   The engine believes nothing of it: a plugin that broke out of its functions speaks on this socket as the
//   jail does. Flags are records of careplug_policy_flag as they lie in memory: engine and jail are one
//   build.
#ifndef CAREPLUG_WIRE_POLICY_H
#define CAREPLUG_WIRE_POLICY_H

#include <careplug/wire/bytes.h>
#include <careplug/wire/protocol.h>

#include <optional>
#include <string_view>

namespace careplug::wire {

inline constexpr int jail_socket_descriptor = 3;
inline constexpr int jail_plugin_descriptor = 4;
// Of its own program, by which it was started; it closes it first.
inline constexpr int jail_program_descriptor = 5;

inline constexpr std::size_t max_policy_answer_bytes = std::size_t{8} << 20;

enum class PolicyFrame : std::uint32_t { confined = 2000, ready = 2001, unfit = 2002, answer = 2003 };

enum class PolicyCall : std::uint32_t {
    open = 2010,  // document `policy-session`; the answer is the handle
    close,
    flags,
    actions,
    panel,
    check,
    summary,
    write_back,
};

enum class LoadFault : std::uint32_t {
    no_library = 1,
    no_entry,
    other_version,
    lacks_functions,
    no_description,
    no_sandbox,  // the system refused what the plugin may not be called without
};

struct PolicyQuestion {
    std::uint64_t policy = 0;
    std::int64_t now = 0;
    View document;  // points into the payload
};

struct PolicyAnswer {
    enum class Kind : std::uint8_t { given, too_long };
    Kind kind = Kind::given;
    std::int32_t status = 0;
    View document;  // points into the payload
};

struct Unfit {
    LoadFault fault = LoadFault::no_library;
    std::string_view sentence;  // points into the payload; not yet looked at
};

Bytes encode(const PolicyQuestion& question);
Bytes encode(const PolicyAnswer& answer);
Bytes encode(const Unfit& unfit);

std::optional<PolicyQuestion> decode_policy_question(View payload);
std::optional<PolicyAnswer> decode_policy_answer(View payload);
std::optional<Unfit> decode_unfit(View payload);

inline View view_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view text_of(View bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace careplug::wire

#endif
