// The real exchange on a port and a folder of its own.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "support/http.h"
#include "support/process.h"
#include "support/token.h"

namespace careplug::test {

class Exchange {
public:
    // Serves the data sets of FOLDER/datasets, or where that is missing of this checkout, and trusts the keys
    // in FOLDER/trust.
    explicit Exchange(std::filesystem::path folder, std::filesystem::path program = built());
    static std::filesystem::path built();

    void start();  // on the same port as before
    void stop();   // SIGTERM
    void kill();   // SIGKILL
    int pid() const { return process_ ? process_->pid() : -1; }
    bool running() { return process_ && process_->running(); }

    const std::string& url() const { return front_.empty() ? url_ : front_; }
    // What hosts are told instead: the address of a server before this one.
    void stand_behind(std::string front) { front_ = std::move(front); }
    std::filesystem::path trust() const { return folder_ / "trust"; }
    std::string standard_error() const { return process_ ? process_->standard_error() : ""; }

private:
    std::filesystem::path folder_;
    std::filesystem::path program_;
    std::string port_ = "0";
    std::string url_;
    std::string front_;
    std::unique_ptr<Process> process_;
};

}  // namespace careplug::test
