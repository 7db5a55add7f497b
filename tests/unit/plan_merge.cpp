#include <careplug/plan/merge.h>

#include <catch2/catch.hpp>

#include "plan_fixture.h"

using namespace plan_test;

namespace {

Merge merged(const Answers& base, const Answers& mine, const Answers& theirs) {
    return merge(urgent_care_plan(), base, mine, theirs);
}

std::vector<std::string> ids(const std::vector<Unit>& units) {
    std::vector<std::string> all;
    for (const Unit& unit : units) all.push_back(unit.id());
    return all;
}

using Units = std::vector<std::string>;

}  // namespace

TEST_CASE("H5: a unit that only they changed is taken, one that only I changed is kept") {
    const Answers base = complete_answers();
    Answers mine = base;
    mine.set("pref.matters", std::string("The garden"));
    Answers theirs = base;
    theirs.set("dem.access", std::string("Side door"));
    const Merge result = merged(base, mine, theirs);
    CHECK(ids(result.taken) == Units{"dem.access"});
    CHECK(ids(result.kept) == Units{"pref.matters"});
    CHECK(result.conflicts.empty());
    CHECK(result.merged.text("pref.matters") == "The garden");
    CHECK(result.merged.text("dem.access") == "Side door");
}

TEST_CASE("H5: one person's CPR decision never meets another's date") {
    const DataSet& set = urgent_care_plan();
    const Answers base = complete_answers();
    Answers mine = base;
    mine.set("cpr.date", Date{"2026-11-21"});
    Answers theirs = base;
    theirs.set("cpr.decision", option(set, "cpr.decision", "450475007"));
    theirs.set("cpr.where", std::string("Fridge"));
    const Merge result = merged(base, mine, theirs);
    REQUIRE(result.conflicts.size() == 1);
    CHECK(result.conflicts.front() == UnitConflict{{"cpr", ""}, {"cpr.decision", "cpr.date", "cpr.where"}});
    for (const char* field : {"cpr.decision", "cpr.date", "cpr.where", "cpr.by"})
        CHECK(same(result.merged, theirs, field));

    Answers decided = result.merged;
    take_unit(set, decided, mine, {"cpr", ""});
    for (const char* field : {"cpr.decision", "cpr.date", "cpr.where", "cpr.by"})
        CHECK(same(decided, mine, field));
}

TEST_CASE("The same change by both is no conflict") {
    const Answers base = complete_answers();
    Answers mine = base;
    mine.set("cpr.where", std::string("Fridge"));
    const Merge result = merged(base, mine, mine);
    CHECK(result.taken.empty());
    CHECK(result.kept.empty());
    CHECK(result.conflicts.empty());
    CHECK(result.merged == mine);
}

TEST_CASE("Taking away and changing is a conflict; taking away alone is a change") {
    const Answers base = complete_answers();
    Answers mine = base;
    mine.clear("cpr.where");
    Answers theirs = base;
    CHECK(ids(merged(base, mine, theirs).kept) == Units{"cpr"});
    CHECK_FALSE(merged(base, mine, theirs).merged.has("cpr.where"));
    CHECK(ids(merged(base, theirs, mine).taken) == Units{"cpr"});
    theirs.set("cpr.where", std::string("Fridge"));
    CHECK(merged(base, mine, theirs).conflicts.size() == 1);
}

TEST_CASE("H5: every pair of units merges without touching the other") {
    const DataSet& set = urgent_care_plan();
    const Answers base = complete_answers();
    const Answers full = every_answer();
    const auto units = set.merge_units();
    REQUIRE(units.size() > 40);
    for (const std::string& my_unit : units)
        for (const std::string& their_unit : units) {
            Answers mine = base;
            take_unit(set, mine, full, {my_unit, ""});
            Answers theirs = base;
            take_unit(set, theirs, full, {their_unit, ""});
            const Merge result = merge(set, base, mine, theirs);
            INFO(my_unit << " and " << their_unit);
            CHECK(result.conflicts.empty());
            for (const Field* field : set.fields()) {
                const bool changed = field->merge_unit == my_unit || field->merge_unit == their_unit;
                if (!same(result.merged, changed ? full : base, field->link_id)) FAIL_CHECK(field->link_id);
            }
        }
}

TEST_CASE("What the data set does not know is merged too, never dropped") {
    const Answers base = complete_answers();
    Answers mine = base;
    mine.set("new.question", std::string("mine"));
    CHECK(merged(base, mine, base).merged.text("new.question") == "mine");
    CHECK(merged(base, base, mine).merged.text("new.question") == "mine");
    Answers theirs = base;
    theirs.set("new.question", std::string("theirs"));
    CHECK(merged(base, mine, theirs).conflicts.size() == 1);
}
