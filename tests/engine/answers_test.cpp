// What a faulty or foreign exchange answers never reads as "no plan", and never keeps reading as current.
#include <atomic>
#include <catch2/catch.hpp>

#include "front.h"
#include "scene.h"

using namespace careplug::test;
using nlohmann::json;

namespace {

struct Behind {
    Scene scene;
    Front front{scene.exchange.url()};
    Behind() { scene.exchange.stand_behind(front.url()); }
};

bool search(const std::string& request) {
    return contains(request, "CarePlan/_search");
}

// Changes what a search for plans finds.
Front::Change found(const std::function<void(json& bundle)>& change) {
    return [change](const std::string& request, FrontAnswer& answer) {
        if (!search(request) || answer.status != 200) return;
        json bundle = json::parse(answer.body);
        change(bundle);
        answer.body = bundle.dump();
    };
}

Front::Change plan(const std::function<void(json& care_plan)>& change) {
    return found([change](json& bundle) {
        if (bundle.contains("entry"))
            for (auto& entry : bundle["entry"]) change(entry["resource"]);
    });
}

Front::Change body(int status, const std::string& text) {
    return [status, text](const std::string& request, FrontAnswer& answer) {
        if (search(request)) answer = {status, text};
    };
}

}  // namespace

TEST_CASE("H3: an answer that cannot be used is not known, never no plan, and never goes on as current") {
    Behind behind;
    const auto gp = behind.scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    const auto none = patient_key(john, "1950-01-01");
    publish_plan(*gp, key);
    gp->watch({key, none});
    struct Case {
        const char* what;
        Front::Change change;
        std::int32_t reason;
    };
    const Case cases[] = {
        {"a page of a proxy", body(200, "<html>Sign in</html>"), CAREPLUG_REASON_OTHER},
        {"a list", body(200, "[]"), CAREPLUG_REASON_OTHER},
        {"nothing", body(200, ""), CAREPLUG_REASON_OTHER},
        {"an answer cut in the middle", body(200, R"({"resourceType": "Bundle", "entry": [)"),
         CAREPLUG_REASON_OTHER},
        {"entries that are no list", body(200, R"({"resourceType": "Bundle", "entry": {"resource": 7}})"),
         CAREPLUG_REASON_OTHER},
        {"another resource", body(200, R"({"resourceType": "Patient"})"), CAREPLUG_REASON_OTHER},
        {"a server error", body(500, "<h1>oops</h1>"), CAREPLUG_REASON_UNREACHABLE},
        {"not permitted", body(403, "{}"), CAREPLUG_REASON_NOT_PERMITTED},
        {"a redirection", body(302, ""), CAREPLUG_REASON_OTHER},
        {"fewer than it says", found([](json& bundle) {
             bundle["entry"] = json::array();
             bundle["total"] = 1;
         }),
         CAREPLUG_REASON_OTHER},
        {"in part", found([](json& bundle) {
             bundle["entry"] =
                 json::array({{{"search", {{"mode", "outcome"}}}, {"resource", json::object()}}});
             bundle["total"] = 0;
         }),
         CAREPLUG_REASON_OTHER},
        {"pages in a circle", found([](json& bundle) {
             bundle["entry"] = json::array();
             bundle["link"] = json::array({{{"relation", "next"}, {"url", "CarePlan/_search?page=2"}}});
         }),
         CAREPLUG_REASON_OTHER}};
    for (const auto& one : cases) {
        INFO(one.what);
        REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_PLAN));
        REQUIRE(wait_for_knowledge(*gp, none, CAREPLUG_KNOWLEDGE_NO_PLAN));
        behind.front.change(one.change);
        CHECK(gp->pump_until([&] { return gp->flags(key).reason == one.reason; }));
        CHECK(gp->flags(key).knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
        CHECK(gp->flags(none).knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
        CHECK_FALSE(has_flag(*gp, none, "no-plan"));
        // H9: who may not see plans does not see the last one either.
        CHECK(has_flag(*gp, key, "dnacpr") == (one.reason != CAREPLUG_REASON_NOT_PERMITTED));
        behind.front.change({});
    }
}

TEST_CASE("H3: a plan whose owner or kind cannot be told, and several plans, are not known and not guessed") {
    Behind behind;
    const auto gp = behind.scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    const auto none = patient_key(john, "1950-01-01");
    publish_plan(*gp, key);
    gp->watch({key, none});
    struct Case {
        const char* what;
        Front::Change change;
        std::int32_t reason;
    };
    const Case cases[] = {
        {"without a number", plan([](json& one) { one["subject"].erase("identifier"); }),
         CAREPLUG_REASON_OTHER},
        {"of a number not asked for",
         plan([](json& one) { one["subject"]["identifier"]["value"] = "9990000026"; }),
         CAREPLUG_REASON_OTHER},
        {"without a kind", plan([](json& one) { one.erase("category"); }), CAREPLUG_REASON_OTHER},
        {"of a form unknown here",
         plan([](json& one) { one["instantiatesCanonical"] = json::array({"urn:x-other|9"}); }),
         CAREPLUG_REASON_OTHER},
        {"one of them without a number", found([](json& bundle) {
             if (!bundle.contains("entry") || bundle["entry"].empty()) return;
             json second = bundle["entry"][0];
             second["resource"]["id"] = "another";
             second["resource"]["subject"].erase("identifier");
             bundle["entry"].push_back(second);
             bundle["total"] = 2;
         }),
         CAREPLUG_REASON_OTHER},
        {"two", found([](json& bundle) {
             if (!bundle.contains("entry") || bundle["entry"].empty()) return;
             json second = bundle["entry"][0];
             second["resource"]["id"] = "another";
             bundle["entry"].push_back(second);
             bundle["total"] = 2;
         }),
         CAREPLUG_REASON_UNRESOLVED}};
    for (const auto& one : cases) {
        INFO(one.what);
        REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_PLAN));
        behind.front.change(one.change);
        CHECK(gp->pump_until([&] { return gp->flags(key).reason == one.reason; }));
        CHECK(gp->flags(key).knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
        CHECK(has_flag(*gp, key, "dnacpr"));
        // The other person's answer stays an answer.
        CHECK(wait_for_knowledge(*gp, none, CAREPLUG_KNOWLEDGE_NO_PLAN));
        behind.front.change({});
    }
    // A number with spaces is the same number.
    behind.front.change(plan([](json& one) { one["subject"]["identifier"]["value"] = "999 031 8468"; }));
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_PLAN));
}

TEST_CASE("H3: a note of a form that this computer does not have hides neither the plan nor another note") {
    Behind behind;
    const auto gp = behind.scene.gp();
    const auto ooh = behind.scene.ooh();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    ooh->watch({key});
    REQUIRE(wait_for_knowledge(*ooh, key, CAREPLUG_KNOWLEDGE_PLAN));
    for (const char* words : {"Visited, settled.", "Called again."}) {
        const Opened noting = open(*ooh, key, "note");
        REQUIRE(TestHost::update(noting.panel, json::array({worded("evt.note.text", words)})).status ==
                CAREPLUG_OK);
        REQUIRE(ooh->submit(noting.panel, CAREPLUG_INTENT_NOTE).status == CAREPLUG_OK);
        REQUIRE(careplug_patient_close(noting.patient) == CAREPLUG_OK);
    }
    behind.front.change([](const std::string& request, FrontAnswer& answer) {
        if (!contains(request, "QuestionnaireResponse/_search") || answer.status != 200) return;
        json bundle = json::parse(answer.body);
        for (auto& entry : bundle["entry"])
            if (contains(entry.dump(), "Called again."))
                entry["resource"]["questionnaire"] =
                    entry["resource"]["questionnaire"].get<std::string>() + "9";
        answer.body = bundle.dump();
    });
    const auto ae = behind.scene.ae();
    ae->watch({key});
    REQUIRE(wait_for_knowledge(*ae, key, CAREPLUG_KNOWLEDGE_PLAN));
    const Opened reading = open(*ae, key, "read");
    const json view =
        wait_for_view(*ae, reading.panel, [](const json& one) { return one.at("plan") == "arrived"; });
    CHECK(contains(view.at("notes").dump(), "Visited, settled."));
    CHECK(contains(view.at("notes").dump(), "Ask who wrote it"));
    CHECK_FALSE(contains(view.at("notes").dump(), "Called again."));
}

TEST_CASE("H3: every page of an answer is read") {
    Behind behind;
    const auto gp = behind.scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    const auto pages = std::make_shared<std::pair<std::mutex, std::string>>();
    behind.front.change([pages](const std::string& request, FrontAnswer& answer) {
        const std::lock_guard lock(pages->first);
        if (contains(request, "page-two")) answer = {200, pages->second};
        if (!search(request) || answer.status != 200) return;
        pages->second = answer.body;
        json first{{"resourceType", "Bundle"}, {"type", "searchset"}};
        first["link"] = json::array({{{"relation", "next"}, {"url", "page-two"}}});
        answer.body = first.dump();
    });
    const auto ae = behind.scene.ae();
    ae->watch({key});
    CHECK(wait_for_knowledge(*ae, key, CAREPLUG_KNOWLEDGE_PLAN));
    CHECK(has_flag(*ae, key, "dnacpr"));
}

TEST_CASE("H19: an older revision that is answered late is not taken") {
    Behind behind;
    const auto gp = behind.scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    const auto earlier = std::make_shared<std::pair<std::mutex, std::string>>();
    const auto keep = [earlier](const std::string& request, FrontAnswer& answer) {
        const std::lock_guard lock(earlier->first);
        if (search(request) && answer.status == 200) earlier->second = answer.body;
    };
    behind.front.change(keep);
    const auto ae = behind.scene.ae();
    ae->watch({key});
    REQUIRE(wait_for_knowledge(*ae, key, CAREPLUG_KNOWLEDGE_PLAN));
    behind.front.change({});
    const Opened editing = open(*gp, key, "edit");
    REQUIRE(TestHost::update(editing.panel, json::array({worded("dx.primary", "Dementia")})).status ==
            CAREPLUG_OK);
    REQUIRE(gp->submit(editing.panel, CAREPLUG_INTENT_PUBLISH).status == CAREPLUG_OK);
    REQUIRE(ae->pump_until([&] { return ae->flags(key).revision == 2; }));
    // From now on whoever asks is answered as before the second publish.
    const auto late = std::make_shared<std::atomic<int>>(0);
    behind.front.change([earlier, late](const std::string& request, FrontAnswer& answer) {
        if (!search(request) || answer.status != 200) return;
        const std::lock_guard lock(earlier->first);
        answer.body = earlier->second;
        ++*late;
    });
    const int before = *late;
    REQUIRE(ae->pump_until([&] {
        ae->watch({key});
        return *late > before + 3;
    }));
    CHECK_FALSE(ae->pump_until([&] { return ae->flags(key).revision != 2; }, std::chrono::seconds(2)));
}

TEST_CASE("H8: a plan that is suspended or removed is shown nowhere any more, and says why") {
    Behind behind;
    const auto gp = behind.scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    const Opened reading = open(*gp, key, "read");
    REQUIRE(contains(TestHost::view(reading.panel).text, "Heart failure"));
    struct Case {
        const char* status;
        std::int32_t knowledge;
    };
    for (const Case& one : {Case{"on-hold", CAREPLUG_KNOWLEDGE_SUSPENDED},
                            Case{"entered-in-error", CAREPLUG_KNOWLEDGE_REMOVED}}) {
        INFO(one.status);
        behind.front.change(plan([&](json& care_plan) { care_plan["status"] = one.status; }));
        REQUIRE(wait_for_knowledge(*gp, key, one.knowledge));
        CHECK_FALSE(has_flag(*gp, key, "dnacpr"));
        const auto view = TestHost::view(reading.panel);
        CHECK_FALSE(contains(view.text, "Heart failure"));
        CHECK(view.json().at("warnings").size() > 0);
        for (const auto call : {&careplug_panel_response, &careplug_panel_summary}) {
            const Outcome refused = TestHost::call(call, reading.panel);
            CHECK(refused.status == CAREPLUG_REFUSED);
            CHECK(refused.problem.size() > 20);
        }
        const auto again = open(*gp, key, "read");
        CHECK_FALSE(contains(TestHost::view(again.panel).text, "Heart failure"));
        CHECK(TestHost::view(again.panel).json().at("plan") == "withheld");
    }
    behind.front.change({});
    REQUIRE(wait_for_knowledge(*gp, key, CAREPLUG_KNOWLEDGE_PLAN));
    wait_for_view(*gp, reading.panel,
                  [](const json& view) { return contains(view.dump(), "Heart failure"); });
}

TEST_CASE("H1: an open plan whose birth date turns out to be another person's is taken off the screen") {
    Behind behind;
    const auto gp = behind.scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    const Opened reading = open(*gp, key, "read");
    behind.front.change([](const std::string& request, FrontAnswer& answer) {
        if (!search(request)) return;
        for (auto at = answer.body.find("1944-06-19"); at != std::string::npos;
             at = answer.body.find("1944-06-19"))
            answer.body.replace(at, 10, "1944-06-20");
    });
    REQUIRE(gp->pump_until([&] { return gp->flags(key).reason == CAREPLUG_REASON_BIRTH_DATE; }));
    CHECK_FALSE(has_flag(*gp, key, "dnacpr"));
    CHECK_FALSE(contains(TestHost::view(reading.panel).text, "Heart failure"));
    CHECK(TestHost::call(careplug_panel_response, reading.panel).status == CAREPLUG_REFUSED);
    CHECK(TestHost::call(careplug_panel_summary, reading.panel).status == CAREPLUG_REFUSED);
}
