#include <careplug/plan/rules.h>

#include <catch2/catch.hpp>

#include "plan_fixture.h"

using namespace plan_test;

namespace {

bool holds_on(const Answers& answers, const char* question, const char* op, std::vector<std::string> wanted,
              const DataSet& set = urgent_care_plan()) {
    return holds(Condition{question, op, std::move(wanted)}, RuleContext{set, answers, today, nullptr});
}

}  // namespace

TEST_CASE("Rules compare answers") {
    Answers answers = complete_answers();
    answers.set("tep.scale", std::int64_t{40});
    answers.set("dem.access", std::string("Key safe 4711 left of the door"));
    CHECK(holds_on(answers, "cpr.decision", "in", {"450476008", "x"}));
    CHECK_FALSE(holds_on(answers, "cpr.decision", "in", {"450475007"}));
    CHECK(holds_on(answers, "cpr.decision", "=", {"450476008"}));
    CHECK(holds_on(answers, "cpr.decision", "!=", {"450475007"}));
    CHECK_FALSE(holds_on(answers, "cpr.decision", "!=", {"450476008"}));
    CHECK_FALSE(holds_on(answers, "pref.care", "!=", {"x"}));
    CHECK(holds_on(answers, "cpr.decision", "not-in", {"450475007"}));
    CHECK_FALSE(holds_on(answers, "cpr.decision", "not-in", {"450476008"}));
    CHECK(holds_on(answers, "pref.care", "not-in", {"x"}));
    CHECK(holds_on(answers, "cpr.decision", "exists", {"true"}));
    CHECK(holds_on(answers, "pref.care", "exists", {"false"}));
    CHECK_FALSE(holds_on(answers, "pref.care", "exists", {"true"}));
    CHECK(holds_on(answers, "tep.scale", ">", {"39"}));
    CHECK_FALSE(holds_on(answers, "tep.scale", ">", {"40"}));
    CHECK(holds_on(answers, "tep.scale", ">=", {"40"}));
    CHECK(holds_on(answers, "tep.scale", "<=", {"40"}));
    CHECK(holds_on(answers, "tep.scale", "<", {"41"}));
    CHECK(holds_on(answers, "tep.scale", "=", {"40"}));
    CHECK_FALSE(holds_on(answers, "tep.scale", "<", {"many"}));
    CHECK(holds_on(answers, "dem.access", "matches", {"[0-9]{4,6}"}));
    CHECK_FALSE(holds_on(answers, "dem.address", "matches", {"[0-9]{4,6}"}));
    CHECK_FALSE(holds_on(answers, "dem.access", "matches", {"("}));
    CHECK(holds_on(answers, "meta.review", ">", {"$today"}));
    CHECK_FALSE(holds_on(answers, "meta.review", "<", {"$today"}));
    // A group is there when anything in it is.
    CHECK(holds_on(answers, "cpr.by", "exists", {"true"}));
    CHECK(holds_on(answers, "cpr.by.number", "exists", {"false"}));
}

TEST_CASE("Legacy codes count as what they mean on both sides of a rule") {
    Answers answers;
    answers.set("cpr.decision", Coding{snomed, "304253006", ""});
    CHECK(holds_on(answers, "cpr.decision", "in", {"450476008"}));
    CHECK(holds_on(answers, "cpr.decision", "in", {"304253006"}));
    CHECK_FALSE(holds_on(answers, "cpr.decision", "not-in", {"450476008"}));
    CHECK(meaning(urgent_care_plan(), "304252001") == "450475007");
    CHECK(meaning(urgent_care_plan(), "other") == "other");
}

TEST_CASE("Age is whole years, and not known from a partial date") {
    CHECK(age("2008-11-21", "2026-11-21") == 18);
    CHECK(age("2008-11-22", "2026-11-21") == 17);
    CHECK(age("2004-02-29", "2026-02-28") == 21);
    CHECK_FALSE(age("2008", "2026-11-21"));
    CHECK_FALSE(age("2008-13-01", "2026-11-21"));
    CHECK_FALSE(age("2027-01-01", "2026-11-21"));
    Answers answers;
    CHECK_FALSE(holds_on(answers, "$age", "<", {"18"}));
    answers.set("dem.dob", Date{"2010-01-01"});
    CHECK(holds_on(answers, "$age", "<", {"18"}));
    answers.set("dem.dob", Date{"1944-06-19"});
    CHECK_FALSE(holds_on(answers, "$age", "<", {"18"}));
}

TEST_CASE("All lines hold, or any") {
    const Answers answers = complete_answers();
    const RuleContext context{urgent_care_plan(), answers, today, nullptr};
    const Condition yes{"cpr.decision", "exists", {"true"}};
    const Condition no{"cpr.decision", "exists", {"false"}};
    CHECK(holds(Rule{}, context));
    CHECK(holds(Rule{{yes, yes}, false}, context));
    CHECK_FALSE(holds(Rule{{yes, no}, false}, context));
    CHECK(holds(Rule{{yes, no}, true}, context));
    CHECK_FALSE(holds(Rule{{no, no}, true}, context));
}

TEST_CASE("An item of a repeating group looks at its own row") {
    const DataSet& set = urgent_care_plan();
    const Item icd{
        "med.devices", {}, {{"med.devices.kind", {Value(option(set, "med.devices.kind", "icd"))}, {}}}};
    const Item oxygen{
        "med.devices", {}, {{"med.devices.kind", {Value(option(set, "med.devices.kind", "oxygen"))}, {}}}};
    Answers answers;
    answers.items = {icd, oxygen};
    const Field& question = *set.find("med.devices.icd");
    CHECK(enabled(question, RuleContext{set, answers, today, &answers.items[0]}));
    CHECK(required(question, RuleContext{set, answers, today, &answers.items[0]}));
    CHECK_FALSE(enabled(question, RuleContext{set, answers, today, &answers.items[1]}));
    CHECK_FALSE(required(question, RuleContext{set, answers, today, &answers.items[1]}));
}

TEST_CASE("Answers to questions that do not apply are left out, also those that hang on them") {
    const DataSet& set = urgent_care_plan();
    Answers answers = complete_answers();
    REQUIRE(answers.has("cpr.date"));
    CHECK(without_disabled(set, answers, today) == answers);
    answers.set("cpr.decision", option(set, "cpr.decision", "no-decision-recorded"));
    Answers kept = without_disabled(set, answers, today);
    CHECK_FALSE(kept.has("cpr.date"));
    CHECK_FALSE(kept.has("cpr.by"));
    CHECK(kept.has("cpr.decision"));
    // In rows: the ICD question of a device that is no ICD.
    answers.items.push_back(
        {"med.devices",
         {},
         {{"med.devices.kind", {Value(option(set, "med.devices.kind", "oxygen"))}, {}},
          {"med.devices.icd", {Value(option(set, "med.devices.icd", "icd-active"))}, {}}}});
    kept = without_disabled(set, answers, today);
    CHECK(kept.has("med.devices.kind"));
    CHECK_FALSE(kept.has("med.devices.icd"));
    // A chain: c hangs on b, b on a.
    const DataSet chain = read_data_set(R"({"resourceType":"Questionnaire","url":"urn:x","item":[
        {"linkId":"a","type":"string"},
        {"linkId":"b","type":"string","enableWhen":[{"question":"a","operator":"exists","answerBoolean":true}]},
        {"linkId":"c","type":"string","enableWhen":[{"question":"b","operator":"exists","answerBoolean":true}]}]})");
    Answers two;
    two.set("b", std::string("x"));
    two.set("c", std::string("x"));
    CHECK(without_disabled(chain, two, today).items.empty());
}
