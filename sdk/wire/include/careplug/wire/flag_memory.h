// The memory of a flag table that the loader gave, mapped to write. While this exists the thread that made it
// holds the table's mutex, and must be the one that ends it: when the thread or the process dies, however
// it dies, the kernel marks the mutex and every reader sees at once that nobody writes any more.
#ifndef CAREPLUG_WIRE_FLAG_MEMORY_H
#define CAREPLUG_WIRE_FLAG_MEMORY_H

#include <careplug/wire/flag_table.h>
#include <careplug/wire/messages.h>

#include <stdexcept>

namespace careplug::wire {

// The memory is not what the loader said, or there is none; what() is a sentence for a person.
class NoFlagMemory : public std::runtime_error {
public:
    NoFlagMemory(careplug_status status, const char* sentence)
        : std::runtime_error(sentence), status_(status) {}
    careplug_status status() const { return status_; }

private:
    careplug_status status_;
};

class FlagMemory {
public:
    // Throws NoFlagMemory. The descriptor stays the caller's.
    FlagMemory(const Table& told, int descriptor);
    ~FlagMemory();
    FlagMemory(const FlagMemory&) = delete;
    FlagMemory& operator=(const FlagMemory&) = delete;

    FlagTableWriter& table() { return table_; }

private:
    const std::size_t size_;
    void* const memory_;
    FlagTableWriter table_;
};

}  // namespace careplug::wire

#endif
