#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <utility>

#include "platform.h"

namespace careplug::loader {
namespace {

// Through a descriptor that cannot write, so that nothing in this process can make the map writable later
// either.
void* map_to_read(int descriptor, std::size_t size) {
    const std::string name = "/proc/self/fd/" + std::to_string(descriptor);
    const int reading = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
    void* memory =
        ::mmap(nullptr, size, PROT_READ, MAP_SHARED | MAP_POPULATE, reading >= 0 ? reading : descriptor, 0);
    if (reading >= 0) ::close(reading);
    return memory == MAP_FAILED ? nullptr : memory;
}

}  // namespace

SharedMemory::SharedMemory(SharedMemory&& from) noexcept
    : memory_(std::exchange(from.memory_, nullptr)),
      size_(std::exchange(from.size_, 0)),
      descriptor_(std::exchange(from.descriptor_, -1)) {}

SharedMemory& SharedMemory::operator=(SharedMemory&& from) noexcept {
    std::swap(memory_, from.memory_);
    std::swap(size_, from.size_);
    std::swap(descriptor_, from.descriptor_);
    return *this;
}

SharedMemory::~SharedMemory() {
    close_descriptor();
    if (memory_) ::munmap(const_cast<std::byte*>(memory_), size_);
}

SharedMemory SharedMemory::make(std::size_t size) {
    SharedMemory made;
    made.descriptor_ = ::memfd_create("careplug-flags", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    // All of it now: a page that the system cannot give later would end the host that reads it.
    if (made.descriptor_ < 0 || ::posix_fallocate(made.descriptor_, 0, static_cast<off_t>(size)) != 0 ||
        ::fcntl(made.descriptor_, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        return {};
    void* memory = map_to_read(made.descriptor_, size);
    if (!memory) return {};
    made.memory_ = static_cast<const std::byte*>(memory);
    made.size_ = size;
    return made;
}

void SharedMemory::close_descriptor() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

}  // namespace careplug::loader
