#include "handle_table.h"

#include <array>
#include <string>

#include "platform.h"
#include "trace.h"

namespace careplug::loader {
namespace {

std::uint32_t index_of(careplug_handle handle) {
    return static_cast<std::uint32_t>(handle);
}
std::uint32_t generation_of(careplug_handle handle) {
    return static_cast<std::uint32_t>(handle >> 32);
}

std::string words(Kind kind, careplug_handle handle) {
    constexpr std::array names = {"nothing", "loader",    "session", "request", "patient",
                                  "panel",   "operation", "result",  "problem"};
    return std::string(names[static_cast<std::size_t>(kind)]) + ' ' + std::to_string(handle);
}

std::string_view ended_by_words(wire::Function by) {
    return by == wire::Function::none ? "engine" : wire::contract(by).name;
}

}  // namespace

careplug_handle HandleTable::add(Kind kind, std::shared_ptr<void> object) {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) {
        slots_.push_back({seed_ | 1U, Kind::none, wire::Function::none, nullptr});
        seed_ = seed_ * 1664525U + 1013904223U;
        free_.reserve(slots_.size());
        free_.push_back(static_cast<std::uint32_t>(slots_.size() - 1));
    }
    const std::uint32_t index = free_.back();
    free_.pop_back();
    Slot& slot = slots_[index];
    slot.kind = kind;
    slot.object = std::move(object);
    const careplug_handle handle = (careplug_handle{slot.generation} << 32) | (index + 1U);
    if (trace().on()) [[unlikely]]
        trace().handed("given " + words(kind, handle));
    return handle;
}

const HandleTable::Slot* HandleTable::live(careplug_handle handle) const {
    const std::uint32_t index = index_of(handle);
    if (index == 0 || index > slots_.size()) return nullptr;
    const Slot& slot = slots_[index - 1];
    return slot.kind != Kind::none && slot.generation == generation_of(handle) ? &slot : nullptr;
}

Found<void> HandleTable::find(careplug_handle handle, Kind wanted) const {
    if (handle == 0) return {{Fault::zero, wanted}, nullptr};
    const std::lock_guard lock(mutex_);
    const Slot* slot = live(handle);
    if (!slot) {
        const std::uint32_t index = index_of(handle);
        const bool known = index >= 1 && index <= slots_.size();
        if (!known) return {{Fault::unknown, wanted}, nullptr};
        // Generations of one slot follow each other, so a near earlier one was given before.
        const std::uint32_t age = slots_[index - 1].generation - generation_of(handle);
        if (age == 1) return {{Fault::released, wanted, Kind::none, slots_[index - 1].ended_by}, nullptr};
        return {{age != 0 && age < (1U << 24) ? Fault::released_earlier : Fault::unknown, wanted}, nullptr};
    }
    if (slot->kind != wanted) return {{Fault::other_kind, wanted, slot->kind}, nullptr};
    return {{Fault::none, wanted, wanted}, slot->object};
}

Kind HandleTable::kind(careplug_handle handle) const {
    const std::lock_guard lock(mutex_);
    const Slot* slot = live(handle);
    return slot ? slot->kind : Kind::none;
}

bool HandleTable::remove(careplug_handle handle, wire::Function by) {
    std::shared_ptr<void> let_go;
    const std::lock_guard lock(mutex_);
    if (!live(handle)) return false;
    const std::uint32_t index = index_of(handle) - 1;
    Slot& slot = slots_[index];
    if (trace().on()) [[unlikely]]
        trace().handed("ended " + words(slot.kind, handle) + ' ' + std::string(ended_by_words(by)));
    let_go = std::move(slot.object);
    slot.object = nullptr;
    slot.kind = Kind::none;
    slot.ended_by = by;
    if (++slot.generation == 0) slot.generation = 1;
    free_.push_back(index);
    return true;
}

HandleTable& handles() {
    static auto* const table = new HandleTable(random_number());
    return *table;
}

}  // namespace careplug::loader
