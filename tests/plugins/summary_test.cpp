#include <catch2/catch.hpp>

#include "documents.h"
#include "plugin_under_test.h"

using namespace careplug::test;
using Catch::Contains;
using nlohmann::json;

namespace {

struct Read {
    std::string text, html, valid_as_of;
};

Read summary_of(const OpenPolicy& policy, const std::string& plan) {
    const Answer answer = policy.summary(plan);
    INFO(answer.text);
    REQUIRE(answer.status == CAREPLUG_OK);
    CHECK(policy.summary(plan).text == answer.text);
    const json document = json::parse(answer.text);
    return {document.at("text"), document.at("html"), document.at("valid_as_of")};
}

}  // namespace

TEST_CASE("H1, H10: a summary names the person, and markup in a name or an answer stays text") {
    const auto* name = GENERATE("gp", "ooh", "ae");
    const PluginUnderTest plugin{std::string(name)};
    const OpenPolicy policy(plugin, session_document(name, "gp"));
    const Read summary = summary_of(policy, plan_document());
    CHECK_THAT(summary.text, Contains("<script>alert(1)</script>") && Contains("999 000 0018"));
    CHECK_THAT(summary.html, Contains("&lt;script&gt;alert(1)&lt;/script&gt;") &&
                                 Contains("Zo\u00eb &amp; &quot;Bo&quot;"));
    CHECK_THAT(summary.html, !Contains("<script") && !Contains("<b>"));
    CHECK_THAT(summary.html, Catch::StartsWith("<article") && Catch::EndsWith("</article>"));
}

TEST_CASE("H2: a summary carries its revision, when the plan changed and when it was checked") {
    const PluginUnderTest plugin{std::string("ooh")};
    const OpenPolicy policy(plugin, session_document("ooh", "ooh_clinician"));
    const Read summary = summary_of(policy, plan_document());
    CHECK(summary.valid_as_of == "2026-11-21T14:02:00Z");
    CHECK_THAT(summary.text, Contains("Revision 7, amended 2026-11-20T09:15:00Z") &&
                                 Contains("Valid as of 2026-11-21T14:02:00Z"));
}

TEST_CASE("H3: the CPR decision is always said, also where none is recorded") {
    const auto* name = GENERATE("gp", "ooh", "ae");
    const PluginUnderTest plugin{std::string(name)};
    const OpenPolicy policy(plugin, session_document(name, "gp"));
    CHECK_THAT(summary_of(policy, plan_document()).text,
               Contains("CPR: Not for attempted cardiopulmonary resuscitation"));
    auto answers = published_answers();
    answers.clear("cpr.decision");
    CHECK_THAT(summary_of(policy, plan_document("active", response_of(answers))).text,
               Contains("CPR: not recorded"));
}

TEST_CASE("H17: a patient's summary says of nothing that may be withheld that it is not recorded") {
    const PluginUnderTest plugin{std::string("patient")};
    const OpenPolicy policy(plugin, session_document("patient", "patient"));
    CHECK_THAT(summary_of(policy, plan_document()).text, Contains("Not for attempted"));
    auto answers = published_answers();
    answers.clear("cpr.decision");
    CHECK_THAT(summary_of(policy, plan_document("active", response_of(answers))).text, !Contains("CPR"));
}

TEST_CASE("H10: a long text is given whole") {
    const PluginUnderTest plugin{std::string("ae")};
    const OpenPolicy policy(plugin, session_document("ae", "ae_clinician"));
    auto answers = published_answers();
    const std::string advice = std::string(20'000, 'a') + " and last: call the hospice";
    answers.set("tep.text", advice);
    CHECK_THAT(summary_of(policy, plan_document("active", response_of(answers))).text, Contains(advice));
}

TEST_CASE("H12: a masked answer does not leave with a summary that lists it; that it exists is said") {
    // A data set whose out-of-hours summary starts with the key safe.
    json questionnaire = json::parse(urgent_care_plan().questionnaire);
    bool found = false;
    for (json& extension : questionnaire["extension"])
        if (extension.at("url") == "urn:x-local:careplug:summary" &&
            extension.dump().find("\"ooh\"") != std::string::npos) {
            extension["extension"].push_back({{"url", "link-id"}, {"valueString", "dem.keysafe"}});
            found = true;
        }
    REQUIRE(found);
    const PluginUnderTest plugin{std::string("ooh")};
    const OpenPolicy policy(plugin, session_with("ooh", questionnaire));
    const Read summary = summary_of(policy, plan_document());
    CHECK_THAT(summary.text + summary.html, !Contains("4711"));
    CHECK_THAT(summary.text, Contains(urgent_care_plan().find("dem.keysafe")->label() + ": recorded"));
}

TEST_CASE("H8: a suspended plan or one entered in error gives a sentence and no content") {
    const auto* status = GENERATE("on-hold", "entered-in-error", "", "a status of a later engine");
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    const Read summary = summary_of(policy, plan_document(status));
    CHECK_THAT(summary.text + summary.html, !Contains("Not for attempted") && !Contains("Comfort"));
}
