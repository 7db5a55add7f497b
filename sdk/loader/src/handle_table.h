// Handles: 32 bits of index and 32 bits of generation, so that one that was released, or never given, is
// recognised instead of followed.
#ifndef CAREPLUG_LOADER_HANDLE_TABLE_H
#define CAREPLUG_LOADER_HANDLE_TABLE_H

#include <careplug/wire/contract.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace careplug::loader {

enum class Kind : std::uint8_t { none, loader, session, request, patient, panel, operation, result, problem };

enum class Fault : std::uint8_t { none, zero, unknown, released, released_earlier, other_kind };

struct HandleFault {
    Fault fault = Fault::none;
    Kind wanted = Kind::none;
    Kind actual = Kind::none;
    wire::Function ended_by = wire::Function::none;  // when released
};

template <class T>
struct Found : HandleFault {
    std::shared_ptr<T> object;
    explicit operator bool() const { return object != nullptr; }
};

class HandleTable {
public:
    // The first generation differs from process to process, so that a foreign handle is unknown here.
    explicit HandleTable(std::uint32_t seed) : seed_(seed) {}

    careplug_handle add(Kind kind, std::shared_ptr<void> object);
    Found<void> find(careplug_handle handle, Kind wanted) const;
    // Kind::none when it is not live.
    Kind kind(careplug_handle handle) const;
    // The caller lets the object go outside the table's lock. False when it is not live.
    bool remove(careplug_handle handle, wire::Function by = wire::Function::none);

    template <class T>
    careplug_handle add(std::shared_ptr<T> object) {
        return add(T::kind, std::move(object));
    }
    template <class T>
    Found<T> find(careplug_handle handle) const {
        Found<void> found = find(handle, T::kind);
        return {static_cast<const HandleFault&>(found), std::static_pointer_cast<T>(std::move(found.object))};
    }

private:
    struct Slot {
        std::uint32_t generation = 0;
        Kind kind = Kind::none;
        wire::Function ended_by = wire::Function::none;  // the object of the generation before
        std::shared_ptr<void> object;
    };
    const Slot* live(careplug_handle handle) const;

    mutable std::mutex mutex_;
    std::vector<Slot> slots_;
    std::vector<std::uint32_t> free_;
    std::uint32_t seed_;
};

// The flat functions have no object to keep it in. Never destroyed: the host may call from its own exit
// handlers.
HandleTable& handles();

}  // namespace careplug::loader

#endif
