#include "system/file_stamp.h"

#include <dirent.h>
#include <sys/stat.h>

#include <memory>
#include <set>

namespace careplug::engine {
namespace {

std::string moment(const timespec& time) {
    return std::to_string(time.tv_sec) + "." + std::to_string(time.tv_nsec);
}

std::string words(const struct stat& about) {
    return std::to_string(about.st_dev) + ":" + std::to_string(about.st_ino) + ":" +
           std::to_string(about.st_size) + ":" + moment(about.st_mtim) + ":" + moment(about.st_ctim);
}

}  // namespace

std::string stamp_of(const std::string& path) {
    struct stat about {};
    if (::lstat(path.c_str(), &about) != 0) return "none";
    std::string stamp = words(about);
    if (!S_ISDIR(about.st_mode)) return stamp;
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), ::closedir);
    std::set<std::string> names;
    while (const dirent* entry = folder ? ::readdir(folder.get()) : nullptr) names.insert(entry->d_name);
    for (const std::string& name : names)
        if (name != "." && name != ".." && ::lstat((path + "/" + name).c_str(), &about) == 0)
            stamp += "|" + name + "=" + words(about);
    return stamp;
}

bool is_another_file(const std::string& path, int open) {
    struct stat mine {};
    struct stat theirs {};
    if (::fstat(open, &mine) != 0 || ::stat(path.c_str(), &theirs) != 0) return false;
    return mine.st_dev != theirs.st_dev || mine.st_ino != theirs.st_ino;
}

}  // namespace careplug::engine
