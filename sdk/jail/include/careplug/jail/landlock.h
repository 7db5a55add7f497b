// Landlock: from enforce() on, this thread and what it starts reach only the files that were allowed. What is
// already open stays open.
#pragma once

#include <cstdint>
#include <string>

namespace careplug::jail {

class Landlock {
public:
    enum class Rights { read, read_and_execute, own };  // own: all that is done in a folder of one's own

    // Takes files, TCP (from version 4), signals and abstract sockets (from version 6).
    Landlock();
    ~Landlock();
    Landlock(const Landlock&) = delete;
    Landlock& operator=(const Landlock&) = delete;

    // Of this kernel; 0 where it has none.
    int version() const { return version_; }

    // A folder with all that is below, or one file. False where it cannot be opened.
    bool allow(const std::string& path, Rights rights);
    // What lies in memory alone needs no rule and gets none.
    void allow(int descriptor, Rights rights);
    void allow_connect(std::uint16_t port);
    // Needs no_new_privs.
    bool enforce();

private:
    std::uint64_t files_ = 0;
    int version_ = 0;
    int rules_ = -1;
};

}  // namespace careplug::jail
