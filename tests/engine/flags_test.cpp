#include <catch2/catch.hpp>

#include "scene.h"

using namespace careplug::test;

TEST_CASE("H3: a number that finds no plan reads not known, with the reason") {
    Scene scene;
    const auto ae = scene.ae();
    struct Case {
        const char* number;
        std::int32_t status;
        std::int32_t reason;
    };
    for (const Case& one :
         {Case{"9990318469", 1, CAREPLUG_REASON_BAD_NUMBER}, Case{"999031846", 1, CAREPLUG_REASON_BAD_NUMBER},
          Case{"", 1, CAREPLUG_REASON_NO_NUMBER}, Case{mary, 2, CAREPLUG_REASON_UNVERIFIED},
          Case{mary, 0, CAREPLUG_REASON_UNVERIFIED}}) {
        const auto key = patient_key(one.number, "1944-06-19", one.status);
        ae->watch({key});
        REQUIRE(ae->pump_until([&] { return ae->flags(key).reason == one.reason; }));
        CHECK(ae->flags(key).knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
        careplug_handle patient = 0;
        const Outcome refused = ae->open_patient(key, "Test, Patient", patient);
        CHECK(refused.status == CAREPLUG_REFUSED_IDENTITY);
        CHECK(refused.problem.size() > 20);
    }
}

TEST_CASE("H1: a birth date that differs from the plan's is refused and shows nothing; a name is a warning") {
    Scene scene;
    const auto gp = scene.gp();
    const auto ae = scene.ae();
    publish_plan(*gp, patient_key(mary, "1944-06-19"));
    const auto other = patient_key(mary, "1944-06-20");
    ae->watch({other});
    REQUIRE(ae->pump_until([&] { return ae->flags(other).reason == CAREPLUG_REASON_BIRTH_DATE; }));
    CHECK(ae->flags(other).knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
    CHECK_FALSE(has_flag(*ae, other, "dnacpr"));
    careplug_handle patient = 0;
    const Outcome refused = ae->open_patient(other, "Test, Patient", patient);
    CHECK(refused.status == CAREPLUG_REFUSED_IDENTITY);
    CHECK(contains(refused.problem, "birth date"));

    const auto key = patient_key(mary, "1944-06-19");
    ae->watch({key});
    REQUIRE(wait_for_knowledge(*ae, key, CAREPLUG_KNOWLEDGE_PLAN));
    CHECK(ae->open_patient(key, "Quite, Another", patient).status == CAREPLUG_OK_DIFFERENT_NAME);
    careplug_handle panel = 0;
    REQUIRE(ae->open_panel(patient, "read", panel).status == CAREPLUG_OK);
    CHECK(contains(TestHost::view(panel).json().at("warnings").dump(), "name"));
}

TEST_CASE("A CPR flag that changes on an open board is marked until it is acknowledged") {
    Scene scene;
    const auto gp = scene.gp();
    const auto ae = scene.ae();
    const auto key = patient_key(mary, "1944-06-19");
    ae->watch({key});
    REQUIRE(wait_for_knowledge(*ae, key, CAREPLUG_KNOWLEDGE_NO_PLAN));
    publish_plan(*gp, key);
    const auto marked = [&] {
        const auto flags = ae->flags(key);
        for (std::uint32_t at = 0; at < flags.count; ++at)
            if ((flags.flags[at].state & CAREPLUG_FLAG_CHANGED) != 0) return flags.flags[at].changed != 0;
        return false;
    };
    CHECK(ae->pump_until(marked));
    careplug_handle problem = 0;
    CHECK(careplug_receipt(ae->session(), &key, CAREPLUG_RECEIPT_OVERRIDDEN, nullptr, 0, &problem) ==
          CAREPLUG_REFUSED_ARGUMENT);
    careplug_release(problem);
    CHECK(careplug_receipt(ae->session(), &key, CAREPLUG_RECEIPT_ACKNOWLEDGED, nullptr, 0, &problem) ==
          CAREPLUG_OK);
    CHECK(ae->pump_until([&] { return !marked(); }));
    careplug_handle result = 0;
    REQUIRE(careplug_flag_details(ae->session(), &key, &result, &problem) == CAREPLUG_OK);
    const char* text = nullptr;
    std::uint64_t length = 0;
    careplug_result(result, &text, &length);
    const auto details = nlohmann::json::parse(std::string(text, length));
    careplug_release(result);
    CHECK(details.at("knowledge") == "plan");
    CHECK(contains(details.dump(), "\"slot\":\"cpr\""));
}
