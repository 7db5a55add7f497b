// Handles: 32 bits of index and 32 bits of generation, so that one that was released, or never given, is
// recognised instead of followed.
#ifndef CAREPLUG_LOADER_HANDLE_TABLE_H
#define CAREPLUG_LOADER_HANDLE_TABLE_H

#include <careplug/base.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace careplug::loader {

enum class Kind : std::uint8_t { none, loader, session, request, patient, panel, operation, result, problem };

enum class Fault : std::uint8_t { none, zero, unknown, released, other_kind };

template <class T>
struct Found {
    std::shared_ptr<T> object;
    Fault fault = Fault::none;
    Kind wanted = Kind::none;
    Kind actual = Kind::none;
    explicit operator bool() const { return object != nullptr; }
};

// What the host did wrong, as a sentence for the vendor's developers.
std::string fault_sentence(Fault fault, Kind wanted, Kind actual);

class HandleTable {
public:
    // The first generation differs from process to process, so that a foreign handle is unknown here.
    explicit HandleTable(std::uint32_t seed) : seed_(seed) {}

    careplug_handle add(Kind kind, std::shared_ptr<void> object);
    Found<void> find(careplug_handle handle, Kind wanted) const;
    // Kind::none when it is not live.
    Kind kind(careplug_handle handle) const;
    // The caller lets the object go outside the table's lock. False when it is not live.
    bool remove(careplug_handle handle);

    template <class T>
    careplug_handle add(std::shared_ptr<T> object) {
        return add(T::kind, std::move(object));
    }
    template <class T>
    Found<T> find(careplug_handle handle) const {
        Found<void> found = find(handle, T::kind);
        return {std::static_pointer_cast<T>(std::move(found.object)), found.fault, found.wanted,
                found.actual};
    }

private:
    struct Slot {
        std::uint32_t generation = 0;
        Kind kind = Kind::none;
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
