// Memory that ends at a page nobody may touch: one byte too far ends the process, and the test with it.
#pragma once

#include <cstddef>
#include <string_view>

namespace careplug::tools {

class GuardedMemory {
public:
    explicit GuardedMemory(std::size_t size);
    // Holds the text, and no NUL behind it.
    explicit GuardedMemory(std::string_view text);
    ~GuardedMemory();
    GuardedMemory(const GuardedMemory&) = delete;
    GuardedMemory& operator=(const GuardedMemory&) = delete;

    char* data() { return begin_; }
    const char* data() const { return begin_; }
    std::size_t size() const { return size_; }
    std::string_view text() const { return {begin_, size_}; }
    // Whether the bytes of the page that lie before are as they were made.
    bool front_untouched() const;

private:
    std::size_t size_;
    std::size_t mapped_;
    char* map_;
    char* begin_;
};

}  // namespace careplug::tools
