#include "system/readable_files.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <unistd.h>

#include <filesystem>
#include <set>

namespace careplug::engine {
namespace {

namespace fs = std::filesystem;

enum class Reading { works, forbidden, fails };

Reading read(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file >= 0) {
        ::close(file);
        return Reading::works;
    }
    return errno == EACCES ? Reading::forbidden : Reading::fails;
}

// Of every library that is loaded: those that the C library adds for names of hosts lie beside it.
std::set<std::string> library_folders() {
    std::set<std::string> folders;
    const auto add = [](dl_phdr_info* about, std::size_t, void* to) {
        std::error_code failed;
        const fs::path file = fs::canonical(about->dlpi_name, failed);
        if (!failed && file.has_parent_path())
            static_cast<std::set<std::string>*>(to)->insert(file.parent_path());
        return 0;
    };
    ::dl_iterate_phdr(add, &folders);
    return folders;
}

// What a link of /etc leads to elsewhere is made anew there, so the folder counts.
std::string file_or_folder(const std::string& path) {
    std::error_code failed;
    const fs::path file = fs::canonical(path, failed);
    const fs::path folder = file.parent_path();
    return failed || folder == "/etc" || folder == "/" ? path : folder.string();
}

}  // namespace

ReadableFiles::ReadableFiles(const Settings& settings)
    : needed_{settings.plugins,   settings.trust,       settings.datasets, settings.authority,
              "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/hosts"},
      helpful_{"/etc/host.conf", "/etc/gai.conf", "/etc/services", "/etc/protocols", "/etc/localtime",
               "/usr/share/zoneinfo", "/etc/ld.so.cache",
               // Certificates of the system.
               "/etc/ssl", "/etc/pki", "/usr/lib/ssl", "/usr/share/ca-certificates",
               "/usr/local/share/ca-certificates", "/dev/urandom", "/dev/random",
               // What its jails use, and how many processors there are.
               "/proc", "/sys/devices/system/cpu"} {
    std::erase(needed_, "");
    for (const auto& folder : library_folders()) helpful_.push_back(folder);
}

void ReadableFiles::allow_in(jail::Landlock& landlock) const {
    for (const auto* list : {&needed_, &helpful_}) {
        for (const auto& path : *list) {
            landlock.allow(path, jail::Landlock::Rights::read);
            if (path.rfind("/etc/", 0) == 0)
                landlock.allow(file_or_folder(path), jail::Landlock::Rights::read);
        }
    }
}

void ReadableFiles::remember() {
    // What is not there yet may come.
    std::erase_if(needed_, [](const auto& path) { return read(path) == Reading::forbidden; });
}

std::string ReadableFiles::shut_out() const {
    for (const auto& path : needed_)
        if (read(path) == Reading::forbidden) return path;
    return {};
}

}  // namespace careplug::engine
