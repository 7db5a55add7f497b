#include <careplug/plan/fhir.h>
#include <careplug/plan/flags.h>
#include <careplug/plan/nhs_number.h>

#include <stdexcept>

#include "json_reading.h"

namespace careplug::plan::fhir {

namespace {

constexpr const char* when_question = "evt.note.when";
constexpr const char* text_question = "evt.note.text";
constexpr const char* outcome_question = "evt.note.outcome";
constexpr const char* ask_question = "evt.note.ask";

}  // namespace

nlohmann::json write_contact(const DataSet& contact_set, const Contact& contact, const Answers& answers) {
    Json subject = {{"identifier", {{"system", nhs_number_system}, {"value", contact.nhs_number}}}};
    if (!contact.patient_reference.empty()) subject["reference"] = contact.patient_reference;
    Json resource{{"resourceType", "QuestionnaireResponse"},
                  {"id", contact.id},
                  {"identifier", {{"system", own("contact-id")}, {"value", contact.id}}},
                  {"basedOn", Json::array({{{"reference", "CarePlan/" + contact.plan_id}}})},
                  {"questionnaire", contact_set.canonical()},
                  {"status", "completed"},
                  {"subject", std::move(subject)},
                  {"authored", contact.when},
                  {"author", {{"display", contact.author}}},
                  {"item", write_items(contact_set, answers)}};
    if (!contact.organisation.empty())
        resource["extension"] =
            Json::array({{{"url", own("organisation")}, {"valueString", contact.organisation}}});
    return resource;
}

Contact read_contact_header(const nlohmann::json& questionnaire_response) {
    Contact contact;
    contact.id = text_of(questionnaire_response, "id");
    const std::string plan = text_of(first_of(questionnaire_response, "basedOn"), "reference");
    if (!plan.starts_with("CarePlan/"))
        throw std::invalid_argument("The urgent care contact does not name its plan (basedOn).");
    contact.plan_id = plan.substr(std::string("CarePlan/").size());
    const Json& subject = member(questionnaire_response, "subject");
    contact.patient_reference = text_of(subject, "reference");
    contact.nhs_number = text_of(member(subject, "identifier"), "value");
    contact.when = text_of(questionnaire_response, "authored");
    contact.author = text_of(member(questionnaire_response, "author"), "display");
    contact.organisation = extension_text(questionnaire_response, own("organisation"));
    return contact;
}

Contact read_contact(const DataSet& contact_set, const nlohmann::json& questionnaire_response) {
    const Answers answers = read_revision(contact_set, questionnaire_response);
    Contact contact = read_contact_header(questionnaire_response);
    if (const Value* value = answers.first(when_question))
        if (const auto* time = std::get_if<DateTime>(value)) contact.when = time->text;
    contact.text = answers.text(text_question);
    contact.outcome = display(contact_set, answers, outcome_question);
    contact.review_asked = answers.has(ask_question);
    return contact;
}

}  // namespace careplug::plan::fhir
