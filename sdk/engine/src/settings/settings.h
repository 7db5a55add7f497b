// The administrator's settings file. Every mistake in it is one sentence that says what to do.
#pragma once

#include <map>
#include <stdexcept>
#include <string>

namespace careplug::engine {

struct Settings {
    std::string exchange;  // base address, without a slash at its end
    std::string store;     // folder, mode 0700
    std::string key;       // file of 32 bytes, mode 0600
    std::string datasets;
    std::string plugins;
    std::string trust;  // folder of keys and rules for plugins; empty: no plugin is trusted
    std::map<std::string, std::string> kinds;  // host kind to the plugin's package
    int audit_days = 30;                       // what the exchange confirmed of the audit log is kept so long
    int last_known_days = 30;                  // likewise a plan that nobody looked at
    std::string log;                           // empty: stderr
    std::string authority;                     // certificate authority file for https; empty: the system's
};

class SettingsMistake : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

Settings read_settings(const std::string& path);

}  // namespace careplug::engine
