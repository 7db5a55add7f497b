#include <careplug/base.h>

#include <careplug/plan/fhir.h>
#include <careplug/plan/person_flags.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "plan_fixture.h"

using namespace plan_test;
using nlohmann::json;

namespace {

const std::string not_for = "450476008";
const std::string for_cpr = "450475007";

Answers decided(const std::string& code, const std::string& date = "2026-11-01") {
    Answers answers = complete_answers();
    answers.set("cpr.decision", option(urgent_care_plan(), "cpr.decision", code));
    answers.set("cpr.date", Date{date});
    return answers;
}

// A second kind of plan that also asks for the CPR decision.
const DataSet& children_plan() {
    static const DataSet set = [] {
        DataSet other = urgent_care_plan();
        other.url = "urn:x-local:test:children-plan";
        other.title = "Children's plan";
        other.plan_type.code = "1";
        return other;
    }();
    return set;
}

json entry(const std::string& code, const std::string& date, json more = json::object()) {
    json resource{{"resourceType", "Observation"},
                  {"id", "e-" + code + date},
                  {"status", "final"},
                  {"code", {{"coding", {{{"system", snomed}, {"code", code}}}}}},
                  {"performer", {{{"display", "Dr R. Ecord"}}}}};
    if (!date.empty()) resource["effectiveDateTime"] = date;
    resource.update(more);
    return {{"resource", resource}};
}

json bundle(json entries) {
    return {{"resourceType", "Bundle"}, {"type", "collection"}, {"entry", std::move(entries)}};
}

std::vector<CprSource> record(json entries) {
    return sources_in_record(urgent_care_plan(), bundle(std::move(entries)), today);
}

std::vector<Flag> flags_with(const Answers& answers, const std::vector<CprSource>& record,
                             const std::string& view = "ae") {
    const Plan plan = active_plan(urgent_care_plan(), answers);
    FlagContext context;
    context.view = view;
    context.today = today;
    return flags_of_person({{&urgent_care_plan(), &plan}}, record, {}, context);
}

std::vector<Flag> flags_of_two(const DataSet& second, const Answers& one, const Answers& two,
                               const std::string& view = "ae") {
    const Plan first = active_plan(urgent_care_plan(), one);
    Plan other = active_plan(second, two);
    other.id = "another";
    FlagContext context;
    context.view = view;
    context.today = today;
    return flags_of_person({{&urgent_care_plan(), &first}, {&second, &other}}, {}, {}, context);
}

bool conflicts(const std::vector<Flag>& flags) {
    return find(flags, "cpr-conflict") != nullptr;
}

std::vector<std::string> cpr_ids(const std::vector<Flag>& flags) {
    std::vector<std::string> ids;
    for (const Flag& flag : in_slot(flags, CAREPLUG_SLOT_CPR)) ids.push_back(flag.id);
    return ids;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("H6: plans of two kinds with different CPR decisions raise the conflict above both decisions") {
    for (const char* view : {"gp", "ooh", "ae", "nhs111", "ambulance"}) {
        const auto flags = flags_of_two(children_plan(), decided(not_for, "2026-11-01"),
                                        decided(for_cpr, "2026-11-03"), view);
        REQUIRE(cpr_ids(flags) == Ids{"cpr-conflict", "dnacpr", "for-cpr"});
        const Flag& conflict = *find(flags, "cpr-conflict");
        CHECK(conflict.short_words == "CPR CONFLICT");
        CHECK(conflict.long_words ==
              "CPR: For attempted cardiopulmonary resuscitation, newest signed (Children's plan, "
              "03-Nov-2026, Dr "
              "A. Patel, GP) against Not for attempted cardiopulmonary resuscitation (Urgent care plan, "
              "01-Nov-2026, Dr A. Patel, GP)");
        CHECK_FALSE(conflict.on_wire);
    }
    CHECK_FALSE(conflicts(flags_of_two(children_plan(), decided(not_for), decided(for_cpr), "patient")));
}

TEST_CASE("H6: decisions of one day are both shown and none is marked as the newest") {
    const auto flags = flags_of_two(children_plan(), decided(not_for), decided(for_cpr));
    REQUIRE(conflicts(flags));
    CHECK(find(flags, "cpr-conflict")->long_words.find("newest") == std::string::npos);
    Answers unsigned_one = decided(for_cpr, "2026-11-20");
    unsigned_one.clear("cpr.by");
    Plan plan = active_plan(children_plan(), unsigned_one);
    plan.approver.clear();
    const Plan first = active_plan(urgent_care_plan(), decided(not_for));
    const auto two = cpr_conflict({source_of(children_plan(), plan), source_of(urgent_care_plan(), first)});
    REQUIRE(two.size() == 2);
    CHECK(two[0].words.find("Not for") == 0);
    CHECK(two[0].newest);
    CHECK(two[1].by.empty());
    CHECK(words_of(two).find("signer not recorded") != std::string::npos);
}

TEST_CASE("H6: the same decision twice, no decision, and a kind that asks none are no conflict") {
    CHECK(cpr_ids(flags_of_two(children_plan(), decided(not_for), decided(not_for))) == Ids{"dnacpr"});
    CHECK(cpr_ids(flags_of_two(children_plan(), decided(not_for), decided("no-decision-recorded"))) ==
          Ids{"dnacpr"});
    CHECK(cpr_ids(flags_of_two(children_plan(), decided("no-decision-recorded"), decided(for_cpr))) ==
          Ids{"for-cpr"});
    Answers none = complete_answers();
    none.clear("cpr.decision");
    CHECK(cpr_ids(flags_of_two(children_plan(), decided(not_for), none)) == Ids{"dnacpr"});
    CHECK(cpr_ids(flags_of_two(children_plan(), none, none)) == Ids{"cpr-none"});
    CHECK(cpr_ids(flags_of_two(contingency_plan(), decided(not_for), Answers())) == Ids{"dnacpr"});
    CHECK(cpr_ids(flags_of_two(contingency_plan(), none, Answers())) == Ids{"cpr-none"});
}

TEST_CASE("H6: an advance decision to refuse life-sustaining treatment conflicts with for CPR elsewhere") {
    Answers refuses = complete_answers();
    refuses.set("cpr.decision", option(urgent_care_plan(), "cpr.decision", "no-decision-recorded"));
    refuses.set("leg.adrt", option(urgent_care_plan(), "leg.adrt", "816321000000109"));
    refuses.set("leg.adrt_date", Date{"2026-11-10"});
    const auto flags = flags_of_two(children_plan(), decided(for_cpr), refuses);
    REQUIRE(conflicts(flags));
    const std::string words = find(flags, "cpr-conflict")->long_words;
    CHECK(words.find("Children's plan, 10-Nov-2026") != std::string::npos);
    CHECK(words.find("For attempted cardiopulmonary resuscitation (Urgent care plan") != std::string::npos);
    CHECK_FALSE(conflicts(flags_of_two(children_plan(), decided(not_for), refuses)));
    // Another kind of advance decision does not refuse it.
    refuses.set("leg.adrt", option(urgent_care_plan(), "leg.adrt", "816301000000100"));
    CHECK_FALSE(conflicts(flags_of_two(children_plan(), decided(for_cpr), refuses)));
}

TEST_CASE("H6: a coded entry of the host's record against the plan is a conflict, also under a legacy code") {
    for (const char* code : {"450476008", "304253006"}) {
        const auto flags = flags_with(decided(for_cpr), record({entry(code, "2026-11-15")}));
        CHECK(cpr_ids(flags) == Ids{"cpr-conflict", "for-cpr"});
        CHECK(find(flags, "cpr-conflict")
                  ->long_words.find("newest signed (this record, 15-Nov-2026, Dr R. "
                                    "Ecord) against For attempted") != std::string::npos);
        CHECK(cpr_ids(flags_with(decided(not_for), record({entry(code, "2026-11-15")}))) == Ids{"dnacpr"});
    }
    CHECK(conflicts(flags_with(decided(not_for), record({entry("304252001", "2020-01-01")}))));
    CHECK(conflicts(flags_with(decided(for_cpr), record({entry("816321000000109", "2020-01-01")}))));
    CHECK_FALSE(
        conflicts(flags_with(decided("no-decision-recorded"), record({entry(not_for, "2026-11-15")}))));
    CHECK_FALSE(conflicts(flags_with(decided(not_for), record({entry("73211009", "2026-11-15")}))));
}

TEST_CASE("H6: entries of every type of resource are read, and what is no longer current is not") {
    const json codes{{"coding", {{{"system", snomed}, {"code", not_for}}}}};
    const auto resource = [&](json body) {
        return record(json::array({{{"resource", std::move(body)}}})).size();
    };
    CHECK(resource({{"resourceType", "Condition"}, {"code", codes}}) == 1);
    CHECK(resource({{"resourceType", "Flag"}, {"status", "active"}, {"code", codes}}) == 1);
    CHECK(resource({{"resourceType", "DocumentReference"}, {"status", "current"}, {"type", codes}}) == 1);
    CHECK(resource({{"resourceType", "Consent"},
                    {"status", "active"},
                    {"provision", {{"code", json::array({codes})}}}}) == 1);
    CHECK(resource({{"resourceType", "Condition"},
                    {"code", codes},
                    {"clinicalStatus", {{"coding", {{{"code", "resolved"}}}}}}}) == 0);
    CHECK(resource({{"resourceType", "Condition"},
                    {"code", codes},
                    {"verificationStatus", {{"coding", {{{"code", "entered-in-error"}}}}}}}) == 0);
    CHECK(resource({{"resourceType", "Condition"}, {"code", codes}, {"abatementDateTime", "2024"}}) == 0);
    CHECK(resource({{"resourceType", "Flag"}, {"status", "inactive"}, {"code", codes}}) == 0);
    CHECK(resource({{"resourceType", "Flag"}, {"code", codes}, {"period", {{"end", "2024-01-01"}}}}) == 0);
    CHECK(resource({{"resourceType", "Flag"}, {"code", codes}, {"period", {{"end", "2027-01-01"}}}}) == 1);
    CHECK(resource({{"resourceType", "DocumentReference"}, {"status", "superseded"}, {"type", codes}}) == 0);
    CHECK(sources_in_record(urgent_care_plan(), json("no bundle"), today).empty());
}

TEST_CASE("H6: in one record a later entry replaces an earlier one; entries of one day stand both") {
    CHECK_FALSE(conflicts(
        flags_with(decided(not_for), record({entry(for_cpr, "2019-03-01"), entry(not_for, "2024-03-01")}))));
    CHECK(conflicts(
        flags_with(decided(not_for), record({entry(for_cpr, "2024-03-01"), entry(not_for, "2024-03-01")}))));
    CHECK(
        conflicts(flags_with(decided(not_for), record({entry(for_cpr, ""), entry(not_for, "2024-03-01")}))));
}

TEST_CASE(
    "H6: an entry dated with its year alone neither replaces a day of that year nor is replaced by it") {
    CHECK(conflicts(
        flags_with(decided(for_cpr), record({entry(for_cpr, "2026"), entry(not_for, "2026-11-15")}))));
    CHECK(conflicts(
        flags_with(decided(not_for), record({entry(for_cpr, "2026"), entry(not_for, "2026-11-15")}))));
    CHECK_FALSE(conflicts(
        flags_with(decided(not_for), record({entry(for_cpr, "2025"), entry(not_for, "2026-11-15")}))));
}

TEST_CASE("H6: an entry that was filed from a plan is no evidence") {
    const json filed{{"identifier", {{{"system", filed_entry_system}, {"value", "plan/450476008"}}}}};
    CHECK(record({entry(not_for, "2026-11-15", filed)}).empty());
    CHECK_FALSE(conflicts(flags_with(decided(for_cpr), record({entry(not_for, "2026-11-15", filed)}))));
}

TEST_CASE("H20: an entry of the record whose words contradict its code is believed in neither") {
    json contradicts = entry(not_for, "2026-11-15");
    contradicts["resource"]["code"]["text"] = "For attempted cardiopulmonary resuscitation";
    const auto sources = record({contradicts});
    for (const char* code : {"450476008", "450475007"}) {
        const auto flags = flags_with(decided(code), sources);
        REQUIRE(conflicts(flags));
        CHECK(find(flags, "cpr-conflict")
                  ->long_words.find("\"For attempted cardiopulmonary resuscitation (450476008)\"") !=
              std::string::npos);
    }
    json agrees = entry(not_for, "2026-11-15");
    agrees["resource"]["code"]["text"] = "DNACPR, see letter";
    CHECK_FALSE(conflicts(flags_with(decided(not_for), record({agrees}))));
}

TEST_CASE("Flags of several kinds are the union, and no words are dropped") {
    Answers worse;
    worse.items.push_back({"worse.step",
                           {contingency_plan().find("worse.step")->options.empty()
                                ? Value(std::string("Call the ward"))
                                : Value(contingency_plan().find("worse.step")->options.front().coding)},
                           {}});
    const auto flags = flags_of_two(contingency_plan(), decided(not_for), worse);
    CHECK(find(flags, "first-step") != nullptr);
    CHECK(find(flags, "ceiling") != nullptr);
    CHECK(in_slot(flags, CAREPLUG_SLOT_KNOWLEDGE).size() == 1);
    Answers adrt = decided(not_for);
    adrt.set("leg.adrt", option(urgent_care_plan(), "leg.adrt", "816301000000100"));
    adrt.set("leg.adrt_text", std::string("No ventilation"));
    Answers other = adrt;
    other.set("leg.adrt_text", std::string("No dialysis"));
    const std::string words = find(flags_of_two(children_plan(), adrt, other), "adrt")->long_words;
    CHECK(words.find("No ventilation") != std::string::npos);
    CHECK(words.find("Children's plan: ") != std::string::npos);
    CHECK(words.find("No dialysis") != std::string::npos);
}

TEST_CASE("H3, H6: a plan of another kind that cannot be read says: open the plan") {
    const Plan plan = active_plan(urgent_care_plan(), decided(for_cpr));
    FlagContext context;
    context.view = "ae";
    context.today = today;
    const auto flags = flags_of_person({{&urgent_care_plan(), &plan}}, {}, {"Children's plan"}, context);
    CHECK(cpr_ids(flags) == Ids{"cpr-unreadable", "for-cpr"});
    CHECK(find(flags, "cpr-unreadable")->long_words.find("Children's plan") != std::string::npos);
}
