#include "options.h"

#include <people.h>

#include <charconv>
#include <cstdlib>
#include <stdexcept>

namespace careplug::sim {
namespace {

template <typename Number>
Number number(const std::string& name, const std::string& text, Number low, Number high) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < low || value > high)
        throw std::invalid_argument(name + " must be a number from " + std::to_string(low) + " to " +
                                    std::to_string(high) + ", not \"" + text + "\".");
    return value;
}

std::filesystem::path usual_folder() {
    if (const char* folder = std::getenv("XDG_DATA_HOME"); folder != nullptr && *folder != '\0')
        return std::filesystem::path(folder) / "careplug-sim";
    if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0')
        return std::filesystem::path(home) / ".local/share/careplug-sim";
    return "careplug-sim-data";
}

}  // namespace

std::string usage() {
    return "careplug-sim [--port N] [--data FOLDER] [--patients N] [--seed N] [--json]\n"
           "Starts an exchange and three simulated hosts, each with its own engine, and prints the address "
           "to open.\n"
           "  --port N       the start page; hosts and exchange take the next four (8080; 0 for any free "
           "ones)\n"
           "  --data FOLDER  where keys, stores and plans are kept; a second start finds them again\n"
           "  --patients N   patients on the A&E board, 40 to 200 (80)\n"
           "  --seed N       which people are invented (1)\n"
           "  --json         print one line: url, fhir, hosts and a token of a senior GP, good for ten "
           "minutes;\n"
           "                 FOLDER/token always holds one that is still good for several\n";
}

std::optional<Options> read_options(int count, char** values) {
    Options options;
    options.data = usual_folder();
    for (int i = 1; i < count; ++i) {
        std::string name = values[i];
        if (name == "--help" || name == "-h") return std::nullopt;
        if (name == "--json") {
            options.json = true;
            continue;
        }
        std::string value;
        if (const auto equals = name.find('='); equals != std::string::npos) {
            value = name.substr(equals + 1);
            name.resize(equals);
        } else if (i + 1 < count) {
            value = values[++i];
        } else {
            throw std::invalid_argument(name + " needs a value. careplug-sim --help lists the options.");
        }
        if (name == "--port")
            options.port = number<unsigned short>(name, value, 0, 65531);
        else if (name == "--patients")
            options.patients = number<std::size_t>(name, value, smallest_board, largest_board);
        else if (name == "--seed")
            options.seed = number<std::uint64_t>(name, value, 0, 1'000'000);
        else if (name == "--data" && !value.empty())
            options.data = value;
        else
            throw std::invalid_argument("There is no option " + name +
                                        ". careplug-sim --help lists the options.");
    }
    return options;
}

}  // namespace careplug::sim
