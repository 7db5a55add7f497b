// On what basis a plan may be opened, and how that is told.
#include <careplug/plan/audit.h>
#include <careplug/plan/fhir.h>
#include <careplug/plan/relationship.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "plan_fixture.h"

using namespace plan_test;
namespace basis = careplug::plan::basis;

namespace {

Actor of_role(const std::string& role) {
    Actor actor = gp();
    actor.role = role;
    return actor;
}

}  // namespace

TEST_CASE(
    "H9: each role has the relationships that the data set gives it, and is told how to go on otherwise") {
    const DataSet& set = urgent_care_plan();
    CHECK(may_open(set, of_role("gp"), basis::registered, ""));
    CHECK(may_open(set, of_role("ae_clinician"), basis::urgent_case, ""));
    const Decision refused = may_open(set, of_role("ae_clinician"), basis::registered, "");
    CHECK(refused.refusal == Decision::Refusal::role);
    CHECK(refused.sentence.find("Open in an emergency") != std::string::npos);
    CHECK_FALSE(may_open(set, of_role("care_home_nurse"), basis::break_glass, "Life at risk"));
    CHECK_FALSE(may_open(set, of_role("privacy_officer"), basis::registered, ""));
    CHECK_FALSE(may_open(set, of_role("patient"), basis::registered, ""));
    CHECK_FALSE(may_open(set, of_role("gp"), "no-such-basis", ""));
    for (const char* needs_reason : {basis::self_claimed, basis::break_glass}) {
        CHECK(raises_alert(needs_reason));
        CHECK_FALSE(may_open(set, of_role("gp"), needs_reason, "  "));
        CHECK(may_open(set, of_role("gp"), needs_reason, "Called by the family"));
    }
    CHECK_FALSE(raises_alert(basis::registered));
    constexpr std::int64_t half_an_hour = 30 * 60 * 1000;
    CHECK(open_for_ms(set, of_role("ae_clinician"), basis::break_glass) == half_an_hour);
    CHECK(open_for_ms(set, of_role("nhs111_call_handler"), basis::break_glass) == 0);
    CHECK(set.emergency_reasons.size() == 3);
    // A data set that says nothing has the same rules.
    CHECK(open_for_ms(contingency_plan(), of_role("ae_clinician"), basis::break_glass) == half_an_hour);
}

TEST_CASE("H9: an event of the audit is the same after its journey, and holds no name of a patient") {
    AuditRecord record;
    record.id = "00000000-0000-4000-8000-000000000001";
    record.kind = audit_kind::break_glass;
    record.when = "2026-11-21T14:02:11Z";
    record.actor = gp();
    record.patients = {"9990000018", "9990318468"};
    record.basis = basis::break_glass;
    record.reason = "Life at risk";
    record.detail = "detail";
    record.site = "Majors desk";
    record.log = "log";
    record.log_sequence = 7;
    const auto event = fhir::write_audit_event(record);
    const AuditRecord again = fhir::read_audit_event(event);
    CHECK(again.kind == record.kind);
    CHECK(again.patients == record.patients);
    CHECK(again.basis == record.basis);
    CHECK(again.reason == record.reason);
    CHECK(again.detail == record.detail);
    CHECK(again.site == record.site);
    CHECK(again.log == record.log);
    CHECK(again.log_sequence == 7);
    CHECK(again.actor.subject == record.actor.subject);
    CHECK(again.actor.issuer == record.actor.issuer);
    CHECK(fhir::write_audit_event(again) == event);
    CHECK(event.at("purposeOfEvent")[0].at("coding")[0].at("code") == "BTG");

    auto kept = event;
    fhir::put_link(kept, {3, "aa", "2026-11-21T14:02:12Z", "", ""});
    const std::string text = fhir::chained_text(kept);
    auto link = fhir::link_of(kept);
    link.hash = "bb";
    fhir::put_link(kept, link);
    kept["meta"] = {{"versionId", "1"}};
    CHECK(fhir::chained_text(kept) == text);
    CHECK(fhir::link_of(kept).hash == "bb");
    kept["recorded"] = "2026-11-21T14:02:10Z";
    CHECK(fhir::chained_text(kept) != text);

    auto wrong = event;
    wrong["subtype"][0]["code"] = "nothing";
    CHECK_THROWS_AS(fhir::read_audit_event(wrong), std::invalid_argument);
    wrong = event;
    wrong["entity"][0]["detail"][0]["valueString"] = std::string(1001, 'x');
    CHECK_THROWS_AS(fhir::read_audit_event(wrong), std::invalid_argument);
}
