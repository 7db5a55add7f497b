#include "system/installation.h"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

#include "system/file_stamp.h"

namespace careplug::engine {
namespace {

constexpr const char* own_program = "/proc/self/exe";

std::string own_folder() {
    std::string own(4096, '\0');
    const ssize_t length = ::readlink(own_program, own.data(), own.size());
    own.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
    own.resize(own.rfind('/') == std::string::npos ? 0 : own.rfind('/') + 1);
    return own;
}

}  // namespace

// Not the name that the link gives: of a program that was replaced already it says "(deleted)".
Installation::Installation(package::Descriptor jail)
    : folder_(own_folder()),
      engine_path_(folder_ + "careplug-engine"),
      jail_path_(folder_ + "careplug-jail"),
      engine_(::open(own_program, O_PATH | O_CLOEXEC)),
      jail_(jail ? std::move(jail) : package::Descriptor(::open(jail_path_.c_str(), O_PATH | O_CLOEXEC))) {}

bool Installation::replaced() {
    if (!is_another_file(engine_path_, engine_.number()) && !is_another_file(jail_path_, jail_.number()))
        return false;
    std::string now = stamp_of(engine_path_) + stamp_of(jail_path_);
    if (now == told_) return false;
    if (now != seen_) {
        seen_ = std::move(now);
        return false;
    }
    told_ = std::move(now);
    return true;
}

}  // namespace careplug::engine
