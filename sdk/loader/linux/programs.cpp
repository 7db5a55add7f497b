#include <careplug/wire/protocol.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <memory>

#include "platform.h"

namespace careplug::loader {
namespace {

// The file that is mapped where this function lies. The name the dynamic linker keeps may be relative to a
// working folder that the host has left since.
std::string own_file_from_maps(std::uintptr_t address) {
    const int maps = ::open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (maps < 0) return {};
    std::string text;
    std::array<char, 4096> chunk;
    for (ssize_t got = 0; (got = ::read(maps, chunk.data(), chunk.size())) > 0;)
        text.append(chunk.data(), static_cast<std::size_t>(got));
    ::close(maps);
    for (std::size_t start = 0; start < text.size();) {
        std::size_t end = text.find('\n', start);
        if (end == std::string::npos) end = text.size();
        const std::string line = text.substr(start, end - start);
        start = end + 1;
        char* dash = nullptr;
        const std::uintptr_t low = ::strtoull(line.c_str(), &dash, 16);
        const std::uintptr_t high = *dash == '-' ? ::strtoull(dash + 1, nullptr, 16) : 0;
        const std::size_t path = line.find('/');
        if (address >= low && address < high && path != std::string::npos) return line.substr(path);
    }
    return {};
}

std::string own_file() {
    Dl_info info{};
    const auto* here = reinterpret_cast<const void*>(&own_file);
    if (::dladdr(here, &info) != 0 && info.dli_fname && info.dli_fname[0] == '/') return info.dli_fname;
    return own_file_from_maps(reinterpret_cast<std::uintptr_t>(here));
}

// Above those that a started program has, so that none of them is put over it.
int open_program(const std::string& path) {
    const int opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (opened < 0) return -1;
    const int above = ::fcntl(opened, F_DUPFD_CLOEXEC, wire::control_descriptor + 2);
    ::close(opened);
    return above;
}

bool lies_at(const std::string& path, int opened) {
    struct stat mine {};
    struct stat there {};
    const bool none = ::stat(path.c_str(), &there) != 0;
    if (opened < 0) return none;
    return !none && ::fstat(opened, &mine) == 0 && mine.st_dev == there.st_dev && mine.st_ino == there.st_ino;
}

}  // namespace

std::shared_ptr<const Programs> Programs::installed() {
    const std::string file = own_file();
    if (file.empty()) return nullptr;
    const std::unique_ptr<char, void (*)(void*)> real(::realpath(file.c_str(), nullptr), ::free);
    if (!real) return nullptr;
    std::string folder(real.get());
    folder.resize(folder.rfind('/') + 1);
    const std::shared_ptr<Programs> found(new Programs);
    found->engine_path_ = folder + "careplug-engine";
    found->jail_path_ = folder + "careplug-jail";
    found->engine_ = open_program(found->engine_path_);
    found->jail_ = open_program(found->jail_path_);
    if (found->engine_ < 0) return nullptr;
    return found;
}

Programs::~Programs() {
    if (engine_ >= 0) ::close(engine_);
    if (jail_ >= 0) ::close(jail_);
}

bool Programs::still_there() const {
    return lies_at(engine_path_, engine_) && lies_at(jail_path_, jail_);
}

}  // namespace careplug::loader
