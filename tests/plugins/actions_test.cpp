#include <catch2/catch.hpp>

#include "documents.h"
#include "plugin_under_test.h"

using namespace careplug::test;

namespace {

using Words = std::vector<std::string>;

// Ids in order; the main button is marked with "!".
Words offered(const OpenPolicy& policy, const std::string& patient) {
    const Answer answer = policy.actions(patient);
    REQUIRE(answer.status == CAREPLUG_OK);
    CHECK(policy.actions(patient).text == answer.text);
    Words ids;
    const auto document = nlohmann::json::parse(answer.text);
    for (const auto& action : document.at("actions")) {
        CHECK_FALSE(action.at("label").get<std::string>().empty());
        ids.push_back(action.at("id").get<std::string>() + (action.at("primary").get<bool>() ? "!" : ""));
    }
    return ids;
}

bool offers(const Words& ids, const std::string& id) {
    return std::any_of(ids.begin(), ids.end(),
                       [&](const std::string& each) { return each == id || each == id + "!"; });
}

}  // namespace

TEST_CASE("H3: nothing offers to create a plan unless it is freshly known that there is none") {
    const auto* name = GENERATE("gp", "ooh", "ae");
    const PluginUnderTest plugin{std::string(name)};
    const OpenPolicy policy(plugin, session_document(name, "gp"));
    for (const std::string knowledge :
         {"not-known", "plan", "suspended", "closed", "removed", "", "a word of a later engine"})
        for (const bool fresh : {true, false})
            CHECK_FALSE(offers(offered(policy, patient_document(knowledge, fresh)), "create"));
    CHECK_FALSE(offers(offered(policy, patient_document("no-plan", false)), "create"));
    CHECK_FALSE(offers(offered(policy, "{}"), "create"));
    CHECK(offers(offered(policy, patient_document("no-plan", true)), "create"));
}

TEST_CASE("The GP record offers to create, to read and edit, to continue a draft") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    CHECK(offered(policy, patient_document("no-plan", true)) == Words{"create!"});
    CHECK(offered(policy, patient_document("plan", true, false, 7)) == Words{"read!", "edit", "note"});
    CHECK(offered(policy, patient_document("plan", true, true, 7)) == Words{"continue!", "read", "note"});
    CHECK(offered(policy, patient_document("no-plan", true, true)) == Words{"continue!"});
    const auto labels = nlohmann::json::parse(policy.actions(patient_document("no-plan", true)).text);
    CHECK(labels.at("actions").at(0).at("label") == "Create urgent care plan");
}

TEST_CASE("The out-of-hours queue puts the contact note first, the A&E board reading") {
    const PluginUnderTest ooh{std::string("ooh")};
    const OpenPolicy queue(ooh, session_document("ooh", "ooh_clinician", false));
    CHECK(offered(queue, patient_document("plan", true, false, 7)) == Words{"read", "note!"});
    const PluginUnderTest ae{std::string("ae")};
    const OpenPolicy nurse(ae, session_document("ae", "ae_clinician", false));
    CHECK(offered(nurse, patient_document("plan", true, false, 7)) == Words{"read!", "note"});
    const OpenPolicy consultant(ae, session_document("ae", "hospital_clinician"));
    CHECK(offered(consultant, patient_document("plan", true, false, 7)) == Words{"read!", "edit", "note"});
}

TEST_CASE("A role that may neither edit nor add notes is offered reading alone") {
    const auto* name = GENERATE("gp", "ooh", "ae");
    const PluginUnderTest plugin{std::string(name)};
    const OpenPolicy policy(plugin, session_document(name, "nhs111_call_handler", false, false));
    CHECK(offered(policy, patient_document("plan", true, true, 7)) == Words{"read!"});
    CHECK(offered(policy, patient_document("no-plan", true)).empty());
}

TEST_CASE("H2: a plan last known can be read and noted upon, not edited") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    CHECK(offered(policy, patient_document("not-known", false, false, 7)) == Words{"read!", "note"});
    CHECK(offered(policy, patient_document("not-known", false)).empty());
    CHECK_FALSE(offers(offered(policy, patient_document("plan", false, false, 7)), "edit"));
}

TEST_CASE("H8: what was last known as suspended cannot be read") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    CHECK(offered(policy, R"({"knowledge": "not-known", "last_knowledge": "suspended", "revision": 7})")
              .empty());
    CHECK(offered(policy, R"({"knowledge": "not-known", "last_knowledge": "plan", "revision": 7})") ==
          Words{"read!", "note"});
}

TEST_CASE("While a change waits to be sent nothing offers another") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    CHECK(offered(policy, R"({"knowledge": "plan", "fresh": true, "queued": true, "revision": 7})") ==
          Words{"read!", "note"});
    CHECK(offered(policy, R"({"knowledge": "no-plan", "fresh": true, "queued": true})").empty());
}

TEST_CASE("H8: a suspended, closed or removed plan is neither read nor continued") {
    const auto* knowledge = GENERATE("suspended", "closed", "removed");
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    CHECK(offered(policy, patient_document(knowledge, true, true, 7)).empty());
}
