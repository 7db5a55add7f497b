#include "plugin_under_test.h"

#include <catch2/catch.hpp>

namespace careplug::test {

std::filesystem::path plugin_file(const std::string& name) {
    return std::filesystem::path(CAREPLUG_BUILD_DIR) / "plugins" / (name + ".so");
}

std::filesystem::path bad_plugin_file(const std::string& name) {
    return std::filesystem::path(CAREPLUG_BUILD_DIR) / "tests" / "bad-plugins" / (name + ".so");
}

std::filesystem::path sample_plugin_file(const std::string& name) {
    return std::filesystem::path(CAREPLUG_BUILD_DIR) / "tests" / "sample-plugins" / (name + ".so");
}

careplug_plugin_offer current_offer() {
    return {sizeof(careplug_plugin_offer), CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR, CAREPLUG_ABI_CANDIDATE};
}

careplug_plugin_answer empty_answer() {
    careplug_plugin_answer answer = {};
    answer.size = sizeof answer;
    return answer;
}

Answer call(DocumentFunction function, std::uint64_t policy, const std::string& document, std::int64_t time) {
    std::uint64_t length = 0;
    const careplug_status asked =
        function(policy, document.data(), document.size(), time, nullptr, 0, &length);
    std::string text(length, '?');
    std::uint64_t again = 0;
    const careplug_status status =
        function(policy, document.data(), document.size(), time, text.data(), text.size(), &again);
    CHECK(status == asked);
    CHECK(again == length);
    return {status, text};
}

PluginUnderTest::PluginUnderTest(const std::filesystem::path& file)
    : library_(file, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local),
      entry_(&library_.get<careplug_status(const careplug_plugin_offer*, careplug_plugin_answer*)>(
          "careplug_entry")) {
    const auto offer = current_offer();
    auto answer = empty_answer();
    REQUIRE(entry_(&offer, &answer) == CAREPLUG_OK);
    table_ = answer.policy;
    REQUIRE(table_ != nullptr);
}

OpenPolicy::OpenPolicy(const PluginUnderTest& plugin, const std::string& session) : table_(plugin.table()) {
    REQUIRE(table_.open(session.data(), session.size(), &handle_) == CAREPLUG_OK);
    REQUIRE(handle_ != 0);
}

}  // namespace careplug::test
