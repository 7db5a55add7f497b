// The memory of a flag table that the loader gave, mapped to write. While this exists the thread that made it
// holds the table's mutex, and must be the one that ends it: when the thread or the process dies, however
// it dies, the kernel marks the mutex and every reader sees at once that nobody writes any more.
#pragma once

#include <careplug/wire/flag_table.h>
#include <careplug/wire/messages.h>

namespace careplug::engine {

class FlagMemory {
public:
    // Throws Problem where the memory is not what the loader said. The descriptor stays the caller's.
    FlagMemory(const wire::Table& told, int descriptor);
    ~FlagMemory();
    FlagMemory(const FlagMemory&) = delete;
    FlagMemory& operator=(const FlagMemory&) = delete;

    wire::FlagTableWriter& table() { return table_; }

private:
    const std::size_t size_;
    void* const memory_;
    wire::FlagTableWriter table_;
};

}  // namespace careplug::engine
