#include "handles.h"

#include "barrier.h"

namespace careplug::plugin {

namespace {
constexpr std::size_t most_open = 4096;
}

std::uint64_t Handles::add(std::unique_ptr<Policy> policy, std::shared_ptr<const Session> session) {
    std::size_t index = 0;
    while (index < slots_.size() && slots_[index].policy) ++index;
    if (index == most_open) throw Refusal(CAREPLUG_REFUSED_BUSY, "4096 sessions are open. Close one first.");
    if (index == slots_.size()) slots_.emplace_back();
    slots_[index].policy = std::move(policy);
    slots_[index].session = std::move(session);
    return (std::uint64_t{slots_[index].generation} << 32) | (index + 1);
}

std::size_t Handles::index_of(std::uint64_t handle) const noexcept {
    const std::uint64_t index = (handle & 0xFFFFFFFFULL) - 1;  // 0 wraps to what no slot has
    if (index >= slots_.size()) return slots_.size();
    const Slot& slot = slots_[static_cast<std::size_t>(index)];
    const bool live = slot.policy && slot.generation == (handle >> 32);
    return live ? static_cast<std::size_t>(index) : slots_.size();
}

bool Handles::was_closed(std::uint64_t handle) const noexcept {
    const std::uint64_t index = (handle & 0xFFFFFFFFULL) - 1;
    const std::uint64_t generation = handle >> 32;
    return index < slots_.size() && generation != 0 &&
           generation < slots_[static_cast<std::size_t>(index)].generation;
}

void Handles::remove(std::uint64_t handle) noexcept {
    const std::size_t index = index_of(handle);
    if (index == slots_.size()) return;
    slots_[index].policy.reset();
    slots_[index].session.reset();
    ++slots_[index].generation;
}

Handles::Open Handles::get(std::uint64_t handle) const {
    const std::size_t index = index_of(handle);
    if (index == slots_.size())
        throw EngineMistake(CAREPLUG_REFUSED_HANDLE,
                            was_closed(handle) ? "with a policy that careplug_policy.close has already closed"
                                               : "with a policy that careplug_policy.open never gave");
    return {*slots_[index].policy, *slots_[index].session};
}

}  // namespace careplug::plugin
