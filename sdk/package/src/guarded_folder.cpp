#include <careplug/package/guarded_folder.h>
#include <careplug/package/refusal.h>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace careplug::package {

namespace {

struct FolderCloser {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

bool is_ours(const struct stat& facts) {
    return facts.st_uid == 0 || facts.st_uid == ::geteuid();
}

bool others_write(const struct stat& facts) {
    return (facts.st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

void check_owner(const struct stat& facts, const std::string& path) {
    if (!is_ours(facts))
        throw Refusal(path + " belongs to user " + std::to_string(facts.st_uid) +
                      ", who could change it: let root or the user of this program own it.");
}

void check_folder(int descriptor, const std::string& path, bool last) {
    struct stat facts {};
    if (::fstat(descriptor, &facts) != 0)
        throw Refusal(path + " cannot be looked at: " + std::strerror(errno) + ".");
    check_owner(facts, path);
    // In a folder such as /tmp each may make names but remove only their own: what is ours below it stays,
    // and that is checked at the next name. Nothing is kept directly in such a folder.
    const bool kept_apart = !last && (facts.st_mode & S_ISVTX) != 0;
    if (others_write(facts) && !kept_apart)
        throw Refusal("Others may write in the folder " + path +
                      ": chmod go-w it, and look at what it holds.");
}

// To go through and to look at alone: the folders above need no right to be read, nor does a sandbox give
// one.
Descriptor open_below(int parent, const std::string& name, const std::string& path, const std::string& what) {
    Descriptor opened(::openat(parent, name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (opened) return opened;
    const int error = errno;
    struct stat facts {};
    if (::fstatat(parent, name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0) {
        if (S_ISLNK(facts.st_mode)) throw Refusal(path + " is a link: name the " + what + " without links.");
        if (!S_ISDIR(facts.st_mode)) throw Refusal(path + " is no folder: name the " + what + ".");
    }
    if (error == ENOENT)
        throw Refusal("There is no " + what + " " + path + ": make it, or correct the name.");
    throw Refusal("The " + what + " " + path + " cannot be opened: " + std::strerror(error) + ".");
}

}  // namespace

GuardedFolder::GuardedFolder(const std::string& path, const std::string& what) {
    if (path.empty() || path[0] != '/' || path.find('\0') != std::string::npos)
        throw Refusal("The " + what + " must be named from the root (/…), not \"" + path + "\": correct it.");
    descriptor_ = Descriptor(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!descriptor_) throw Refusal(std::string("/ cannot be opened: ") + std::strerror(errno) + ".");
    std::size_t from = 1;
    while (from < path.size()) {
        const std::size_t end = std::min(path.find('/', from), path.size());
        const std::string name = path.substr(from, end - from);
        from = end + 1;
        if (name.empty()) continue;
        if (name == "." || name == "..")
            throw Refusal("The " + what + " " + path + " is named by way of \"" + name +
                          "\": name it directly.");
        check_folder(descriptor_.number(), path_.empty() ? "/" : path_, false);
        path_ += "/" + name;
        descriptor_ = open_below(descriptor_.number(), name, path_, what);
    }
    if (path_.empty()) throw Refusal("The " + what + " cannot be the root: name a folder.");
    check_folder(descriptor_.number(), path_, true);
}

bool GuardedFolder::has(const std::string& name) const {
    struct stat facts {};
    return ::fstatat(descriptor_.number(), name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT;
}

std::vector<std::string> GuardedFolder::names() const {
    // A description of its own, so that reading has a place of its own too.
    const int again = ::openat(descriptor_.number(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, FolderCloser> folder(again < 0 ? nullptr : ::fdopendir(again));
    if (!folder) {
        if (again >= 0) ::close(again);
        throw Refusal("The folder " + path_ + " cannot be read: " + std::strerror(errno) + ".");
    }
    std::vector<std::string> list;
    while (const dirent* entry = ::readdir(folder.get())) {
        const std::string name = entry->d_name;
        if (name != "." && name != "..") list.push_back(name);
    }
    std::sort(list.begin(), list.end());
    return list;
}

GuardedFolder GuardedFolder::folder(const std::string& name, const std::string& what) const {
    const std::string path = path_ + "/" + name;
    GuardedFolder below(path, open_below(descriptor_.number(), name, path, what));
    check_folder(below.descriptor_.number(), path, true);
    return below;
}

Descriptor GuardedFolder::open(const std::string& name, std::size_t most) const {
    const std::string path = path_ + "/" + name;
    struct stat facts {};
    if (::fstatat(descriptor_.number(), name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0)
        throw Refusal(errno == ENOENT ? "The file " + path + " is missing: install it again."
                                      : path + " cannot be looked at: " + std::strerror(errno) + ".");
    // Looked at before it is opened: opening a device can already do something.
    if (S_ISLNK(facts.st_mode)) throw Refusal(path + " is a link: put the file itself there.");
    if (!S_ISREG(facts.st_mode)) throw Refusal(path + " is no file: put the file itself there.");
    Descriptor file(::openat(descriptor_.number(), name.c_str(),
                             O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!file || ::fstat(file.number(), &facts) != 0)
        throw Refusal("The file " + path + " cannot be read: " + std::strerror(errno) + ".");
    if (!S_ISREG(facts.st_mode)) throw Refusal(path + " is no file: put the file itself there.");
    check_owner(facts, path);
    if (others_write(facts))
        throw Refusal("Others may write the file " + path + ": chmod go-w it, and install it again.");
    if (facts.st_size == 0) throw Refusal("The file " + path + " is empty: install it again.");
    if (facts.st_size < 0 || static_cast<std::size_t>(facts.st_size) > most)
        throw Refusal("The file " + path + " is larger than " + std::to_string(most) +
                      " bytes, the most that is read: install it again.");
    return file;
}

std::string GuardedFolder::read(const std::string& name, std::size_t most) const {
    const Descriptor file = open(name, most);
    std::string text(most + 1, '\0');
    std::size_t got = 0;
    while (got < text.size()) {
        const ssize_t count = ::read(file.number(), text.data() + got, text.size() - got);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0)
            throw Refusal("The file " + path_ + "/" + name + " cannot be read: " + std::strerror(errno) +
                          ".");
        if (count == 0) break;
        got += static_cast<std::size_t>(count);
    }
    if (got > most) throw Refusal("The file " + path_ + "/" + name + " grows while it is read: try again.");
    text.resize(got);
    return text;
}

}  // namespace careplug::package
