// A program that this one starts, reads one line of, and ends. It dies with its parent: its standard input is
// a pipe whose other end the parent holds, and Linux sends it SIGTERM when the parent's thread ends.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace careplug::sim {

class Child {
public:
    // Waits for the first line of standard output. Throws std::runtime_error with the last words of standard
    // error when the program ends before it. Standard error goes to `log`.
    Child(const std::filesystem::path& program, const std::vector<std::string>& arguments,
          const std::filesystem::path& log);
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    pid_t process() const { return pid_; }
    const std::string& first_line() const { return first_line_; }
    bool running();
    // SIGTERM, and SIGKILL when that is not heard within some seconds.
    void stop();

private:
    void read_first_line(const std::filesystem::path& program, const std::filesystem::path& log);
    pid_t pid_ = -1;
    int lifeline_ = -1;  // its standard input
    int output_ = -1;
    std::string first_line_;
};

}  // namespace careplug::sim
