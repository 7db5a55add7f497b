#include "new_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "arguments.h"

namespace careplug::tools {

void write_whole_file(const std::filesystem::path& file, std::string_view text, mode_t mode) {
    const std::string beside = file.string() + ".new";
    ::unlink(beside.c_str());
    const int opened = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    bool good = opened >= 0 && ::fchmod(opened, mode) == 0;
    while (good && !text.empty()) {
        const ssize_t count = ::write(opened, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        good = count > 0;
        if (good) text.remove_prefix(static_cast<std::size_t>(count));
    }
    good = good && ::fsync(opened) == 0;
    good = good && ::rename(beside.c_str(), file.c_str()) == 0;
    const std::string why = good ? "" : std::strerror(errno);
    if (opened >= 0) ::close(opened);
    if (good) return;
    ::unlink(beside.c_str());
    throw UsageError(file.string() + " cannot be written: " + why + ".");
}

}  // namespace careplug::tools
