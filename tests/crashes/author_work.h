// What the author's process does (author.h).
#pragma once

#include <random>

#include "crashes/author.h"

namespace careplug::test {

class Work {
public:
    Work(Exchange& exchange, std::filesystem::path folder, SignedIn who, const careplug_patient_key& patient,
         unsigned seed, long next, int pipe);
    // For ever. `asked` counts requests to come to rest, `go` those after which it goes on.
    [[noreturn]] void run(std::atomic<int>& asked, std::atomic<int>& go);

private:
    void tell(const std::string& line) const;
    void begin(const char* kind, const std::string& more = {}) const;
    void end(const char* kind, careplug_status status, const std::string& more = {}) const;
    bool open_form();
    bool form_arrives();
    bool type();
    void publish();
    void settle();
    void tell_engine();
    nlohmann::json engine() const;

    Exchange& exchange_;
    const std::filesystem::path folder_;
    const SignedIn who_;
    const careplug_patient_key key_;
    std::minstd_rand random_;
    long next_;
    const int pipe_;
    std::unique_ptr<TestHost> host_;
    careplug_handle patient_ = 0;
    careplug_handle panel_ = 0;
    bool core_answered_ = false;
};

}  // namespace careplug::test
