#include <catch2/catch.hpp>
#include <map>

#include "scene.h"

using namespace careplug::test;

namespace {

using nlohmann::json;

json dx(const std::string& words) {
    return json::array({worded("dx.primary", words)});
}

json cpr(const std::string& code, const std::string& display) {
    return json::array({coded("cpr.decision", code, "http://snomed.info/sct", display)});
}

json contact(const std::string& id, const std::string& name, const std::string& phone) {
    json row{{"linkId", "ppl.consult"},
             {"item", {worded("ppl.consult.name", name), worded("ppl.consult.phone", phone)}}};
    if (!id.empty()) row["item"].push_back(worded("ppl.consult.$row", id));
    return row;
}

// The ids of the people to consult in a panel, by name.
std::map<std::string, std::string> contacts(careplug_handle panel) {
    std::map<std::string, std::string> ids;
    const json view = TestHost::view(panel).json();
    for (const auto& item : view.at("items")) {
        if (item.at("linkId") != "ppl.consult") continue;
        for (const auto& row : item.at("rows"))
            for (const auto& cell : row.at("items"))
                if (cell.at("linkId") == "ppl.consult.name")
                    ids[cell.at("answer").at(0).at("valueString")] = row.at("row");
    }
    return ids;
}

const json two_contacts = json::array({contact("", "Ngozi", "111"), contact("", "Obi", "222")});

}  // namespace

TEST_CASE("H5: two sessions that save the same plan: the second sees both versions and decides") {
    TwoEditors two;
    two.i_write(dx("Lung cancer"));
    two.they_publish(dx("Dementia"));
    const json conflict = two.meet().at("conflicts").at(0);
    CHECK(contains(conflict.at("mine").dump(), "Lung cancer"));
    CHECK(contains(conflict.at("theirs").dump(), "Dementia"));
    careplug_handle problem = 0;
    CHECK(careplug_patient_may_close(two.mine.patient, &problem) == CAREPLUG_REFUSED_STAY);
    careplug_release(problem);
    CHECK(two.publish_mine().status == CAREPLUG_REFUSED_CONFLICT);

    REQUIRE(two.resolve(conflict.at("unit"), CAREPLUG_KEEP_MINE).status == CAREPLUG_OK);
    const Outcome published = two.publish_mine();
    INFO(published.problem << published.text);
    CHECK(published.status == CAREPLUG_OK);
    CHECK(published.json().at("revision") == 3);
}

TEST_CASE("Changes of different parts merge, and a person sees the merged plan before it is published") {
    TwoEditors two;
    two.i_write(dx("Lung cancer"));
    two.they_publish(cpr("450475007", "For attempted cardiopulmonary resuscitation"));
    const json view = two.meet();
    CHECK_FALSE(view.contains("conflicts"));
    REQUIRE(view.contains("merged"));
    CHECK(view.at("merged").at(0).at("unit") == "cpr");
    const Outcome published = two.publish_mine();
    INFO(published.problem << published.text);
    REQUIRE(published.status == CAREPLUG_OK);
    CHECK(contains(two.my_response(), "Lung cancer"));
    CHECK(contains(two.my_response(), "450475007"));
}

TEST_CASE("H5: rows of a group merge each by itself; a row that both changed is decided by a person") {
    TwoEditors two(two_contacts);
    const auto ids = contacts(two.mine.panel);
    REQUIRE(ids.size() == 2);
    CHECK(contacts(two.theirs.panel) == ids);
    two.i_write({contact(ids.at("Ngozi"), "Ngozi", "mine 1"), contact(ids.at("Obi"), "Obi", "222"),
                 contact("", "Ada", "mine 3")});
    // This host does not know of ids.
    two.they_publish(
        {contact("", "Obi", "theirs 2"), contact("", "Ngozi", "theirs 1"), contact("", "Ike", "4")});

    const json view = two.meet();
    REQUIRE(view.at("conflicts").size() == 1);
    const json conflict = view.at("conflicts").at(0);
    CHECK(conflict.at("unit") == "ppl.consult/" + ids.at("Ngozi"));
    CHECK(conflict.at("row") == ids.at("Ngozi"));
    CHECK(contains(conflict.at("mine").dump(), "mine 1"));
    CHECK(contains(conflict.at("theirs").dump(), "theirs 1"));
    CHECK_FALSE(conflict.at("theirs_author").get<std::string>().empty());
    CHECK_FALSE(conflict.at("theirs_amended").get<std::string>().empty());
    CHECK_FALSE(contains(conflict.dump(), "222"));
    REQUIRE(view.at("merged").size() == 2);
    CHECK(contains(view.at("merged").dump(), "theirs 2"));

    CHECK(two.resolve("ppl.consult", CAREPLUG_KEEP_MINE).status == CAREPLUG_REFUSED_ARGUMENT);
    REQUIRE(two.resolve(conflict.at("unit"), CAREPLUG_KEEP_MINE).status == CAREPLUG_OK);
    const Outcome published = two.publish_mine();
    INFO(published.problem << published.text);
    REQUIRE(published.status == CAREPLUG_OK);
    for (const char* words : {"mine 1", "theirs 2", "mine 3", "Ike"})
        CHECK(contains(two.my_response(), words));
    CHECK_FALSE(contains(two.my_response(), "theirs 1"));
}

TEST_CASE("H5: a row that one removed and the other changed comes back to a person, who may remove it") {
    TwoEditors two(two_contacts);
    const auto ids = contacts(two.mine.panel);
    two.i_write(json::array({contact(ids.at("Obi"), "Obi", "222")}));
    two.they_publish({contact(ids.at("Ngozi"), "Ngozi", "theirs 1"), contact(ids.at("Obi"), "Obi", "222")});
    const json conflict = two.meet().at("conflicts").at(0);
    CHECK(conflict.at("mine").at(0).at("text") == "Removed");
    CHECK(contains(conflict.at("theirs").dump(), "theirs 1"));
    const bool remove = GENERATE(true, false);
    REQUIRE(two.resolve(conflict.at("unit"), remove ? CAREPLUG_KEEP_MINE : CAREPLUG_KEEP_THEIRS).status ==
            CAREPLUG_OK);
    REQUIRE(two.publish_mine().status == CAREPLUG_OK);
    CHECK(contains(two.my_response(), "theirs 1") != remove);
    CHECK(contains(two.my_response(), "Obi"));
}

TEST_CASE("H4: a change that came back is told at the next sign-in until its author has decided") {
    TwoEditors two;
    const auto waiting = [&] {
        return TestHost::call(careplug_session_state, two.first->session()).json().at("not_shared");
    };
    CHECK(waiting().empty());
    two.i_write(dx("Lung cancer"));
    two.they_publish(dx("Dementia"));
    two.meet();
    two.first->close();
    two.first->open();
    const auto key = patient_key(mary, "1944-06-19");
    two.first->watch({key});
    REQUIRE(wait_for_knowledge(*two.first, key, CAREPLUG_KNOWLEDGE_PLAN));
    REQUIRE(waiting().size() == 1);
    CHECK(waiting().at(0).at("nhs_number") == mary);
    CHECK_FALSE(waiting().at(0).at("since").get<std::string>().empty());
    CHECK_FALSE(contains(waiting().dump(), "cancer"));
    CHECK(TestHost::call(careplug_session_state, two.second->session()).json().at("not_shared").empty());

    two.mine = open(*two.first, key, "continue");
    // Both versions stand there once the plan has come.
    const json both = wait_for_view(*two.first, two.mine.panel, [](const json& view) {
        return view.contains("conflicts") && !view.at("conflicts").empty();
    });
    const std::string unit = both.at("conflicts").at(0).at("unit");
    REQUIRE(two.resolve(unit, CAREPLUG_KEEP_MINE).status == CAREPLUG_OK);
    CHECK(waiting().size() == 1);
    REQUIRE(two.publish_mine().status == CAREPLUG_OK);
    CHECK(waiting().empty());
}

TEST_CASE("H5: what was merged is checked again: two edits that contradict each other are not published") {
    TwoEditors two;
    two.i_write(cpr("450475007", "For attempted cardiopulmonary resuscitation"));
    two.they_publish(
        {{{"linkId", "leg.adrt"},
          {"answer",
           {{{"valueCoding", {{"system", "http://snomed.info/sct"}, {"code", "816321000000109"}}}}}}},
         worded("leg.adrt_text", "No life-sustaining treatment"),
         {{"linkId", "leg.adrt_date"}, {"answer", {{{"valueDate", "2026-11-01"}}}}},
         worded("leg.adrt_where", "Solicitor")});
    const json view = two.meet();
    CHECK_FALSE(view.contains("conflicts"));
    CHECK(contains(view.at("issues").dump(), "refuses life-sustaining treatment"));
    const Outcome refused = two.publish_mine();
    CHECK(refused.status == CAREPLUG_REFUSED_INVALID);
    CHECK(contains(refused.problem, "refuses life-sustaining treatment"));
}

TEST_CASE("H7: who may not publish is told who may, and keeps the draft") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    TestHost nurse(scene.exchange, scene.folder / "nurse", "gp",
                   SignedIn{"district_nurse", false, "dn", "Nurse D. Hill"});
    nurse.watch({key});
    REQUIRE(wait_for_knowledge(nurse, key, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened opened = open(nurse, key, "edit");
    REQUIRE(
        TestHost::update(opened.panel, nlohmann::json::array({worded("dx.primary", "Lung cancer")})).status ==
        CAREPLUG_OK);
    const Outcome refused = nurse.submit(opened.panel, CAREPLUG_INTENT_PUBLISH);
    CHECK(refused.status == CAREPLUG_REFUSED_ROLE);
    CHECK(contains(refused.problem, "GP"));
    const Outcome submitted = nurse.submit(opened.panel, CAREPLUG_INTENT_SUBMIT);
    INFO(submitted.problem << submitted.text);
    CHECK(submitted.status == CAREPLUG_OK);
    CHECK(nurse.flags(key).revision == 1);
}
