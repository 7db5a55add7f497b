#include "arguments.h"

#include <charconv>
#include <sstream>

namespace careplug::tools {

Arguments::Arguments(const std::vector<std::string>& words, const std::set<std::string>& with_value,
                     const std::set<std::string>& without_value) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        std::string name = words[i];
        if (!name.starts_with("--")) {
            rest_.push_back(std::move(name));
            continue;
        }
        std::optional<std::string> value;
        if (const auto equals = name.find('='); equals != std::string::npos) {
            value = name.substr(equals + 1);
            name.resize(equals);
        }
        if (with_value.count(name) == 1) {
            if (!value && i + 1 < words.size()) value = words[++i];
            if (!value) throw UsageError(name + " needs a value.");
        } else if (without_value.count(name) == 0 || value) {
            throw UsageError("The option " + words[i] + " is not known here: see careplug help.");
        }
        options_[name] = value.value_or("");
    }
}

std::optional<std::string> Arguments::value(const std::string& option) const {
    const auto found = options_.find(option);
    if (found == options_.end()) return std::nullopt;
    return found->second;
}

std::vector<std::string> Arguments::list(const std::string& option) const {
    std::vector<std::string> parts;
    std::istringstream text(value(option).value_or(""));
    for (std::string part; std::getline(text, part, ',');) parts.push_back(part);
    return parts;
}

std::optional<std::uint64_t> Arguments::number(const std::string& option, std::uint64_t most) const {
    const auto text = value(option);
    if (!text) return std::nullopt;
    const auto number = whole_number(*text);
    if (!number || *number > most)
        throw UsageError(option + " needs a whole number from 0 to " + std::to_string(most) + ", not " +
                         *text + ".");
    return number;
}

std::optional<std::uint64_t> whole_number(const std::string& text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

}  // namespace careplug::tools
