#include "guarded_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "trial.h"

namespace careplug::tools {

namespace {

constexpr char filled = '#';

std::size_t page() {
    return static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

GuardedMemory::GuardedMemory(std::size_t size)
    : size_(size), mapped_((size / page() + 1) * page() + page()), map_(nullptr), begin_(nullptr) {
    void* const memory = mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw NotRun("No memory for a guarded buffer: free some and try again.");
    map_ = static_cast<char*>(memory);
    const std::size_t usable = mapped_ - page();
    if (mprotect(map_ + usable, page(), PROT_NONE) != 0) {
        munmap(map_, mapped_);
        throw NotRun("A guard page could not be set.");
    }
    std::memset(map_, filled, usable);
    begin_ = map_ + usable - size_;
}

GuardedMemory::GuardedMemory(std::string_view text) : GuardedMemory(text.size()) {
    std::copy(text.begin(), text.end(), begin_);
}

GuardedMemory::~GuardedMemory() {
    munmap(map_, mapped_);
}

bool GuardedMemory::front_untouched() const {
    return std::all_of(static_cast<const char*>(map_), static_cast<const char*>(begin_),
                       [](char byte) { return byte == filled; });
}

}  // namespace careplug::tools
