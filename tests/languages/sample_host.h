// A sample host of samples/hosts, built and run as a vendor would: by the commands in its first comment, from
// host.h and libcareplug.so alone.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "services/exchange.h"

namespace careplug::test {

struct Ran {
    int exit_code = -1;
    std::vector<std::string> lines;
    std::string errors;

    std::string text() const;
    // The first line that begins so; empty where there is none.
    std::string line(const std::string& beginning) const;
};

class SampleHost {
public:
    // LANGUAGE is a folder of samples/hosts. Makes settings, identity, record and answers in FOLDER.
    SampleHost(const std::string& language, Exchange& exchange, std::filesystem::path folder);

    // Runs the command after "build:" in the sample; nothing to do where there is none.
    Ran build();
    // Runs it for this patient with the answers that ANSWERS names.
    Ran run(const std::string& nhs_number, const std::string& birth_date, const std::string& name);
    // Lets `careplug check-host` judge it.
    Ran check(const std::string& options, const std::string& nhs_number, const std::string& birth_date);
    // The answers that the host gives; by default those that a first plan needs.
    void answers(const nlohmann::json& items);

private:
    void write_inputs(const std::string& nhs_number, const std::string& birth_date);
    Ran shell(const std::string& command);
    std::string command(const std::string& what) const;

    std::filesystem::path folder_;
    std::filesystem::path source_;
    TokenSigner signer_;
};

// What the language needs and this computer lacks; empty when nothing.
std::string missing_tool(const std::string& language);

}  // namespace careplug::test
