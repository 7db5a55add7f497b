// How far an organisation accepted what others changed, as a Task says it.
#include <careplug/plan/fhir.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace careplug::plan;
using nlohmann::json;

namespace {

fhir::Acceptance acceptance(const fhir::Accepted& accepted) {
    fhir::Acceptance made;
    made.plan_id = "6f0d5c1e-7f5a-4f0e-9d51-0e4a54a1c001";
    made.patient_reference = "Patient/1";
    made.nhs_number = "9990000018";
    made.organisation = "Y90001";
    made.accepted = accepted;
    made.when = "2026-11-21T14:02:11Z";
    return made;
}

}  // namespace

TEST_CASE("H2: what was accepted of a plan is read back, each part without the others") {
    for (const fhir::Accepted& accepted : {fhir::Accepted{7, 9, {"a", "b"}}, fhir::Accepted{7, 0, {}},
                                           fhir::Accepted{0, 9, {}}, fhir::Accepted{0, 0, {"a"}}}) {
        const json sent = fhir::parse(fhir::write_acceptance(acceptance(accepted)).dump());
        CHECK(fhir::read_acceptance(sent).accepted == accepted);
    }
    CHECK_THROWS_AS(fhir::read_acceptance(fhir::write_acceptance(acceptance({}))), std::invalid_argument);
}

TEST_CASE("H2: an acceptance of the form of before accepts its revision and what was shown with it") {
    json task = fhir::write_acceptance(acceptance({7, 0, {}}));
    REQUIRE(task["output"].size() == 1);
    const auto accepted = fhir::read_acceptance(task).accepted;
    CHECK(accepted == fhir::Accepted{7, 0, {}});
    CHECK(accepted.holds_state(9, 6));
    CHECK_FALSE(accepted.holds_state(9, 7));
    task["output"][0]["valueInteger"] = -7;
    CHECK_THROWS_AS(fhir::read_acceptance(task), std::invalid_argument);
}

TEST_CASE("H2: nobody accepts with a part what they were not shown") {
    fhir::Accepted all{3, 4, {"a"}};
    CHECK(all.holds({3, 4, {}}));
    CHECK_FALSE(all.holds({4, 4, {}}));
    CHECK_FALSE(all.holds({3, 5, {}}));
    CHECK_FALSE(all.holds({3, 4, {"b"}}));
    all.add({1, 6, {"b"}});
    CHECK(all == fhir::Accepted{3, 6, {"a", "b"}});
    CHECK(fhir::counted_version("W/\"12\"") == 12);
    for (const char* other : {"", "W/\"\"", "W/\"1a\"", "\"12\"", "W/\"-1\"", "W/\"99999999999\"", "W/\""})
        CHECK(fhir::counted_version(other) == 0);
}
