#include "settings.h"

#include <charconv>
#include <string_view>

#include "problem.h"

namespace careplug::exchange {

namespace {

std::uint16_t port_of(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size())
        throw StartProblem("--port takes a number from 0 to 65535; 0 is any port that is free.");
    return port;
}

void check(const Settings& settings) {
    if (settings.data.empty() || settings.trust.empty() || settings.data_sets.empty())
        throw StartProblem(std::string("--data, --trust and --datasets are needed. ") + usage());
    if (settings.listen != "127.0.0.1")
        throw StartProblem(
            "careplug-exchange listens on 127.0.0.1 alone: leave --listen out, and put nothing in front of "
            "it that "
            "other machines can reach.");
    if (!std::filesystem::is_directory(settings.trust))
        throw StartProblem("The trust folder " + settings.trust.string() +
                           " is missing: make it and put the hosts' public keys there, each as KID.pem.");
}

}  // namespace

const char* usage() {
    return "Usage: careplug-exchange --data DIR --port N --trust DIR --datasets DIR [--listen 127.0.0.1]";
}

Settings read_settings(int count, const char* const* arguments) {
    Settings settings;
    for (int i = 1; i < count; ++i) {
        const std::string_view name = arguments[i];
        if (name == "--help") {
            settings.help = true;
            return settings;
        }
        if (i + 1 == count)
            throw StartProblem("The option " + std::string(name) + " has no value. " + usage());
        const char* value = arguments[++i];
        if (name == "--data")
            settings.data = value;
        else if (name == "--trust")
            settings.trust = value;
        else if (name == "--datasets")
            settings.data_sets = value;
        else if (name == "--port")
            settings.port = port_of(value);
        else if (name == "--listen")
            settings.listen = value;
        else
            throw StartProblem("There is no option " + std::string(name) + ". " + usage());
    }
    check(settings);
    return settings;
}

}  // namespace careplug::exchange
