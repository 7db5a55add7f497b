// Requirements about the answers that a form starts with.
#include <careplug/plan/validate.h>

#include <algorithm>

#include "panel_reading.h"
#include "requirement_tests.h"
#include "text.h"

namespace careplug::tools::first_answers {

namespace {

constexpr const char* today = "2026-11-21";

plan::Answers created(const Scene& scene, const json& members) {
    return panel_or_not_applicable(scene, "create", members).answers(scene.documents.plan_set());
}

plan::Answers opened(const Scene& scene, const std::string& action, const json& members) {
    return panel_or_not_applicable(scene, action, members).answers(scene.documents.plan_set());
}

void same_answers(const plan::DataSet& data_set, const plan::Answers& wanted, const plan::Answers& given,
                  const std::string& what) {
    for (const plan::Field* field : data_set.fields())
        expect(plan::same(wanted, given, field->link_id), what + " differs in " + field->link_id + ".");
}

bool date_is(const plan::Answers& answers, const char* link_id, const std::string& text) {
    const plan::Value* const value = answers.first(link_id);
    const auto* const date = value != nullptr ? std::get_if<plan::Date>(value) : nullptr;
    return date != nullptr && date->text == text;
}

}  // namespace

void are_a_response(const Trial& trial) {
    const Scene scene(trial);
    bool any = false;
    for (const json& request : panel_requests(scene.documents)) {
        const auto panel = panel_of(scene, request);
        if (!panel) continue;
        any = true;
        const plan::DataSet& data_set =
            panel->mode == "note" ? scene.documents.contact_set() : scene.documents.plan_set();
        expect(panel->initial.is_object() &&
                   panel->initial.value("resourceType", "") == "QuestionnaireResponse" &&
                   panel->initial.value("questionnaire", "") == data_set.canonical(),
               "The first answers for " + panel->action + " are no response to the form's data set.");
        for (const plan::Issue& issue :
             plan::validate(data_set, panel->answers(data_set), plan::Intent::save_draft, today))
            expect(issue.severity != plan::Severity::error,
                   "The first answers for " + panel->action + " break the data set: " + issue.words);
    }
    if (!any) throw NotApplicable("This plugin refuses every form.");
}

void identity_is_the_records(const Trial& trial) {
    const Scene scene(trial);
    for (const Person& person : {first_person(), other_person()}) {
        const auto answers = created(scene, {{"record", Documents::record(person)}});
        expect(answers.text("dem.family") == person.family && answers.text("dem.given") == person.given,
               "The form's name is not the record's: " + excerpt(answers.text("dem.family")));
        expect(date_is(answers, "dem.dob", person.birth_date), "The form's birth date is not the record's.");
        expect(answers.text("dem.nhs") == person.nhs_number, "The form's NHS number is not the record's.");
    }
}

void are_of_this_patient(const Trial& trial) {
    const Scene scene(trial);
    const json first =
        scene.documents.panel_request("create", {{"record", Documents::record(first_person())}});
    const json other =
        scene.documents.panel_request("create", {{"record", Documents::record(other_person())}});
    const json published = scene.documents.panel_request(
        "edit", {{"published", scene.documents.response(scene.documents.answers(other_person()))}});
    for (const json& request : {first, other, first, published, other}) {
        const Answer answer = scene.policy.panel(request);
        if (!answer.ok()) continue;
        const Person& stranger =
            contains(request.dump(), first_person().nhs_number) ? other_person() : first_person();
        for (const std::string& part :
             {stranger.family, stranger.nhs_number, stranger.birth_date, stranger.allergy, stranger.keysafe})
            expect(!contains(answer.text, part),
                   "A form holds an answer of another patient, who was asked about before.");
    }
}

void cpr_is_not_prefilled(const Trial& trial) {
    const Scene scene(trial);
    for (const json& members : {json{{"record", Documents::record()}}, json::object()})
        expect(!created(scene, members).has("cpr.decision"),
               "A new plan starts with a CPR decision that nobody made.");
}

void consent_is_not_prefilled(const Trial& trial) {
    const Scene scene(trial);
    expect(!created(scene, {{"record", Documents::record()}}).has("con.status"),
           "A new plan starts with a consent that nobody gave.");
}

void decisions_are_not_invented(const Trial& trial) {
    const Scene scene(trial);
    const auto answers = created(scene, {{"record", Documents::record()}});
    for (const plan::Field* field : scene.documents.plan_set().fields()) {
        const bool other = field->link_id == "cpr.decision" || field->link_id == "con.status";
        if (field->safety_critical && !field->prefill && field->default_value.empty() && !other)
            expect(!answers.has(field->link_id), "A new plan starts with an answer to " + field->link_id +
                                                     " that neither the record nor the data set gives.");
    }
}

void unread_allergies_are_not_none(const Trial& trial) {
    const Scene scene(trial);
    for (const json& members : {json{{"record", Documents::record(first_person(), false)}}, json::object()}) {
        const plan::Answers answers = created(scene, members);
        for (const plan::Value* value : answers.values("alg.state")) {
            const auto* const state = std::get_if<plan::Coding>(value);
            expect(state == nullptr || state->code != "no-known-allergies",
                   "A record without a list of allergies became \"no known allergies\".");
        }
    }
}

void allergies_are_carried(const Trial& trial) {
    const Scene scene(trial);
    const Answer answer =
        scene.policy.panel(scene.documents.panel_request("create", {{"record", Documents::record()}}));
    if (answer.refused()) throw NotApplicable("This plugin refuses the action create.");
    expect(contains(answer.text, first_person().allergy), "An allergy of the record is not in the form.");
}

void editing_starts_from_the_published(const Trial& trial) {
    const Scene scene(trial);
    const auto& data_set = scene.documents.plan_set();
    same_answers(data_set, scene.documents.answers(),
                 opened(scene, "edit", {{"published", published(scene)}}), "What an edit starts from");
}

void record_does_not_replace_the_published(const Trial& trial) {
    const Scene scene(trial);
    const auto& data_set = scene.documents.plan_set();
    const auto given =
        opened(scene, "edit",
               {{"published", published(scene)}, {"record", Documents::record(first_person(), false)}});
    same_answers(data_set, scene.documents.answers(), given,
                 "What an edit with the host's record starts from");
}

void continuing_starts_from_the_draft(const Trial& trial) {
    const Scene scene(trial);
    plan::Answers draft = scene.documents.answers();
    draft.set("pref.matters", std::string("My cat"));
    const json members = {{"published", published(scene)}, {"draft", scene.documents.response(draft)}};
    same_answers(scene.documents.plan_set(), draft, opened(scene, "continue", members), "What is continued");
}

void reading_shows_no_draft(const Trial& trial) {
    const Scene scene(trial);
    plan::Answers draft = scene.documents.answers();
    draft.set("pref.matters", std::string("My cat"));
    const json members = {{"published", published(scene)}, {"draft", scene.documents.response(draft)}};
    const auto shown = opened(scene, "read", members);
    expect(shown.text("pref.matters") != "My cat",
           "Reading shows an answer of a draft that nobody published.");
}

void long_text_is_kept(const Trial& trial) {
    const Scene scene(trial);
    plan::Answers answers = scene.documents.answers();
    const std::string advice = std::string(20'000, 'a') + " and last: call the hospice";
    answers.set("tep.text", advice);
    bool any = false;
    for (const char* action : {"edit", "read"}) {
        const auto panel = panel_of(
            scene, scene.documents.panel_request(action, {{"published", scene.documents.response(answers)}}));
        if (!panel) continue;
        any = true;
        expect(
            panel->answers(scene.documents.plan_set()).text("tep.text") == advice,
            "A text of 20 000 characters came out of the action " + std::string(action) + " changed or cut.");
    }
    if (!any) throw NotApplicable("This plugin neither reads nor edits.");
}

void legacy_codes_are_kept(const Trial& trial) {
    const Scene scene(trial);
    plan::Answers answers = scene.documents.answers();
    answers.set("cpr.decision", plan::Coding{"http://snomed.info/sct", "304253006", "Not for resuscitation"});
    const auto given = opened(scene, "edit", {{"published", scene.documents.response(answers)}});
    expect(plan::same(answers, given, "cpr.decision"), "An older CPR code comes out of an edit as another.");
}

}  // namespace careplug::tools::first_answers
