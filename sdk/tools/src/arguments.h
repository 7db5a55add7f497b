// The words of a command line: options with or without a value, and the rest in order.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace careplug::tools {

// What is wrong with a command line, and what to write instead.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class Arguments {
public:
    // Throws UsageError for an option that is not named here, or lacks its value.
    Arguments(const std::vector<std::string>& words, const std::set<std::string>& with_value,
              const std::set<std::string>& without_value);

    const std::vector<std::string>& rest() const { return rest_; }
    bool has(const std::string& option) const { return options_.count(option) == 1; }
    std::optional<std::string> value(const std::string& option) const;
    // The parts between commas; none where the option is not given.
    std::vector<std::string> list(const std::string& option) const;
    // Throws UsageError where the value is no whole number in the range.
    std::optional<std::uint64_t> number(const std::string& option, std::uint64_t most) const;

private:
    std::map<std::string, std::string> options_;
    std::vector<std::string> rest_;
};

std::optional<std::uint64_t> whole_number(const std::string& text);

}  // namespace careplug::tools
