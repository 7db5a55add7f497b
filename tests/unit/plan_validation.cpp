#include <catch2/catch.hpp>

#include "plan_fixture.h"

using namespace plan_test;

namespace {

std::vector<Issue> publish(const Answers& answers) {
    return validate(urgent_care_plan(), answers, Intent::publish, today);
}

int errors_for(const char* link_id, Value value, Intent intent = Intent::save_draft) {
    Answers answers = complete_answers();
    answers.set(link_id, std::move(value));
    return count(validate(urgent_care_plan(), answers, intent, today), link_id);
}

bool lints(const Answers& answers, const std::string& words, Severity severity) {
    for (const Issue& issue : publish(answers))
        if (issue.words.find(words) != std::string::npos && issue.severity == severity) return true;
    return false;
}

}  // namespace

TEST_CASE("A complete plan may be published") {
    const auto issues = publish(complete_answers());
    INFO(words_of(issues));
    CHECK_FALSE(blocks(issues));
}

TEST_CASE("An empty plan names every answer that publishing needs") {
    const auto issues = publish({});
    for (const Field* field : urgent_care_plan().fields()) {
        INFO(field->link_id);
        CHECK(count(issues, field->link_id) == (field->required ? 1 : 0));
    }
    CHECK(count(issues, "pref.care", Severity::information) == 1);
    CHECK(validate(urgent_care_plan(), {}, Intent::submit, today).empty());
    CHECK(validate(urgent_care_plan(), {}, Intent::save_draft, today).empty());
}

TEST_CASE("What an answer makes necessary is needed") {
    const DataSet& set = urgent_care_plan();
    Answers answers = complete_answers();
    answers.clear("cpr.date");
    CHECK(count(publish(answers), "cpr.date") == 1);
    answers.set("cpr.decision", option(set, "cpr.decision", "no-decision-recorded"));
    for (const char* link_id : {"cpr.by", "cpr.where", "cpr.reason"}) answers.clear(link_id);
    CHECK_FALSE(blocks(publish(answers)));
    answers.set("leg.lpa", option(set, "leg.lpa", "816381000000105"));
    CHECK(count(publish(answers), "leg.attorney") == 1);
}

TEST_CASE("Answers must have the type, the values and the range of their question") {
    const DataSet& set = urgent_care_plan();
    CHECK(errors_for("cpr.decision", std::string("unknown")) == 1);
    CHECK(errors_for("cpr.decision", Coding{snomed, "999", "?"}) == 1);
    CHECK(errors_for("cpr.decision", Coding{"urn:other", "450476008", "?"}) == 1);
    CHECK(errors_for("cpr.decision", Coding{snomed, "304253006", ""}) == 0);
    CHECK(errors_for("dx.primary", std::string("heart failure")) == 0);
    CHECK(errors_for("dx.primary", Coding{snomed, "42", "Heart failure"}) == 0);
    CHECK(errors_for("dx.primary", std::string("  ")) == 1);
    CHECK(errors_for("dx.primary", true) == 1);
    CHECK(errors_for("com.function", std::int64_t{50}) == 0);
    CHECK(errors_for("com.function", std::int64_t{55}) == 1);
    CHECK(errors_for("com.function", std::int64_t{-10}) == 1);
    CHECK(errors_for("com.function", std::int64_t{110}) == 1);
    CHECK(errors_for("tep.scale", std::int64_t{0}) == 1);
    CHECK(errors_for("tep.scale", std::string("40")) == 1);
    CHECK(errors_for("meta.review", Date{"2027-02-29"}) == 1);
    CHECK(errors_for("meta.review", Date{"2028-02-29"}) == 0);
    CHECK(errors_for("meta.review", Date{"2027-02"}) == 1);
    CHECK(errors_for("meta.review", Date{"21/11/2026"}) == 1);
    CHECK(errors_for("meta.review", DateTime{"2026-11-21T10:00:00Z"}) == 1);
    CHECK(errors_for("cpr.date", Date{"2026-02"}) == 0);
    CHECK(errors_for("cpr.date", Date{"2026"}) == 0);
    CHECK(errors_for("cpr.date", Date{"2026-13"}) == 1);
    CHECK(errors_for("dem.nhs", std::string("999 000 0018")) == 0);
    CHECK(errors_for("dem.nhs", std::string("9990000019")) == 1);
    CHECK(errors_for("dem.nhs", std::string("999000001")) == 1);
    CHECK(errors_for("cpr.by", std::string("a group cannot be answered")) == 1);
    Answers phone = complete_answers();
    phone.set("ppl.key_phone", std::string("ask at the desk"));
    CHECK(count(publish(phone), "ppl.key_phone", Severity::warning) == 1);
    CHECK(set.find("evt.note") == nullptr);
    Answers note;
    note.replace("evt.note", {{"evt.note", {}, {{"evt.note.when", {Value(DateTime{"2026-11-21"})}, {}}}}});
    CHECK(count(validate(contact_form(), note, Intent::save_draft, today), "evt.note.when") == 1);
}

TEST_CASE("Answers are given once, where they belong, and alone where they exclude others") {
    const DataSet& set = urgent_care_plan();
    Answers answers = complete_answers();
    answers.replace("cpr.decision",
                    {{"cpr.decision",
                      {option(set, "cpr.decision", "450476008"), option(set, "cpr.decision", "450475007")},
                      {}}});
    CHECK(count(validate(set, answers, Intent::save_draft, today), "cpr.decision") == 1);
    answers = complete_answers();
    answers.items.push_back({"pref.matters", {Value(std::string("a"))}, {}});
    answers.items.push_back({"pref.matters", {Value(std::string("b"))}, {}});
    CHECK(count(validate(set, answers, Intent::save_draft, today), "pref.matters") == 1);
    answers = complete_answers();
    answers.replace("leg.adrt",
                    {{"leg.adrt",
                      {option(set, "leg.adrt", "none-known"), option(set, "leg.adrt", "816301000000100")},
                      {}}});
    CHECK(count(validate(set, answers, Intent::save_draft, today), "leg.adrt") == 1);
    answers.replace(
        "leg.adrt",
        {{"leg.adrt",
          {option(set, "leg.adrt", "816301000000100"), option(set, "leg.adrt", "816301000000100")},
          {}}});
    CHECK(count(validate(set, answers, Intent::save_draft, today), "leg.adrt") == 1);
    answers = complete_answers();
    answers.items.push_back({"no.such", {Value(std::string("x"))}, {}});
    answers.items.push_back({"cpr.by.name", {Value(std::string("x"))}, {}});
    answers.replace("ppl.practice", {{"ppl.practice", {}, {{"ppl.gp", {Value(std::string("x"))}, {}}}}});
    const auto issues = validate(set, answers, Intent::save_draft, today);
    CHECK(count(issues, "no.such") == 1);
    CHECK(count(issues, "cpr.by.name") == 1);
    CHECK(count(issues, "ppl.gp") == 1);
}

TEST_CASE("Each row is checked, and named by its id") {
    const DataSet& set = urgent_care_plan();
    const auto row = [&](const char* id, bool with_phone) {
        Item item{"ppl.emergency",
                  {},
                  {{"ppl.emergency.$row", {Value(std::string(id))}, {}},
                   {"ppl.emergency.order", {Value(std::int64_t{1})}, {}},
                   {"ppl.emergency.name", {Value(std::string("Ngozi"))}, {}}}};
        if (with_phone)
            item.items.push_back({"ppl.emergency.phone", {Value(std::string("020 7946 0018"))}, {}});
        return item;
    };
    Answers answers = complete_answers();
    answers.replace("ppl.emergency", {row("r1", true), row("r2", false)});
    const auto issues = validate(set, answers, Intent::submit, today);
    REQUIRE(count(issues, "ppl.emergency.phone") == 1);
    CHECK(issues.front().row == "r2");
    CHECK(validate(set, answers, Intent::save_draft, today).empty());
    answers.replace("ppl.emergency", {row("r1", true), row("r1", true)});
    CHECK(count(validate(set, answers, Intent::save_draft, today), "ppl.emergency") == 1);
}

TEST_CASE("H8: some answers do not permit publishing") {
    const DataSet& set = urgent_care_plan();
    CHECK(errors_for("con.status", option(set, "con.status", "882941000000102"), Intent::publish) == 1);
    CHECK(errors_for("con.status", option(set, "con.status", "882941000000102"), Intent::submit) == 0);
    CHECK(errors_for("dem.nhs_status", option(set, "dem.nhs_status", "02"), Intent::publish) == 1);
    // Modified CPR is for children.
    CHECK(errors_for("cpr.decision", option(set, "cpr.decision", "modified-cpr"), Intent::publish) == 1);
    Answers child = complete_answers();
    child.set("dem.dob", Date{"2015-05-05"});
    child.set("cpr.decision", option(set, "cpr.decision", "modified-cpr"));
    CHECK(count(publish(child), "cpr.decision") == 0);
    // An answer that does not apply.
    Answers answers = complete_answers();
    answers.set("med.antic_where", std::string("Fridge"));
    CHECK(count(publish(answers), "med.antic_where") == 1);
    CHECK(count(validate(set, answers, Intent::submit, today), "med.antic_where") == 0);
}

TEST_CASE("H20: lint: each contradiction of the data set is found") {
    const DataSet& set = urgent_care_plan();
    Answers answers = complete_answers();
    answers.set("con.status", option(set, "con.status", "882961000000101"));
    CHECK(lints(answers, "Best-interests consent", Severity::error));
    answers = complete_answers();
    answers.set("con.status", option(set, "con.status", "883001000000106"));
    CHECK(lints(answers, "no attorney is recorded", Severity::error));
    answers.clear("leg.lpa");
    CHECK(lints(answers, "no attorney is recorded", Severity::error));
    answers = complete_answers();
    answers.set("cpr.decision", option(set, "cpr.decision", "450475007"));
    answers.set("leg.adrt", option(set, "leg.adrt", "816321000000109"));
    CHECK(lints(answers, "refuses life-sustaining treatment", Severity::error));
    answers.set("cpr.decision", Coding{snomed, "304252001", ""});
    CHECK(lints(answers, "refuses life-sustaining treatment", Severity::error));
    answers = complete_answers();
    answers.set("tep.level", option(set, "tep.level", "comfort-care-only"));
    answers.set("tep.icu", option(set, "tep.icu", "recommended-would-want"));
    CHECK(lints(answers, "intensive care is recommended", Severity::error));
    answers = complete_answers();
    answers.items.push_back(
        {"alg.list", {}, {{"alg.list.substance", {Value(std::string("Penicillin"))}, {}}}});
    CHECK(lints(answers, "yet allergies are listed", Severity::error));
    answers = complete_answers();
    CHECK_FALSE(lints(answers, "Nobody is recorded", Severity::warning));
    answers.clear("cpr.reason");
    CHECK(lints(answers, "Nobody is recorded", Severity::warning));
    answers.items.push_back(
        {"med.devices",
         {},
         {{"med.devices.kind", {Value(option(set, "med.devices.kind", "icd"))}, {}},
          {"med.devices.icd", {Value(option(set, "med.devices.icd", "icd-active"))}, {}}}});
    CHECK(lints(answers, "ICD is still active", Severity::warning));
    answers.set("dem.access", std::string("Key safe 4711"));
    CHECK(lints(answers, "key-safe code in its own field", Severity::warning));
    CHECK_FALSE(blocks(publish(answers)));
}

TEST_CASE("H9: roles: who may edit, approve and note") {
    const auto actor = [](const char* role, bool senior = false) {
        Actor made = gp();
        made.role = role;
        made.senior = senior;
        return made;
    };
    for (const char* role : {"gp", "palliative_specialist", "hospice_clinician"}) {
        CHECK(may_edit(actor(role)));
        CHECK(may_approve(actor(role)));
    }
    CHECK_FALSE(may_approve(actor("hospital_clinician")));
    CHECK(may_approve(actor("hospital_clinician", true)));
    CHECK(may_edit(actor("district_nurse")));
    CHECK_FALSE(may_approve(actor("district_nurse", true)));
    for (const char* role : {"ooh_clinician", "ae_clinician", "ambulance_clinician"}) {
        CHECK(may_view(actor(role)));
        CHECK(may_note(actor(role)));
        CHECK_FALSE(may_edit(actor(role)));
        CHECK_FALSE(may_approve(actor(role, true)));
    }
    CHECK_FALSE(may_view(actor("researcher")));
    CHECK_FALSE(may_view(actor("privacy_officer")));
    CHECK_FALSE(may_view(actor("")));
    CHECK_FALSE(may_edit(actor("GP")));
    CHECK_FALSE(known_role("admin"));
    CHECK(gp().words() == "Dr P. Iwobi, GP, Alder Lane Surgery");
    const DataSet& set = urgent_care_plan();
    CHECK(may_edit_field(actor("district_nurse"), *set.find("tep.scale")));
    CHECK_FALSE(may_edit_field(actor("district_nurse"), *set.find("cpr.decision")));
    CHECK_FALSE(may_edit_field(actor("social_care"), *set.find("cpr.where")));
    CHECK(may_edit_field(actor("social_care"), *set.find("pref.daily")));
    CHECK(may_edit_field(actor("ooh_clinician"), *contact_form().find("evt.note")));
    CHECK_FALSE(may_edit_field(actor("ooh_clinician"), *set.find("pref.daily")));
}

TEST_CASE("H9: a change beyond the role is refused, with who may make it") {
    const DataSet& set = urgent_care_plan();
    Actor nurse = gp();
    nurse.role = "district_nurse";
    const Answers before = complete_answers();
    Answers after = before;
    CHECK(check_edit_rights(set, nurse, before, after).empty());
    after.set("con.discussion", std::string("Talked"));
    CHECK(check_edit_rights(set, nurse, before, after).empty());
    after.set("cpr.decision", option(set, "cpr.decision", "450475007"));
    const auto issues = check_edit_rights(set, nurse, before, after);
    REQUIRE(issues.size() == 1);
    CHECK(issues.front().link_id == "cpr.decision");
    CHECK(issues.front().code == "forbidden");
    CHECK(issues.front().words.find("GP") != std::string::npos);
    // H1: the identity is filled in from the record once, and then belongs to nobody.
    CHECK(check_edit_rights(set, gp(), {}, before).empty());
    after = before;
    after.set("dem.nhs", std::string("9990000026"));
    CHECK(count(check_edit_rights(set, gp(), before, after), "dem.nhs") == 1);
    Actor crew = gp();
    crew.role = "ambulance_clinician";
    CHECK(blocks(check_edit_rights(set, crew, before, before)));
}
