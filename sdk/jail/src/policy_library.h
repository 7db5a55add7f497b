// The plugin, loaded into this process: its table of functions, or why it cannot be used.
#pragma once

#include <careplug/plugin.h>
#include <careplug/wire/policy.h>

#include <boost/dll/shared_library.hpp>
#include <string>

namespace careplug::jail {

class UnfitPlugin {
public:
    wire::LoadFault fault;
    std::string sentence;
};

class PolicyLibrary {
public:
    // Runs the constructors of the file behind the descriptor. Throws UnfitPlugin.
    explicit PolicyLibrary(int descriptor);

    // The handshake. Throws UnfitPlugin.
    const careplug_policy& table();

private:
    boost::dll::shared_library file_;
};

// Text of a function that writes to `out`, asked again with room where the first was too small. False when
// the answer is longer than max_policy_answer_bytes, or longer than the plugin said.
template <typename Call>
bool text_answer(std::string& out, careplug_status& status, const Call& call) {
    constexpr std::size_t first_room = 64 * 1024;
    std::uint64_t length = 0;
    out.resize(first_room);
    status = call(out.data(), out.size(), &length);
    if (length > out.size() && length <= wire::max_policy_answer_bytes) {
        out.resize(length);
        status = call(out.data(), out.size(), &length);
    }
    if (length > out.size()) return false;
    out.resize(length);
    return true;
}

}  // namespace careplug::jail
