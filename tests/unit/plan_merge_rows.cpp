#include <careplug/plan/fhir.h>
#include <careplug/plan/merge.h>
#include <careplug/plan/rows.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "plan_fixture.h"

using namespace plan_test;

namespace {

using Ids = std::vector<std::string>;

Item contact(const std::string& id, const std::string& name, const std::string& phone = "020 7946 0010") {
    return {"ppl.emergency",
            {},
            {{"ppl.emergency.$row", {Value(id)}, {}},
             {"ppl.emergency.name", {Value(name)}, {}},
             {"ppl.emergency.phone", {Value(phone)}, {}}}};
}

Answers with(std::vector<Item> rows) {
    Answers answers = complete_answers();
    answers.replace("ppl.emergency", std::move(rows));
    return answers;
}

Merge merged(const Answers& base, const Answers& mine, const Answers& theirs) {
    return merge(urgent_care_plan(), base, mine, theirs);
}

Ids ids(const std::vector<Unit>& units) {
    Ids all;
    for (const Unit& unit : units) all.push_back(unit.id());
    return all;
}

Ids rows(const Answers& answers) {
    Ids all;
    for (const Item* row : answers.all("ppl.emergency")) all.push_back(row_id(*row));
    return all;
}

Ids names(const Answers& answers) {
    Ids all;
    for (const Value* name : answers.values("ppl.emergency.name"))
        all.push_back(std::get<std::string>(*name));
    return all;
}

const Answers base = with({contact("1", "Ngozi"), contact("2", "Obi")});

}  // namespace

TEST_CASE("H5: rows added on both sides are both there, in one order whoever merges") {
    const Answers mine = with({contact("1", "Ngozi"), contact("2", "Obi"), contact("9", "Ada")});
    const Answers theirs = with({contact("1", "Ngozi"), contact("2", "Obi"), contact("5", "Ike")});
    const Merge one = merged(base, mine, theirs);
    CHECK(one.conflicts.empty());
    CHECK(ids(one.kept) == Ids{"ppl.emergency/9"});
    CHECK(ids(one.taken) == Ids{"ppl.emergency/5"});
    CHECK(rows(one.merged) == Ids{"1", "2", "5", "9"});
    CHECK(merged(base, theirs, mine).merged == one.merged);
}

TEST_CASE("H5: a row that both changed goes to a person, whole; the other rows merge") {
    const Answers mine = with({contact("1", "Ngozi", "111"), contact("2", "Obi")});
    const Answers theirs = with({contact("1", "Ngozi E."), contact("2", "Obi", "222")});
    const Merge result = merged(base, mine, theirs);
    REQUIRE(result.conflicts ==
            std::vector<UnitConflict>{
                {{"ppl.emergency", "1"}, {"ppl.emergency.name", "ppl.emergency.phone"}, false, false}});
    CHECK(ids(result.taken) == Ids{"ppl.emergency/2"});
    CHECK(result.merged == theirs);

    Answers decided = result.merged;
    take_unit(urgent_care_plan(), decided, mine, result.conflicts.front().unit);
    CHECK(decided == with({contact("1", "Ngozi", "111"), contact("2", "Obi", "222")}));
}

TEST_CASE("H5: a row that one side removed and the other changed goes to a person") {
    const Answers removed = with({contact("2", "Obi")});
    const Answers changed = with({contact("1", "Ngozi", "111"), contact("2", "Obi")});
    const Unit row{"ppl.emergency", "1"};

    const Merge i_removed = merged(base, removed, changed);
    REQUIRE(i_removed.conflicts.size() == 1);
    CHECK(i_removed.conflicts.front().unit == row);
    CHECK(i_removed.conflicts.front().mine_removed);
    CHECK(i_removed.merged == changed);
    Answers decided = i_removed.merged;
    take_unit(urgent_care_plan(), decided, removed, row);
    CHECK(decided == removed);

    const Merge they_removed = merged(base, changed, removed);
    REQUIRE(they_removed.conflicts.size() == 1);
    CHECK(they_removed.conflicts.front().theirs_removed);
    CHECK(they_removed.merged == removed);
    decided = they_removed.merged;
    take_unit(urgent_care_plan(), decided, changed, row);
    CHECK(decided == changed);
}

TEST_CASE("A row that only one side removed is gone, and one that both changed alike is no conflict") {
    const Answers removed = with({contact("2", "Obi")});
    CHECK(ids(merged(base, removed, base).kept) == Ids{"ppl.emergency/1"});
    CHECK(ids(merged(base, base, removed).taken) == Ids{"ppl.emergency/1"});
    CHECK(merged(base, removed, base).merged == removed);
    CHECK(merged(base, base, removed).merged == removed);
    const Answers changed = with({contact("1", "Ngozi", "111"), contact("2", "Obi")});
    const Merge alike = merged(base, changed, changed);
    CHECK(alike.conflicts.empty());
    CHECK(alike.kept.empty());
    CHECK(alike.taken.empty());
}

TEST_CASE("The order of a row's questions is no change, and neither is an empty one") {
    Item turned = contact("1", "Ngozi");
    std::swap(turned.items[1], turned.items[2]);
    turned.items.push_back({"ppl.emergency.note", {}, {}});
    const Answers mine = with({turned, contact("2", "Obi")});
    const Answers theirs = with({contact("1", "Ngozi", "111"), contact("2", "Obi")});
    CHECK(merged(base, mine, theirs).conflicts.empty());
    CHECK(merged(base, mine, theirs).merged == theirs);
}

TEST_CASE("One side's new order of rows stands, and each side's new rows keep theirs") {
    const Answers moved = with({contact("2", "Obi"), contact("1", "Ngozi")});
    const Answers added =
        with({contact("1", "Ngozi"), contact("2", "Obi"), contact("7", "Ada"), contact("3", "Ike")});
    CHECK(rows(merged(base, moved, added).merged) == Ids{"2", "1", "7", "3"});
    CHECK(rows(merged(base, added, moved).merged) == Ids{"2", "1", "7", "3"});
    const Answers also = with({contact("1", "Ngozi"), contact("2", "Obi"), contact("5", "Uche")});
    CHECK(rows(merged(base, also, added).merged) == Ids{"1", "2", "5", "7", "3"});
    CHECK(rows(merged(base, added, also).merged) == Ids{"1", "2", "5", "7", "3"});
}

TEST_CASE("H5: allergies and whether there are any stay whole; so do rows that cannot be told apart") {
    const DataSet& set = urgent_care_plan();
    CHECK_FALSE(merges_by_rows(set, *set.find("alg.list")));
    CHECK_FALSE(merges_by_rows(set, *set.find("leg.attorney")));
    for (const char* group : {"ppl.emergency", "ppl.consult", "ppl.team", "med.current", "med.devices",
                              "tep.scenario", "leg.docs"})
        CHECK(merges_by_rows(set, *set.find(group)));
    const auto allergy = [](const char* id, const char* substance) {
        return Item{"alg.list",
                    {},
                    {{"alg.list.$row", {Value(std::string(id))}, {}},
                     {"alg.list.substance", {Value(std::string(substance))}, {}}}};
    };
    Answers mine = base;
    mine.items.push_back(allergy("1", "Penicillin"));
    Answers theirs = base;
    theirs.items.push_back(allergy("2", "Latex"));
    REQUIRE(merged(base, mine, theirs).conflicts.size() == 1);
    CHECK(merged(base, mine, theirs).conflicts.front().unit == Unit{"allergies", ""});

    const Answers twins = with({contact("1", "Ngozi"), contact("1", "Obi"), contact("3", "Ada")});
    const Answers other = with({contact("1", "Ngozi"), contact("2", "Obi"), contact("4", "Ike")});
    REQUIRE(merged(base, twins, other).conflicts.size() == 1);
    CHECK(merged(base, twins, other).conflicts.front().unit == Unit{"ppl.emergency", ""});
}

TEST_CASE("H5, H8: withdrawal of consent wins, whoever said what else about consent") {
    const DataSet& set = urgent_care_plan();
    Answers withdrawn = base;
    withdrawn.set("con.status", option(set, "con.status", "882941000000102"));
    Answers edited = base;
    edited.set("con.date", Date{"2026-11-21"});
    edited.set("pref.matters", std::string("The garden"));

    const Merge theirs = merged(base, edited, withdrawn);
    CHECK(theirs.conflicts.empty());
    CHECK(ids(theirs.taken) == Ids{"consent"});
    const Merge mine = merged(base, withdrawn, edited);
    CHECK(mine.conflicts.empty());
    CHECK(ids(mine.kept) == Ids{"consent"});
    for (const Merge& result : {theirs, mine}) {
        CHECK(same(result.merged, withdrawn, "con.status"));
        CHECK(same(result.merged, withdrawn, "con.date"));
        CHECK(result.merged.text("pref.matters") == "The garden");
    }
    // Consent given again meets an edit of the withdrawal: a person decides.
    Answers given_again = withdrawn;
    given_again.set("con.status", option(set, "con.status", "882921000000109"));
    Answers explained = withdrawn;
    explained.set("con.discussion", std::string("Wishes no sharing"));
    CHECK(merged(withdrawn, given_again, explained).conflicts.size() == 1);
    CHECK(ids(merged(withdrawn, given_again, withdrawn).kept) == Ids{"consent"});
}

TEST_CASE("A row without an id gets the same one wherever it is read, and twins get different ones") {
    const DataSet& set = urgent_care_plan();
    const auto read = [&](const std::string& phone) {
        const nlohmann::json row = {
            {"linkId", "ppl.emergency"},
            {"item",
             {{{"linkId", "ppl.emergency.name"}, {"answer", {{{"valueString", "Ngozi"}}}}},
              {{"linkId", "ppl.emergency.phone"}, {"answer", {{{"valueString", phone}}}}}}}};
        nlohmann::json turned = row;
        std::swap(turned["item"][0], turned["item"][1]);
        return fhir::read_revision(set, {{"resourceType", "QuestionnaireResponse"},
                                         {"questionnaire", set.canonical()},
                                         {"item", {row, turned, {{"linkId", "ppl.emergency"}}}}});
    };
    const Answers first = read("111");
    const Ids named = rows(first);
    REQUIRE(named.size() == 3);
    CHECK(named[0].size() == 36);
    CHECK(named[0] != named[1]);
    CHECK(named[2].empty());
    CHECK(rows(read("111")) == named);
    CHECK(rows(read("222"))[0] != named[0]);
    const Answers again = fhir::read_answers(set, {{"item", fhir::write_items(set, first)}});
    CHECK(rows(again) == Ids{named[0], named[1]});

    // The same content under a name that is taken.
    Answers mixed = with({contact(named[0], "Other"), contact("", "Ngozi", "111")});
    mixed.items.back().items.erase(mixed.items.back().items.begin());
    name_rows(set, mixed);
    CHECK(rows(mixed) == Ids{named[0], named[1]});
}

TEST_CASE("Rows of an update keep their ids: by id, else by content, never by position") {
    const Answers before =
        with({contact("1", "Ngozi", "111"), contact("2", "Obi", "222"), contact("3", "Ada", "333")});
    const auto matched = [&](std::vector<Item> given) {
        match_rows(before.all("ppl.emergency"), given);
        Ids all;
        for (const Item& row : given) all.push_back(row_id(row));
        return all;
    };
    const auto unnamed = [](const std::string& name, const std::string& phone) {
        Item row = contact("", name, phone);
        row.items.erase(row.items.begin());
        return row;
    };
    CHECK(matched({contact("2", "Obi", "999"), contact("1", "Ngozi", "111")}) == Ids{"2", "1"});
    // An id that nobody gave out is none, and one that is given twice counts once.
    CHECK(matched({contact("row-1", "Uche", "444")}) == Ids{""});
    CHECK(matched({contact("1", "Ngozi", "111"), contact("1", "Uche", "444")}) == Ids{"1", ""});
    // By content, wherever the row stands now.
    CHECK(matched({unnamed("Ada", "333"), unnamed("Ngozi", "111")}) == Ids{"3", "1"});
    // One answer changed; another row took its place.
    CHECK(matched({unnamed("Obi", "999"), unnamed("Ada", "333")}) == Ids{"2", "3"});
    // Nothing in common with any row, or with two: a new row.
    CHECK(matched({unnamed("Uche", "444")}) == Ids{""});
    CHECK(matched({unnamed("Ngozi", "222")}) == Ids{""});
    CHECK(matched({unnamed("Ngozi", "5"), unnamed("Ngozi", "6")}) == (Ids{"", ""}));
    CHECK(names(before) == Ids{"Ngozi", "Obi", "Ada"});
}
