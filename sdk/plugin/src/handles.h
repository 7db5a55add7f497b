// The open policies of this library. A handle is index and generation, so that one that was closed or
// never given is recognised.
#pragma once

#include <careplug/plugin/policy.h>
#include <vector>

namespace careplug::plugin {

class Handles {
public:
    std::uint64_t add(std::unique_ptr<Policy> policy, std::shared_ptr<const Session> session);
    void remove(std::uint64_t handle) noexcept;

    struct Open {
        const Policy& policy;
        const Session& session;
    };
    // Throws EngineMistake for a stale or unknown handle.
    Open get(std::uint64_t handle) const;

private:
    struct Slot {
        std::unique_ptr<Policy> policy;
        std::shared_ptr<const Session> session;
        std::uint32_t generation = 1;
    };
    std::size_t index_of(std::uint64_t handle) const noexcept;  // size() where it is not live
    bool was_closed(std::uint64_t handle) const noexcept;
    std::vector<Slot> slots_;
};

}  // namespace careplug::plugin
