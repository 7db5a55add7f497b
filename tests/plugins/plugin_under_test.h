// A plugin as the engine meets it: loaded from its file, spoken to through the table alone.
#pragma once

#include <careplug/plugin.h>

#include <boost/dll/shared_library.hpp>
#include <cstdint>
#include <filesystem>
#include <string>

namespace careplug::test {

inline constexpr std::int64_t now = 1'795'269'731'000;  // 2026-11-21T14:02:11Z

std::filesystem::path plugin_file(const std::string& name);
std::filesystem::path bad_plugin_file(const std::string& name);
std::filesystem::path sample_plugin_file(const std::string& name);

struct Answer {
    careplug_status status;
    std::string text;
};

using DocumentFunction = careplug_status(CAREPLUG_CALL*)(std::uint64_t, const char*, std::uint64_t,
                                                         std::int64_t, char*, std::uint64_t, std::uint64_t*);

// Asks first for the length with no room at all, as a caller may, then with exactly enough.
Answer call(DocumentFunction function, std::uint64_t policy, const std::string& document,
            std::int64_t time = now);

class PluginUnderTest {
public:
    explicit PluginUnderTest(const std::filesystem::path& file);
    explicit PluginUnderTest(const std::string& name) : PluginUnderTest(plugin_file(name)) {}

    using Entry = decltype(&careplug_entry);
    Entry entry() const { return entry_; }
    const careplug_policy& table() const { return *table_; }

private:
    boost::dll::shared_library library_;
    Entry entry_;
    const careplug_policy* table_;
};

// One session's policy, closed at the end.
class OpenPolicy {
public:
    OpenPolicy(const PluginUnderTest& plugin, const std::string& session);
    ~OpenPolicy() { table_.close(handle_); }
    OpenPolicy(const OpenPolicy&) = delete;
    OpenPolicy& operator=(const OpenPolicy&) = delete;

    std::uint64_t handle() const { return handle_; }
    const careplug_policy& table() const { return table_; }
    Answer actions(const std::string& patient) const { return call(table_.actions, handle_, patient); }
    Answer panel(const std::string& request) const { return call(table_.panel, handle_, request); }
    Answer check(const std::string& response) const { return call(table_.check, handle_, response); }
    Answer summary(const std::string& plan) const { return call(table_.summary, handle_, plan); }
    Answer write_back(const std::string& plan) const { return call(table_.write_back, handle_, plan); }

private:
    const careplug_policy& table_;
    std::uint64_t handle_ = 0;
};

careplug_plugin_offer current_offer();
careplug_plugin_answer empty_answer();

}  // namespace careplug::test
