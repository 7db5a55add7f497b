// A folder that only root and the user of this process can change: it and every folder above it, up to the
// root. Opened one name at a time by descriptor, so that nothing can be exchanged between check and use, and
// through no link.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "descriptor.h"

namespace careplug::package {

class GuardedFolder {
public:
    // `what` names it in a sentence: "trust folder". Throws Refusal.
    GuardedFolder(const std::string& path, const std::string& what);

    const std::string& path() const { return path_; }  // absolute, without a slash at its end
    // Whatever lies there under this name, a broken link too.
    bool has(const std::string& name) const;
    std::vector<std::string> names() const;  // in order
    GuardedFolder folder(const std::string& name, const std::string& what) const;
    // A regular file of 1 to `most` bytes that root or this user owns and nobody else may write.
    Descriptor open(const std::string& name, std::size_t most) const;
    std::string read(const std::string& name, std::size_t most) const;

private:
    GuardedFolder(std::string path, Descriptor descriptor)
        : path_(std::move(path)), descriptor_(std::move(descriptor)) {}

    std::string path_;
    Descriptor descriptor_;
};

}  // namespace careplug::package
