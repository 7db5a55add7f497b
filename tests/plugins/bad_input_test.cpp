#include <catch2/catch.hpp>

#include "documents.h"
#include "plugin_under_test.h"

using namespace careplug::test;

namespace {

struct Named {
    const char* name;
    DocumentFunction careplug_policy::*function;
};

constexpr Named document_functions[] = {{"actions", &careplug_policy::actions},
                                        {"panel", &careplug_policy::panel},
                                        {"check", &careplug_policy::check},
                                        {"summary", &careplug_policy::summary},
                                        {"write_back", &careplug_policy::write_back}};

bool refused(careplug_status status) {
    return status >= CAREPLUG_REFUSED && status < CAREPLUG_FAILED;
}

}  // namespace

TEST_CASE("A document that cannot be read is refused with a sentence that quotes none of it") {
    const auto* name = GENERATE("gp", "ooh", "ae");
    const PluginUnderTest plugin{std::string(name)};
    const OpenPolicy policy(plugin, session_document(name, "gp"));
    const std::vector<std::string> wrong = {
        "",
        "not JSON, Marlowe",
        "{\"knowledge\": \"Marlowe",
        "[\"Marlowe\"]",
        "\"Marlowe\"",
        "{\"knowledge\": [\"Marlowe\"], \"action\": 7, \"header\": \"Marlowe\", \"item\": \"Marlowe\"}",
        std::string("{\"action\": \"\xC3\x28 Marlowe\"}"),
        std::string("{\"action\": \"\xED\xA0\x80 Marlowe\"}"),
        std::string("{\"action\": \"\0 Marlowe\"}", 23),
        std::string(200'000, '[') + std::string(200'000, ']'),
    };
    for (const auto& each : document_functions)
        for (const std::string& document : wrong) {
            INFO(each.name << " of " << document.substr(0, 60));
            const Answer answer = call(policy.table().*each.function, policy.handle(), document);
            CHECK(refused(answer.status));
            CHECK_FALSE(answer.text.empty());
            CHECK_THAT(answer.text, !Catch::Contains("Marlowe"));
        }
}

TEST_CASE("A document of more than 16 MB is refused") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    const std::string large = "{\"knowledge\": \"" + std::string(17 * 1024 * 1024, 'x') + "\"}";
    CHECK(policy.actions(large).status == CAREPLUG_REFUSED_ARGUMENT);
}

TEST_CASE("Null texts, null results and impossible times are refused") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    const std::string patient = patient_document("plan", true);
    char out[64] = {};
    std::uint64_t length = 0;
    const auto& table = policy.table();
    CHECK(table.actions(policy.handle(), nullptr, 5, now, out, sizeof out, &length) ==
          CAREPLUG_REFUSED_ARGUMENT);
    CHECK(table.actions(policy.handle(), patient.data(), patient.size(), now, out, sizeof out, nullptr) ==
          CAREPLUG_REFUSED_ARGUMENT);
    CHECK(table.actions(policy.handle(), patient.data(), patient.size(), now, nullptr, 64, &length) ==
          CAREPLUG_REFUSED_ARGUMENT);
    CHECK(table.describe(nullptr, 0, nullptr) == CAREPLUG_REFUSED_ARGUMENT);
    CHECK(table.open(patient.data(), patient.size(), nullptr) == CAREPLUG_REFUSED_ARGUMENT);
    CHECK(call(table.panel, policy.handle(), panel_request("create"), INT64_MAX).status ==
          CAREPLUG_REFUSED_ARGUMENT);
    CHECK(call(table.panel, policy.handle(), panel_request("create"), INT64_MIN).status ==
          CAREPLUG_REFUSED_ARGUMENT);
}

TEST_CASE("Where the room is one byte short nothing beyond it is written and the need is told") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    const std::string patient = patient_document("plan", true);
    const std::string whole = policy.actions(patient).text;
    std::string out(whole.size() + 8, '#');
    std::uint64_t length = 0;
    CHECK(policy.table().actions(policy.handle(), patient.data(), patient.size(), now, out.data(),
                                 whole.size() - 1, &length) == CAREPLUG_OK);
    CHECK(length == whole.size());
    CHECK(out.substr(whole.size() - 1) == std::string(9, '#'));
    CHECK(policy.table().actions(policy.handle(), patient.data(), patient.size(), now, out.data(), out.size(),
                                 &length) == CAREPLUG_OK);
    CHECK(out == whole + std::string(8, '#'));
}

TEST_CASE("A handle that is stale, foreign or null is refused by every function") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy live(plugin, session_document("gp", "gp"));
    std::uint64_t stale = 0;
    {
        const OpenPolicy closed(plugin, session_document("gp", "gp"));
        stale = closed.handle();
    }
    const OpenPolicy successor(plugin, session_document("gp", "gp"));
    CHECK(successor.handle() != stale);
    for (const std::uint64_t handle :
         {std::uint64_t{0}, stale, live.handle() ^ (std::uint64_t{1} << 40), std::uint64_t{UINT64_MAX}})
        for (const auto& each : document_functions) {
            INFO(each.name);
            const Answer answer = call(live.table().*each.function, handle, "{}");
            CHECK(answer.status == CAREPLUG_REFUSED_HANDLE);
            CHECK(answer.text == std::string("The engine called careplug_policy.") + each.name +
                                     (handle == stale
                                          ? " with a policy that careplug_policy.close has already closed."
                                          : " with a policy that careplug_policy.open never gave."));
        }
    live.table().close(stale);
    live.table().close(0);
    CHECK(live.actions(patient_document("plan", true)).status == CAREPLUG_OK);
    CHECK(successor.actions(patient_document("plan", true)).status == CAREPLUG_OK);
}

TEST_CASE("A session that cannot be read is not opened") {
    const PluginUnderTest plugin{std::string("gp")};
    for (const std::string session :
         {"", "[]", "{\"view\": 3}", "{\"data_sets\": [{\"resourceType\": \"Patient\"}]}",
          "{\"data_sets\": [7]}", "{\"view\": \"\xFF\"}"}) {
        INFO(session);
        std::uint64_t handle = 9;
        CHECK(refused(plugin.table().open(session.data(), session.size(), &handle)));
        CHECK(handle == 0);
    }
}

TEST_CASE("A refusal says what is wrong") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    CHECK_THAT(policy.actions("{\"knowledge\": ").text, Catch::Contains("not JSON"));
    CHECK_THAT(policy.actions("\xFF").text, Catch::Contains("UTF-8"));
    CHECK_THAT(policy.summary("{}").text, Catch::Contains("header"));
    auto response = full_response();
    response["item"] = {{{"linkId", "cpr.date"}, {"answer", {{{"valueDate", 7}}}}}};
    const Answer wrong = policy.check(response.dump());
    CHECK(wrong.status == CAREPLUG_REFUSED_ARGUMENT);
    CHECK_THAT(wrong.text, Catch::Contains("cpr.date"));
}

TEST_CASE("Answers of a data set that the session does not know are refused, not guessed") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    auto response = full_response();
    response["questionnaire"] = "http://example.org/other|9";
    CHECK(policy.summary(plan_document("active", response)).status == CAREPLUG_REFUSED_ARGUMENT);
    CHECK(policy.check(response.dump()).status == CAREPLUG_REFUSED_ARGUMENT);
}
