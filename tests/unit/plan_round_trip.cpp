#include <careplug/plan/fhir.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "plan_fixture.h"

using namespace plan_test;
using nlohmann::json;

namespace {

fhir::Revision revision_of(const Answers& answers) {
    fhir::Revision revision;
    revision.id = "6f0d5c1e-7f5a-4f0e-9d51-0e4a54a1c008";
    revision.plan_id = "6f0d5c1e-7f5a-4f0e-9d51-0e4a54a1c001";
    revision.author = gp();
    revision.authored = "2026-11-21T14:02:11Z";
    revision.answers = answers;
    return revision;
}

void check_all_answered(const Answers& answers, const Field& field) {
    INFO(field.link_id);
    CHECK(answers.has(field.link_id));
    for (const Field& child : field.items) check_all_answered(answers, child);
}

}  // namespace

TEST_CASE("All 109 fields round-trip: every answer of a plan with every field filled comes back") {
    const DataSet& set = urgent_care_plan();
    const Answers answers = every_answer();
    for (const Field* field : set.fields()) check_all_answered(answers, *field);

    const std::string wire = fhir::write_revision(set, revision_of(answers), {}).dump();
    const Answers back = fhir::read_revision(set, fhir::parse(wire));
    CHECK(back == answers);

    // The fields that live in CarePlan.
    Plan plan = active_plan(set, answers);
    plan.consent_id = plan.id;
    plan.status_date = "2026-11-21T09:00:00Z";
    plan.status_organisation = "Y90001";
    json resource = fhir::parse(fhir::write_plan(set, plan).dump());
    resource["meta"]["versionId"] = "12";
    const Plan read = fhir::read_plan(set, resource);
    CHECK(read.id == plan.id);                                                  // meta.plan_id
    CHECK(resource["category"][0]["coding"][0]["code"] == set.plan_type.code);  // meta.plan_type
    CHECK(read.status == plan.status);                                          // meta.status
    CHECK(read.revision == plan.revision);                                      // meta.revision
    CHECK(read.created == plan.created);                                        // meta.created
    CHECK(read.amended == plan.amended);                                        // meta.amended
    CHECK(read.author == plan.author);                                          // meta.author
    CHECK(read.approver == plan.approver);                                      // meta.approver
    CHECK(read.approver_role == plan.approver_role);
    CHECK(read.consent_id == plan.consent_id);
    CHECK(read.status_date == plan.status_date);
    CHECK(read.status_organisation == plan.status_organisation);
    CHECK(read.review == plan.review);
    CHECK(read.nhs_number == plan.nhs_number);
    CHECK(read.patient_reference == plan.patient_reference);
    CHECK(read.revision_id == plan.revision_id);
    CHECK(read.data_set == set.canonical());
    CHECK(read.etag == "W/\"12\"");
    CHECK(read.summary == plan.summary);
    CHECK(fhir::data_set_of(resource) == set.canonical());

    // con.who is the performer of the Consent.
    const json bundle = fhir::publish_transaction(set, revision_of(answers), {}, nullptr, today);
    bool consent_seen = false;
    for (const json& entry : bundle["entry"])
        if (entry["resource"]["resourceType"] == "Consent") {
            consent_seen = true;
            CHECK(entry["resource"]["performer"][0]["display"] == gp().words());
        }
    CHECK(consent_seen);

    // evt.note has a form of its own.
    Answers note;
    note.replace("evt.note",
                 {{"evt.note",
                   {},
                   {{"evt.note.$row", {Value(std::string("row-1"))}, {}},
                    {"evt.note.when", {Value(DateTime{"2026-11-21T03:10:00Z"})}, {}},
                    {"evt.note.text", {Value(std::string("Fell <b>twice</b> \xF0\x9F\x9A\x91"))}, {}},
                    {"evt.note.outcome", {Value(option(contact_form(), "evt.note.outcome", "stayed"))}, {}},
                    {"evt.note.ask", {Value(option(contact_form(), "evt.note.ask", "review-asked"))}, {}}}}});
    CHECK_FALSE(blocks(validate(contact_form(), note, Intent::publish, today)));
    fhir::Contact contact;
    contact.id = "6f0d5c1e-7f5a-4f0e-9d51-0e4a54a1c009";
    contact.plan_id = plan.id;
    contact.patient_reference = "Patient/1";
    contact.nhs_number = "9990000018";
    contact.when = "2026-11-21T03:20:00Z";
    contact.author = "Dr O. Night, out-of-hours clinician";
    contact.organisation = "Y90002";
    const json sent = fhir::parse(fhir::write_contact(contact_form(), contact, note).dump());
    CHECK(fhir::read_revision(contact_form(), sent) == note);
    const fhir::Contact got = fhir::read_contact(contact_form(), sent);
    CHECK(got.plan_id == plan.id);
    CHECK(got.when == "2026-11-21T03:10:00Z");
    CHECK(got.text == note.text("evt.note.text"));
    CHECK(got.outcome == "Stayed where they were");
    CHECK(got.review_asked);
    CHECK(got.author == contact.author);
    CHECK(got.organisation == contact.organisation);
}

TEST_CASE("Answers are read flat as well as in sections, in any order") {
    const DataSet& set = urgent_care_plan();
    const json flat = json::parse(R"({"item":[
        {"linkId":"pref.matters","answer":[{"valueString":"The garden"}]},
        {"linkId":"cpr.decision","answer":[{"valueCoding":{"system":"http://snomed.info/sct","code":"450476008"}}]},
        {"linkId":"dem.keysafe"}]})");
    const Answers answers = fhir::read_answers(set, flat);
    CHECK(answers.items.size() == 3);
    CHECK(answers.text("pref.matters") == "The garden");
    CHECK_FALSE(answers.has("dem.keysafe"));
    const json written = fhir::write_items(set, answers);
    REQUIRE(written.size() == 2);
    CHECK(written[0]["linkId"] == "cpr");
    CHECK(written[1]["linkId"] == "pref");
}

TEST_CASE("Answers that cannot be read are refused with a sentence, never guessed") {
    const auto refused = [](const char* text) {
        try {
            fhir::read_answers(urgent_care_plan(), json::parse(text));
        } catch (const std::invalid_argument& problem) {
            return std::string(problem.what());
        }
        return std::string();
    };
    CHECK_FALSE(refused("[]").empty());
    CHECK_FALSE(refused(R"({"item":{}})").empty());
    CHECK_FALSE(refused(R"({"item":[3]})").empty());
    CHECK_FALSE(refused(R"({"item":[{"answer":[]}]})").empty());
    CHECK_FALSE(refused(R"({"item":[{"linkId":"cpr","answer":[{"valueString":"x"}]}]})").empty());
    CHECK_FALSE(refused(R"({"item":[{"linkId":"cpr.reason","answer":{"valueString":"x"}}]})").empty());
    CHECK_FALSE(refused(R"({"item":[{"linkId":"cpr.reason","answer":["x"]}]})").empty());
    CHECK_FALSE(refused(R"({"item":[{"linkId":"cpr.reason","answer":[{}]}]})").empty());
    CHECK_FALSE(refused(R"({"item":[{"linkId":"cpr.reason","answer":[{"valueString":3}]}]})").empty());
    CHECK_FALSE(
        refused(R"({"item":[{"linkId":"cpr.reason","answer":[{"valueQuantity":{"value":3}}]}]})").empty());
    CHECK_FALSE(
        refused(R"({"item":[{"linkId":"x","answer":[{"valueString":"a","valueInteger":1}]}]})").empty());
    CHECK_FALSE(refused(R"({"item":[{"linkId":"x","answer":[{"valueInteger":3000000000}]}]})").empty());
    CHECK_FALSE(refused(R"({"item":[{"linkId":"x","answer":[{"valueInteger":1.5}]}]})").empty());
    CHECK_FALSE(refused(R"({"item":[{"linkId":"x","answer":[{"valueCoding":{"system":"s"}}]}]})").empty());
    CHECK_FALSE(refused(R"({"item":[{"linkId":"x","answer":[{"valueString":"a","item":[]}]}]})").empty());
}

TEST_CASE("A plan that cannot be read is refused with a sentence") {
    const DataSet& set = urgent_care_plan();
    const json good = fhir::write_plan(set, active_plan(set, complete_answers()));
    REQUIRE_NOTHROW(fhir::read_plan(set, good));
    const auto refused = [&](const json& change) {
        json plan = good;
        plan.merge_patch(change);
        try {
            fhir::read_plan(set, plan);
        } catch (const std::invalid_argument& problem) {
            return std::string(problem.what());
        }
        return std::string();
    };
    CHECK_FALSE(refused({{"resourceType", "Patient"}}).empty());
    CHECK_FALSE(refused({{"status", "revoked"}}).empty());
    CHECK_FALSE(refused({{"status", nullptr}}).empty());
    CHECK_FALSE(refused({{"instantiatesCanonical", nullptr}}).empty());
    CHECK_FALSE(refused({{"instantiatesCanonical", {"urn:other|1"}}}).empty());
    CHECK_FALSE(refused({{"contained", nullptr}}).empty());
    CHECK_FALSE(refused({{"extension", nullptr}}).empty());
    CHECK_FALSE(refused({{"supportingInfo", nullptr}}).empty());
    CHECK_FALSE(refused({{"id", 5}}).empty());
    CHECK(refused({{"status", "on-hold"}}).empty());
}

TEST_CASE("H10: a long text is never cut") {
    const DataSet& set = urgent_care_plan();
    std::string text;
    for (int i = 0; i < 50000; ++i) text += "\xC3\xA9\xF0\x9F\x9A\x91";
    Answers answers = complete_answers();
    answers.set("tep.text", text);
    answers.set("cpr.where", text);
    const Answers back =
        fhir::read_revision(set, fhir::parse(fhir::write_revision(set, revision_of(answers), {}).dump()));
    CHECK(back.text("tep.text") == text);
    CHECK(display(set, back, "tep.text") == text);
    const auto all = flags(set, back);
    REQUIRE(find(all, "dnacpr") != nullptr);
    CHECK(find(all, "dnacpr")->long_words.find(text) != std::string::npos);
}

TEST_CASE("What the data set does not know is carried along and reported") {
    const DataSet& set = urgent_care_plan();
    const json source =
        json::parse(R"({"item":[{"linkId":"new.question","answer":[{"valueString":"kept"}]}]})");
    const Answers answers = fhir::read_answers(set, source);
    CHECK(fhir::read_answers(set, {{"item", fhir::write_items(set, answers)}}) == answers);
    CHECK(count(validate(set, answers, Intent::save_draft, today), "new.question") == 1);
}
