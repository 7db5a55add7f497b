#include "handle_table.h"

#include "platform.h"

namespace careplug::loader {
namespace {

std::uint32_t index_of(careplug_handle handle) {
    return static_cast<std::uint32_t>(handle);
}
std::uint32_t generation_of(careplug_handle handle) {
    return static_cast<std::uint32_t>(handle >> 32);
}

const char* name(Kind kind) {
    switch (kind) {
        case Kind::none:
            break;
        case Kind::loader:
            return "the loader";
        case Kind::session:
            return "a session";
        case Kind::request:
            return "a request";
        case Kind::patient:
            return "a patient";
        case Kind::panel:
            return "a panel";
        case Kind::operation:
            return "an operation";
        case Kind::result:
            return "a result";
        case Kind::problem:
            return "a problem";
    }
    return "an object";
}

}  // namespace

std::string fault_sentence(Fault fault, Kind wanted, Kind actual) {
    const std::string needed = std::string("The handle of ") + name(wanted) + " is needed here";
    switch (fault) {
        case Fault::zero:
            return needed + ", and the calling program passed 0.";
        case Fault::released:
            return needed + ", and the calling program passed one that was closed or released before.";
        case Fault::other_kind:
            return needed + ", and the calling program passed the handle of " + name(actual) + ".";
        default:
            return needed + ", and the calling program passed one that was never given to it.";
    }
}

careplug_handle HandleTable::add(Kind kind, std::shared_ptr<void> object) {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) {
        slots_.push_back({seed_ | 1U, Kind::none, nullptr});
        seed_ = seed_ * 1664525U + 1013904223U;
        free_.reserve(slots_.size());
        free_.push_back(static_cast<std::uint32_t>(slots_.size() - 1));
    }
    const std::uint32_t index = free_.back();
    free_.pop_back();
    Slot& slot = slots_[index];
    slot.kind = kind;
    slot.object = std::move(object);
    return (careplug_handle{slot.generation} << 32) | (index + 1U);
}

const HandleTable::Slot* HandleTable::live(careplug_handle handle) const {
    const std::uint32_t index = index_of(handle);
    if (index == 0 || index > slots_.size()) return nullptr;
    const Slot& slot = slots_[index - 1];
    return slot.kind != Kind::none && slot.generation == generation_of(handle) ? &slot : nullptr;
}

Found<void> HandleTable::find(careplug_handle handle, Kind wanted) const {
    if (handle == 0) return {nullptr, Fault::zero, wanted, Kind::none};
    const std::lock_guard lock(mutex_);
    const Slot* slot = live(handle);
    if (!slot) {
        const std::uint32_t index = index_of(handle);
        const bool known = index >= 1 && index <= slots_.size();
        // Generations of one slot follow each other, so a near earlier one was given before.
        const bool before = known && slots_[index - 1].generation - generation_of(handle) - 1U < (1U << 24);
        return {nullptr, before ? Fault::released : Fault::unknown, wanted, Kind::none};
    }
    if (slot->kind != wanted) return {nullptr, Fault::other_kind, wanted, slot->kind};
    return {slot->object, Fault::none, wanted, wanted};
}

Kind HandleTable::kind(careplug_handle handle) const {
    const std::lock_guard lock(mutex_);
    const Slot* slot = live(handle);
    return slot ? slot->kind : Kind::none;
}

bool HandleTable::remove(careplug_handle handle) {
    std::shared_ptr<void> let_go;
    const std::lock_guard lock(mutex_);
    if (!live(handle)) return false;
    const std::uint32_t index = index_of(handle) - 1;
    Slot& slot = slots_[index];
    let_go = std::move(slot.object);
    slot.object = nullptr;
    slot.kind = Kind::none;
    if (++slot.generation == 0) slot.generation = 1;
    free_.push_back(index);
    return true;
}

HandleTable& handles() {
    static auto* const table = new HandleTable(random_number());
    return *table;
}

}  // namespace careplug::loader
