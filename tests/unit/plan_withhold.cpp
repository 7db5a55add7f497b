// What a patient's own view leaves out.
#include <careplug/plan/withhold.h>
#include <algorithm>
#include <catch2/catch.hpp>

#include "plan_fixture.h"

using namespace plan_test;

namespace {

const std::string not_aware = "845151000000104";

Answers open_to_patient() {
    Answers answers = complete_answers();
    answers.set("con.patient_access", option(urgent_care_plan(), "con.patient_access", "all"));
    return answers;
}

bool has_field_of(const Answers& answers, const std::string& prefix) {
    return std::any_of(answers.items.begin(), answers.items.end(),
                       [&](const Item& item) { return item.link_id.starts_with(prefix); });
}

bool withheld(const PatientView& view, const std::string& link_id) {
    return std::find(view.withheld.begin(), view.withheld.end(), link_id) != view.withheld.end();
}

}  // namespace

TEST_CASE("H9: a CPR decision that the person is not aware of is in no patient's view, whatever holds it") {
    const DataSet& set = urgent_care_plan();
    Answers answers = open_to_patient();
    PatientView view = patient_view(set, answers, today);
    CHECK(has_field_of(view.shown, "cpr."));
    CHECK(view.withheld.empty());
    CHECK(view.sentence.empty());

    answers.set("cpr.aware", option(set, "cpr.aware", not_aware));
    view = patient_view(set, answers, today);
    CHECK_FALSE(has_field_of(view.shown, "cpr."));
    CHECK(withheld(view, "cpr.decision"));
    CHECK(withheld(view, "cpr.by"));
    // An answer or none: the list and the words are the same.
    Answers without = answers;
    without.clear("cpr.reason");
    CHECK(patient_view(set, without, today).withheld == view.withheld);
    CHECK(view.sentence == patient_view(set, without, today).sentence);
    CHECK(has_field_of(view.shown, "tep.level"));
    for (const char* link_id : {"cpr.decision", "cpr.by", "cpr.by.name"})
        CHECK(withheld_from_patient(set, link_id, answers, today));
    CHECK_FALSE(withheld_from_patient(set, "tep.level", answers, today));
    CHECK(withheld_from_patient(set, "no.such.question", answers, today));
}

TEST_CASE("H9: diagnosis, prognosis and CPR are withheld until a clinician has opened them to the patient") {
    const DataSet& set = urgent_care_plan();
    for (const bool said : {true, false}) {
        Answers answers = every_answer();
        answers.clear("con.patient_access");
        if (said) answers.set("con.patient_access", option(set, "con.patient_access", "withhold"));
        const PatientView view = patient_view(set, answers, today);
        CHECK_FALSE(view.nothing_yet);
        for (const char* link_id : {"dx.primary", "dx.other", "dx.prognosis", "cpr.decision", "cpr.where"})
            CHECK_FALSE(view.shown.has(link_id));
        CHECK(view.shown.has("pref.care"));
        CHECK(view.shown.has("ppl.emergency"));
        CHECK_FALSE(view.sentence.empty());
    }
    // Prognosis is no question of this view, whatever a patient may see.
    Answers open = every_answer();
    open.set("con.patient_access", option(set, "con.patient_access", "all"));
    open.clear("cpr.aware");
    const PatientView view = patient_view(set, open, today);
    CHECK(view.withheld.empty());
    for (const char* link_id : {"dx.prognosis", "risk.staff", "cpr.aware", "con.patient_access"})
        CHECK_FALSE(view.shown.has(link_id));
    CHECK(view.shown.all("ppl.emergency").size() == 3);
    CHECK(view.shown.all("ppl.emergency").front()->items.size() ==
          open.all("ppl.emergency").front()->items.size());
}

TEST_CASE("H9: where a patient may see nothing yet, the patient's view holds no answer at all") {
    const DataSet& set = urgent_care_plan();
    Answers answers = every_answer();
    answers.set("con.patient_access", option(set, "con.patient_access", "none-yet"));
    const PatientView view = patient_view(set, answers, today);
    CHECK(view.nothing_yet);
    CHECK(view.shown.items.empty());
    CHECK(withheld_from_patient(set, "pref.care", answers, today));
    CHECK_FALSE(view.sentence.empty());
}

TEST_CASE(
    "H9: an older revision shows a patient nothing that the published plan or its own answers withhold") {
    const DataSet& set = urgent_care_plan();
    const Answers open = open_to_patient();
    Answers closed = open;
    closed.set("cpr.aware", option(set, "cpr.aware", not_aware));
    CHECK(patient_view(set, open, open, today).shown.has("cpr.decision"));
    CHECK_FALSE(patient_view(set, open, closed, today).shown.has("cpr.decision"));
    CHECK_FALSE(patient_view(set, closed, open, today).shown.has("cpr.decision"));
}

TEST_CASE("H9: a rule on one item of a repeating group withholds that item, in the rows where it holds") {
    DataSet set = urgent_care_plan();
    for (Section& section : set.sections)
        for (Field& field : section.fields)
            if (field.link_id == "ppl.emergency")
                for (Field& item : field.items)
                    if (item.link_id == "ppl.emergency.phone")
                        item.withhold_from_patient.conditions = {{"ppl.emergency.name", "=", {"Sister"}}};
    Answers answers = open_to_patient();
    const auto row = [](const char* name, const char* phone) {
        return Item{"ppl.emergency",
                    {},
                    {{"ppl.emergency.name", {Value(std::string(name))}, {}},
                     {"ppl.emergency.phone", {Value(std::string(phone))}, {}}}};
    };
    answers.replace("ppl.emergency", {row("Sister", "020 7946 0011"), row("Neighbour", "020 7946 0012")});
    const PatientView view = patient_view(set, answers, today);
    const auto phones = view.shown.values("ppl.emergency.phone");
    REQUIRE(phones.size() == 1);
    CHECK(std::get<std::string>(*phones.front()) == "020 7946 0012");
    CHECK(view.shown.values("ppl.emergency.name").size() == 2);
}
