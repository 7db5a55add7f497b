// A program under test, and a folder that goes away with it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace careplug::test {

class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

// Runs until the object goes (SIGKILL) or it is stopped. Its standard error goes to a file of its own.
class Process {
public:
    Process(const std::filesystem::path& program, const std::vector<std::string>& arguments);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    pid_t pid() const { return pid_; }
    // The next line of standard output, without its end; nothing when the program ended or time is over.
    std::optional<std::string> read_line(int seconds = 20);
    std::string standard_error() const;
    void signal(int number) const;
    // The exit code, or 128 + signal. Kills after `seconds`.
    int wait(int seconds = 20);
    bool running();

private:
    std::filesystem::path error_file_;
    std::string pending_;
    pid_t pid_ = -1;
    int output_ = -1;
    std::optional<int> result_;
};

}  // namespace careplug::test
