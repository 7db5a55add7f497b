// A copy of a file in memory that nobody can change any more, hashed after it was sealed.
#pragma once

#include <careplug/package/descriptor.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace careplug::package {

struct SealedCopy {
    Descriptor memory;
    std::string sha256;  // hexadecimal
    std::uint64_t size = 0;
};

// Throws Refusal. `path` is for sentences.
SealedCopy sealed_copy(const Descriptor& file, const std::string& path, std::size_t most);

}  // namespace careplug::package
