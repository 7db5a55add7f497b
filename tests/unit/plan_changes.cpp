#include <careplug/plan/changes.h>
#include <careplug/plan/rows.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "plan_fixture.h"

using namespace plan_test;
using Kind = AnswerChange::Kind;

namespace {

const AnswerChange* of(const std::vector<AnswerChange>& all, const std::string& link_id) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.link_id == link_id; });
    return found == all.end() ? nullptr : &*found;
}

Item contact(const std::string& id, const std::string& name, const std::string& phone) {
    Item row{"ppl.emergency", {}, {}};
    set_row_id(row, id);
    row.items.push_back({"ppl.emergency.name", {Value(name)}, {}});
    row.items.push_back({"ppl.emergency.phone", {Value(phone)}, {}});
    return row;
}

Answers with_contacts(std::vector<Item> rows) {
    Answers answers = complete_answers();
    answers.replace("ppl.emergency", std::move(rows));
    return answers;
}

}  // namespace

TEST_CASE("H5: revisions that say the same differ in nothing") {
    CHECK(changes(urgent_care_plan(), every_answer(), every_answer()).empty());
}

TEST_CASE("H5: what was added, removed and changed is told question by question, in words") {
    const Answers before = complete_answers();
    Answers after = before;
    after.set("cpr.decision", option(urgent_care_plan(), "cpr.decision", "450475007"));
    after.set("dx.understanding", std::string("Knows it cannot be cured"));
    after.clear("dx.primary");
    const auto all = changes(urgent_care_plan(), before, after);
    REQUIRE(all.size() == 3);
    const auto* cpr = of(all, "cpr.decision");
    REQUIRE(cpr != nullptr);
    CHECK(cpr->kind == Kind::changed);
    CHECK(cpr->before.find("Not for") == 0);
    CHECK(cpr->after.find("For attempted") == 0);
    REQUIRE(of(all, "dx.understanding") != nullptr);
    CHECK(of(all, "dx.understanding")->kind == Kind::added);
    CHECK(of(all, "dx.understanding")->after == "Knows it cannot be cured");
    REQUIRE(of(all, "dx.primary") != nullptr);
    CHECK(of(all, "dx.primary")->kind == Kind::removed);
    CHECK_FALSE(of(all, "dx.primary")->before.empty());
}

TEST_CASE("H5: a row is known by its id: an edit, a removal, an addition and another order are told apart") {
    const Answers before =
        with_contacts({contact("a", "Ada", "07700 900 001"), contact("b", "Ben", "07700 900 002")});
    const Answers after =
        with_contacts({contact("a", "Ada", "07700 900 009"), contact("c", "Cay", "07700 900 003")});
    const auto all = changes(urgent_care_plan(), before, after);
    REQUIRE(all.size() == 3);
    CHECK(all[0] == AnswerChange{"ppl.emergency", "b", "Ben", Kind::removed, all[0].before, ""});
    CHECK(all[0].before.find("Ben") != std::string::npos);
    CHECK(all[1] ==
          AnswerChange{"ppl.emergency.phone", "a", "Ada", Kind::changed, "07700 900 001", "07700 900 009"});
    CHECK(all[2].kind == Kind::added);
    CHECK(all[2].row_words == "Cay");

    const Answers turned =
        with_contacts({contact("b", "Ben", "07700 900 002"), contact("a", "Ada", "07700 900 001")});
    const auto order = changes(urgent_care_plan(), before, turned);
    REQUIRE(order.size() == 1);
    CHECK(order[0] == AnswerChange{"ppl.emergency", "", "order", Kind::changed, "Ada, Ben", "Ben, Ada"});
}

TEST_CASE("H20: two codes with the same words are told apart by their codes") {
    Answers before = complete_answers();
    Answers after = before;
    before.set("cpr.decision", Coding{snomed, "304253006", "Not for resuscitation"});
    after.set("cpr.decision", Coding{snomed, "450476008", "Not for resuscitation"});
    const auto all = changes(urgent_care_plan(), before, after);
    REQUIRE(all.size() == 1);
    CHECK(all[0].before != all[0].after);
}

TEST_CASE(
    "H5: a merge with itself: restoring the earlier of two revisions undoes every change but who and "
    "consent") {
    const Answers earlier = every_answer();
    Answers now = complete_answers();
    now.set("dem.family", std::string("Another"));
    const Restored made = restore(urgent_care_plan(), now, earlier, {"dem.keysafe"});
    CHECK(made.answers.text("dem.family") == "Another");
    CHECK_FALSE(made.answers.has("dem.keysafe"));
    CHECK(std::find(made.kept.begin(), made.kept.end(), "dem.keysafe") != made.kept.end());
    CHECK(same(made.answers, now, "con.status"));
    CHECK(same(made.answers, now, "con.date"));
    CHECK_FALSE(made.taken.empty());
    for (const auto& link_id : made.taken) CHECK(same(made.answers, earlier, link_id));
    for (const auto& change : changes(urgent_care_plan(), earlier, made.answers)) {
        const Field* field = urgent_care_plan().field_of(change.link_id);
        REQUIRE(field != nullptr);
        CHECK(std::find(made.kept.begin(), made.kept.end(), field->link_id) != made.kept.end());
    }
}

TEST_CASE(
    "H5: a unit of which one question must stay, stays whole: no date of then meets a decision of now") {
    const Answers earlier = complete_answers();
    Answers now = earlier;
    now.set("cpr.decision", option(urgent_care_plan(), "cpr.decision", "450475007"));
    now.set("cpr.date", Date{"2026-11-20"});
    const Restored made = restore(urgent_care_plan(), now, earlier, {"cpr.date"});
    CHECK(same(made.answers, now, "cpr.decision"));
    CHECK(same(made.answers, now, "cpr.date"));
    CHECK(made.taken.empty());
}
