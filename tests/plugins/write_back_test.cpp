#include <catch2/catch.hpp>

#include "documents.h"
#include "plugin_under_test.h"

using namespace careplug::test;
using nlohmann::json;

namespace {

std::map<std::string, std::string> dates_by_code(const OpenPolicy& policy, const std::string& plan) {
    const Answer answer = policy.write_back(plan);
    INFO(answer.text);
    REQUIRE(answer.status == CAREPLUG_OK);
    CHECK(policy.write_back(plan).text == answer.text);
    std::map<std::string, std::string> entries;
    const json document = json::parse(answer.text);
    for (const json& entry : document.at("entries")) {
        CHECK(entry.at("code").at("system") == "http://snomed.info/sct");
        CHECK_FALSE(entry.at("text").get<std::string>().empty());
        entries[entry.at("code").at("code")] = entry.at("date");
    }
    return entries;
}

using Entries = std::map<std::string, std::string>;

}  // namespace

TEST_CASE("The GP record files the plan, the CPR decision with its date, advance decision and attorney") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    const Entries entries = dates_by_code(policy, plan_document());
    CHECK(entries.size() == 4);
    CHECK(entries.at(urgent_care_plan().plan_type.code) == "2026-11-20");
    CHECK(entries.at("450476008") == "2026-10-02");
    CHECK(entries.at("816301000000100") == "2025-01-31");
    CHECK(entries.at("816381000000105") == "2026-11-20");
}

TEST_CASE("H3: a legacy DNACPR code is filed as the code that other systems look for") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    auto answers = published_answers();
    answers.set("cpr.decision",
                careplug::plan::Coding{"http://snomed.info/sct", "304253006", "Not for resuscitation"});
    const Entries entries = dates_by_code(policy, plan_document("active", response_of(answers)));
    CHECK(entries.count("450476008") == 1);
    CHECK(entries.count("304253006") == 0);
}

TEST_CASE("Nothing is filed of a plan that is not active, nor answers that have no clinical code") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    CHECK(dates_by_code(policy, plan_document("on-hold")).empty());
    CHECK(dates_by_code(policy, plan_document("entered-in-error")).empty());
    auto answers = published_answers();
    const std::string local = "urn:x-local:careplug:urgent-care-plan";
    answers.set("cpr.decision",
                careplug::plan::Coding{local, "no-decision-recorded", "No decision recorded"});
    answers.set("leg.adrt", careplug::plan::Coding{local, "none-known", "None known"});
    answers.set("leg.lpa", careplug::plan::Coding{local, "not-asked", "Not asked"});
    CHECK(dates_by_code(policy, plan_document("active", response_of(answers))) ==
          Entries{{urgent_care_plan().plan_type.code, "2026-11-20"}});
}

TEST_CASE("Out-of-hours queue and A&E board keep no coded entries") {
    const auto* name = GENERATE("ooh", "ae");
    const PluginUnderTest plugin{std::string(name)};
    const OpenPolicy policy(plugin, session_document(name, "gp"));
    CHECK(dates_by_code(policy, plan_document()).empty());
}
