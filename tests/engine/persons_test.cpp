// Whom a number belongs to: superseded numbers, two people for one number, restricted people, over real
// engines and the real exchange.
#include <catch2/catch.hpp>

#include "scene.h"

using namespace careplug::test;
using nlohmann::json;

namespace {

constexpr const char* nhs_system = "https://fhir.nhs.uk/Id/nhs-number";
constexpr const char* born = "1944-06-19";

// The operator's demographics feed: says which number superseded which, and who is restricted.
class Demographics {
public:
    explicit Demographics(Scene& scene) : client_(scene.exchange.url()), signer_("spine") {
        signer_.trust_in(scene.exchange.trust());
    }

    std::string find(const std::string& number) {
        const auto found = get("/Patient?identifier=" + std::string(nhs_system) + "|" + number);
        return found.at("entry").at(0).at("resource").at("id");
    }
    json get(const std::string& path) {
        const Reply reply = client_.request("GET", path, headers(), "");
        INFO(reply.body);
        REQUIRE(reply.status == 200);
        return json::parse(reply.body);
    }
    std::string create(const std::string& number) {
        const json patient{{"resourceType", "Patient"},
                           {"identifier", {{{"system", nhs_system}, {"value", number}}}},
                           {"birthDate", born}};
        const Reply reply = client_.request("POST", "/Patient", headers(), patient.dump());
        INFO(reply.body);
        REQUIRE(reply.status == 201);
        return json::parse(reply.body).at("id");
    }
    void change(const std::string& id, const std::function<void(json&)>& edit) {
        json patient = get("/Patient/" + id);
        auto with = headers();
        with["If-Match"] = "W/\"" + patient.at("meta").at("versionId").get<std::string>() + "\"";
        edit(patient);
        const Reply reply = client_.request("PUT", "/Patient/" + id, with, patient.dump());
        INFO(reply.body);
        REQUIRE(reply.status == 200);
    }
    void link(const std::string& id, const std::string& type, const std::string& other) {
        change(id, [&](json& patient) {
            patient["link"].push_back({{"other", {{"reference", "Patient/" + other}}}, {"type", type}});
        });
    }
    // `before` was superseded by `now`, said on both sides.
    void supersede(const std::string& before, const std::string& now) {
        const std::string old_one = find(before);
        const std::string new_one = create(now);
        link(new_one, "replaces", old_one);
        link(old_one, "replaced-by", new_one);
    }

private:
    Headers headers() {
        return {{"Authorization", signer_.bearer("system")}, {"Content-Type", "application/fhir+json"}};
    }
    HttpClient client_;
    TokenSigner signer_;
};

std::string details_of(TestHost& host, const careplug_patient_key& key) {
    careplug_handle result = 0;
    careplug_handle problem = 0;
    REQUIRE(careplug_flag_details(host.session(), &key, &result, &problem) == CAREPLUG_OK);
    const char* text = nullptr;
    std::uint64_t length = 0;
    careplug_result(result, &text, &length);
    const std::string details(text, length);
    careplug_release(result);
    return details;
}

bool wait_for_reason(TestHost& host, const careplug_patient_key& key, std::int32_t reason) {
    return host.pump_until([&] {
        const auto flags = host.flags(key);
        return flags.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN && flags.reason == reason;
    });
}

}  // namespace

TEST_CASE(
    "H1: a superseded number shows no plan, says which number took its place, and closes what was open") {
    Scene scene;
    const auto gp = scene.gp();
    const auto ae = scene.ae();
    Demographics feed(scene);
    const auto before = patient_key(mary, born);
    const auto now = patient_key(john, born);
    publish_plan(*gp, before);
    ae->watch({before, now});
    REQUIRE(wait_for_knowledge(*ae, before, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened reading = open(*ae, before, "read");
    const Opened editing = open(*gp, before, "edit");
    REQUIRE(TestHost::view(reading.panel).json().at("plan") == "arrived");

    feed.supersede(mary, john);
    REQUIRE(wait_for_reason(*ae, before, CAREPLUG_REASON_UNRESOLVED));
    CHECK_FALSE(has_flag(*ae, before, "dnacpr"));
    CHECK(contains(details_of(*ae, before), "superseded by 999 000 0018"));
    // What was open on the old number shows nothing more, and says where to go.
    const std::string view = TestHost::view(reading.panel).text;
    CHECK(contains(view, "superseded by 999 000 0018"));
    CHECK_FALSE(contains(view, "sections"));
    CHECK_FALSE(contains(view, "450476008"));
    CHECK(TestHost::call(careplug_panel_response, reading.panel).status >= CAREPLUG_REFUSED);
    CHECK(TestHost::call(careplug_panel_summary, reading.panel).status >= CAREPLUG_REFUSED);
    REQUIRE(wait_for_reason(*gp, before, CAREPLUG_REASON_UNRESOLVED));
    CHECK(gp->submit(editing.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_REFUSED_IDENTITY);
    careplug_handle refused = 0;
    const Outcome reopened = ae->open_patient(before, "Test, Patient", refused);
    CHECK(reopened.status == CAREPLUG_REFUSED_IDENTITY);
    CHECK(contains(reopened.problem, "999 000 0018"));

    // Under the number of now the plan is there, as what was written under the earlier one.
    REQUIRE(wait_for_knowledge(*ae, now, CAREPLUG_KNOWLEDGE_PLAN));
    CHECK(has_flag(*ae, now, "dnacpr"));
    const Opened again = open(*ae, now, "read");
    CHECK(
        contains(TestHost::view(again.panel).json().at("warnings").dump(), "earlier NHS number 9990318468"));
    CHECK(
        contains(TestHost::call(careplug_panel_summary, again.panel).text, "earlier NHS number 9990318468"));
}

TEST_CASE("H1, H8: a number that is superseded before the reason was given is not opened in an emergency") {
    Scene scene;
    const auto gp = scene.gp();
    Demographics feed(scene);
    const auto before = patient_key(mary, born);
    publish_plan(*gp, before);
    suspend(*gp, before);
    const auto ae = scene.ae();
    ae->watch({before});
    REQUIRE(wait_for_knowledge(*ae, before, CAREPLUG_KNOWLEDGE_SUSPENDED));
    careplug_handle patient = 0, panel = 0;
    REQUIRE(ae->open_patient(before, "Test, Patient", patient).status < 100);
    REQUIRE(ae->open_panel(patient, "break-glass", panel).status < 100);
    feed.supersede(mary, john);
    REQUIRE(wait_for_reason(*ae, before, CAREPLUG_REASON_UNRESOLVED));
    const Outcome refused = TestHost::update(
        panel, json::array({{{"linkId", "emergency.reason"},
                             {"answer", json::array({{{"valueString", "Found unconscious"}}})}}}));
    CHECK(refused.status == CAREPLUG_REFUSED_IDENTITY);
    CHECK(contains(refused.problem, "superseded"));
    CHECK(TestHost::view(panel).json().at("mode") == "state");
}

TEST_CASE("H1: a plan of an earlier number is edited under the number of now, and no second one is made") {
    Scene scene;
    const auto gp = scene.gp();
    Demographics feed(scene);
    publish_plan(*gp, patient_key(mary, born));
    feed.supersede(mary, john);
    const auto now = patient_key(john, born);
    gp->watch({now});
    REQUIRE(wait_for_knowledge(*gp, now, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened editing = open(*gp, now, "edit");
    REQUIRE(TestHost::update(editing.panel, json::array({worded("dx.primary", "Lung cancer")})).status ==
            CAREPLUG_OK);
    const Outcome published = gp->submit(editing.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    REQUIRE(published.status == CAREPLUG_OK);
    CHECK(published.json().at("revision") == 2);
    // Without a line, and after a restart, the old number is still known to be superseded.
    const auto before = patient_key(mary, born);
    gp->watch({before});
    REQUIRE(wait_for_reason(*gp, before, CAREPLUG_REASON_UNRESOLVED));
    gp->close();
    scene.exchange.stop();
    gp->open();
    gp->watch({before});
    CHECK(wait_for_reason(*gp, before, CAREPLUG_REASON_UNRESOLVED));
    CHECK(contains(details_of(*gp, before), "superseded"));
    CHECK_FALSE(has_flag(*gp, before, "dnacpr"));
}

TEST_CASE("H1: a draft of a superseded number is offered under the number of now, which names both") {
    Scene scene;
    const auto gp = scene.gp();
    Demographics feed(scene);
    const auto before = patient_key(mary, born);
    const auto now = patient_key(john, born);
    publish_plan(*gp, before);
    const Opened typed = open(*gp, before, "edit");
    REQUIRE(TestHost::update(typed.panel, json::array({worded("dx.primary", "Lung cancer")})).status ==
            CAREPLUG_OK);
    feed.supersede(mary, john);
    gp->watch({before, now});
    REQUIRE(wait_for_reason(*gp, before, CAREPLUG_REASON_UNRESOLVED));
    REQUIRE(wait_for_knowledge(*gp, now, CAREPLUG_KNOWLEDGE_PLAN));
    careplug_patient_close(typed.patient);

    careplug_handle patient = 0;
    REQUIRE(gp->open_patient(now, "Test, Patient", patient).status < 100);
    const json offered = TestHost::call(careplug_actions, patient).json().at("actions");
    CHECK(offered.at(0).at("id") == "earlier-draft");
    CHECK(contains(offered.at(0).at("label"), "999 031 8468"));
    CHECK(offered.at(0).at("primary") == false);
    // Offered, and nothing of it applied.
    CHECK_FALSE(contains(offered.dump(), "\"continue\""));
    CHECK_FALSE(has_flag(*gp, now, "own-draft"));

    careplug_handle panel = 0;
    const Outcome opened = gp->open_panel(patient, "earlier-draft", panel);
    INFO(opened.problem);
    REQUIRE(opened.status == CAREPLUG_OK);
    const json view = TestHost::view(panel).json();
    CHECK(contains(view.at("restored"), "999 031 8468"));
    CHECK(contains(view.at("restored"), "999 000 0018"));
    CHECK(contains(TestHost::call(careplug_panel_response, panel).text, "Lung cancer"));
    CHECK(has_flag(*gp, now, "own-draft"));
    CHECK_FALSE(contains(TestHost::call(careplug_actions, patient).text, "earlier-draft"));
    const Outcome published = gp->submit(panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    REQUIRE(published.status == CAREPLUG_OK);
    CHECK(published.json().at("revision") == 2);
}

TEST_CASE(
    "H1: a note that was begun under a superseded number is offered under the number of now, which names "
    "both") {
    Scene scene;
    const auto gp = scene.gp();
    const auto ae = scene.ae("ambulance_clinician");
    Demographics feed(scene);
    const auto before = patient_key(mary, born);
    const auto now = patient_key(john, born);
    publish_plan(*gp, before);
    ae->watch({before});
    REQUIRE(wait_for_knowledge(*ae, before, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened typed = open(*ae, before, "note");
    REQUIRE(TestHost::update(typed.panel, json::array({worded("evt.note.text", "Seen at home after a fall")}))
                .status == CAREPLUG_OK);
    feed.supersede(mary, john);
    ae->watch({before, now});
    REQUIRE(wait_for_reason(*ae, before, CAREPLUG_REASON_UNRESOLVED));
    REQUIRE(wait_for_knowledge(*ae, now, CAREPLUG_KNOWLEDGE_PLAN));
    careplug_patient_close(typed.patient);

    careplug_handle patient = 0;
    REQUIRE(ae->open_patient(now, "Test, Patient", patient).status < 100);
    const json offered = TestHost::call(careplug_actions, patient).json().at("actions");
    REQUIRE(offered.at(0).at("id") == "earlier-draft");
    CHECK(contains(offered.at(0).at("label"), "Your note under the earlier NHS number 999 031 8468"));
    CHECK(offered.at(0).at("primary") == false);
    // A new note has nothing of it.
    careplug_handle panel = 0;
    REQUIRE(ae->open_panel(patient, "note", panel).status == CAREPLUG_OK);
    CHECK_FALSE(contains(TestHost::call(careplug_panel_response, panel).text, "after a fall"));
    REQUIRE(careplug_panel_close(panel) == CAREPLUG_OK);

    const Outcome opened = ae->open_panel(patient, "earlier-draft", panel);
    INFO(opened.problem);
    REQUIRE(opened.status == CAREPLUG_OK);
    const json view = TestHost::view(panel).json();
    CHECK(view.at("mode") == "note");
    CHECK(contains(view.at("restored"), "999 031 8468"));
    CHECK(contains(view.at("restored"), "999 000 0018"));
    CHECK(contains(TestHost::call(careplug_panel_response, panel).text, "Seen at home after a fall"));
    CHECK_FALSE(contains(TestHost::call(careplug_actions, patient).text, "earlier-draft"));
    const Outcome added = ae->submit(panel, CAREPLUG_INTENT_NOTE);
    INFO(added.problem << added.text << TestHost::view(panel).text);
    REQUIRE(added.status == CAREPLUG_OK);
    const Opened reading = open(*ae, now, "read");
    wait_for_view(*ae, reading.panel, [](const json& each) {
        return contains(each.value("notes", json::array()).dump(), "after a fall");
    });
}

TEST_CASE("H1: a number whose Patient answers with another number now is superseded, without any link") {
    Scene scene;
    const auto gp = scene.gp();
    Demographics feed(scene);
    publish_plan(*gp, patient_key(mary, born));
    const std::string other = feed.create(john);
    feed.change(other, [&](json& patient) {
        patient["identifier"].push_back({{"use", "old"}, {"system", nhs_system}, {"value", "9990000026"}});
    });
    const auto asked = patient_key("9990000026", born);
    gp->watch({asked});
    REQUIRE(wait_for_reason(*gp, asked, CAREPLUG_REASON_UNRESOLVED));
    CHECK(contains(details_of(*gp, asked), "999 000 0018"));
}

TEST_CASE("H1: two Patients for one number are not guessed: nothing is shown, and it is said why") {
    Scene scene;
    const auto gp = scene.gp();
    const auto ae = scene.ae();
    Demographics feed(scene);
    const auto key = patient_key(mary, born);
    publish_plan(*gp, key);
    ae->watch({key});
    REQUIRE(wait_for_knowledge(*ae, key, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened reading = open(*ae, key, "read");
    feed.create(mary);
    REQUIRE(wait_for_reason(*ae, key, CAREPLUG_REASON_UNRESOLVED));
    CHECK_FALSE(has_flag(*ae, key, "dnacpr"));
    CHECK(contains(details_of(*ae, key), "two people"));
    CHECK_FALSE(contains(TestHost::view(reading.panel).text, "450476008"));
    careplug_handle refused = 0;
    CHECK(ae->open_patient(key, "Test, Patient", refused).status == CAREPLUG_REFUSED_IDENTITY);
}

TEST_CASE(
    "H1: of a restricted person no address and no telephone is shown, filled in, summed up or revealed") {
    Scene scene;
    const auto gp = scene.gp();
    Demographics feed(scene);
    const auto key = patient_key(mary, born);
    gp->record = [](const json& request) {
        json bundle = record_bundle(request.at("patient").at("nhs_number"),
                                    request.at("patient").at("birth_date"), "Test", "Patient");
        for (json& entry : bundle["entry"])
            if (entry["resource"]["resourceType"] == "Patient") {
                entry["resource"]["address"] = {{{"text", "4 Hidden Lane"}}};
                entry["resource"]["telecom"] = {{{"system", "phone"}, {"value", "07700 900 123"}}};
            }
        return bundle;
    };
    gp->watch({key});
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_NO_PLAN));
    const Opened creating = open(*gp, key, "create");
    CHECK(contains(TestHost::view(creating.panel).text, "Hidden Lane"));
    REQUIRE(TestHost::update(creating.panel, core_answers()).status == CAREPLUG_OK);
    REQUIRE(TestHost::update(creating.panel, json::array({worded("dem.keysafe", "Code 4711")})).status ==
            CAREPLUG_OK);
    REQUIRE(gp->submit(creating.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_OK);
    REQUIRE(careplug_patient_close(creating.patient) == CAREPLUG_OK);

    feed.change(feed.find(mary), [](json& patient) {
        patient["meta"]["security"] = {
            {{"system", "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"}, {"code", "R"}}};
    });
    const Opened reading = open(*gp, key, "read");
    const auto view = wait_for_view(*gp, reading.panel,
                                    [](const json& each) { return contains(each.dump(), "restricted"); });
    const auto shows_where = [](const std::string& text) {
        return contains(text, "Hidden Lane") || contains(text, "900 123") || contains(text, "4711");
    };
    CHECK(contains(view.dump(), "CPR"));
    CHECK_FALSE(shows_where(view.dump()));
    CHECK_FALSE(shows_where(TestHost::call(careplug_panel_response, reading.panel).text));
    const Outcome summary = TestHost::call(careplug_panel_summary, reading.panel);
    REQUIRE(summary.status == CAREPLUG_OK);
    CHECK_FALSE(shows_where(summary.text));
    CHECK(contains(summary.text, "restricted"));
    careplug_handle result = 0;
    careplug_handle problem = 0;
    const std::string link_id = "dem.keysafe";
    CHECK(careplug_panel_reveal(reading.panel, link_id.data(), link_id.size(), &result, &problem) >=
          CAREPLUG_REFUSED);
    careplug_release(problem);
    REQUIRE(careplug_patient_close(reading.patient) == CAREPLUG_OK);

    // An edit keeps what it could not see, and does not say it.
    const Opened editing = open(*gp, key, "edit");
    CHECK_FALSE(shows_where(TestHost::view(editing.panel).text));
    CHECK(TestHost::update(editing.panel, json::array({worded("dem.address", "Elsewhere")})).status >=
          CAREPLUG_REFUSED);
    REQUIRE(TestHost::update(editing.panel, json::array({worded("dx.primary", "Lung cancer")})).status ==
            CAREPLUG_OK);
    const Outcome published = gp->submit(editing.panel, CAREPLUG_INTENT_PUBLISH);
    INFO(published.problem << published.text);
    REQUIRE(published.status == CAREPLUG_OK);
    REQUIRE(careplug_patient_close(editing.patient) == CAREPLUG_OK);
    feed.change(feed.find(mary), [](json& patient) { patient["meta"].erase("security"); });
    const Opened again = open(*gp, key, "read");
    wait_for_view(*gp, again.panel, [](const json& each) { return contains(each.dump(), "Hidden Lane"); });
}

TEST_CASE("H1: a record that its own system marks as restricted is treated so too") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, born);
    gp->record = [](const json& request) {
        json bundle = record_bundle(request.at("patient").at("nhs_number"),
                                    request.at("patient").at("birth_date"), "Test", "Patient");
        for (json& entry : bundle["entry"])
            if (entry["resource"]["resourceType"] == "Patient") {
                entry["resource"]["meta"]["security"] = {{{"code", "R"}}};
                entry["resource"]["address"] = {{{"text", "4 Hidden Lane"}}};
            }
        return bundle;
    };
    gp->watch({key});
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_NO_PLAN));
    const Opened creating = open(*gp, key, "create");
    const std::string view = TestHost::view(creating.panel).text;
    CHECK(contains(view, "restricted"));
    CHECK_FALSE(contains(view, "Hidden Lane"));
}

TEST_CASE("H1: the warning that a name differs stands wherever something of the plan is shown") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, born);
    publish_plan(*gp, key);
    careplug_handle patient = 0;
    REQUIRE(gp->open_patient(key, "Quite, Another", patient).status == CAREPLUG_OK_DIFFERENT_NAME);
    for (const char* action : {"read", "edit", "note"}) {
        careplug_handle panel = 0;
        REQUIRE(gp->open_panel(patient, action, panel).status < 100);
        const auto view =
            wait_for_view(*gp, panel, [](const json& each) { return each.at("plan") != "loading"; });
        INFO(action);
        CHECK(contains(view.at("warnings").dump(), "name in this record differs"));
        if (std::string(action) == "read") {
            const Outcome summary = TestHost::call(careplug_panel_summary, panel);
            CHECK(contains(summary.json().at("text"), "name in this record differs"));
            CHECK(contains(summary.json().at("html"), "name in this record differs"));
        }
    }
    CHECK(contains(details_of(*gp, key), "name in this record differs"));
}
