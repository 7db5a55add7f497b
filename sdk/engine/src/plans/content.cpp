#include "plans/content.h"

#include <careplug/plan/fhir.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "system/times.h"

namespace careplug::engine {

using nlohmann::json;

namespace {

// A note that this computer cannot read hides neither the plan nor the other notes.
Note read_note(const json& response, const Catalogue& catalogue) {
    try {
        const plan::DataSet* form = catalogue.find(response.value("questionnaire", std::string()));
        const auto read = plan::fhir::read_contact(form ? *form : catalogue.contact(), response);
        return {read.when,         read.author, read.text,        read.outcome,
                read.review_asked, read.id,     read.organisation};
    } catch (const std::exception&) {
        const auto author = response.value("author", json::object());
        return {
            response.value("authored", std::string()),
            author.value("display", std::string()),
            "This note was written with a form that this computer does not have: it cannot be shown here. "
            "Ask who wrote it.",
            {},
            false,
            response.value("id", std::string()),
            {}};
    }
}

std::vector<Note> read_notes(Exchange& exchange, const std::string& token, const std::string& plan_id,
                             const Catalogue& catalogue) {
    std::vector<Note> notes;
    for (const auto& response :
         exchange.search("QuestionnaireResponse", {{"based-on", "CarePlan/" + plan_id}}, token)) {
        if (!response.value("questionnaire", std::string()).starts_with(catalogue.contact().url)) continue;
        if (response.value("status", std::string()) != "completed") continue;
        notes.push_back(read_note(response, catalogue));
    }
    std::stable_sort(notes.begin(), notes.end(),
                     [](const Note& a, const Note& b) { return parse_time(a.when) > parse_time(b.when); });
    return notes;
}

}  // namespace

Content fetch_content(Exchange& exchange, const std::string& token, const plan::Plan& plan,
                      const plan::DataSet& data_set, const Catalogue& catalogue) {
    Content content;
    content.plan_id = plan.id;
    content.revision_id = plan.revision_id;
    content.answers = plan::fhir::read_revision(
        data_set, exchange.read("QuestionnaireResponse/" + plan.revision_id, token));
    content.notes = read_notes(exchange, token, plan.id, catalogue);
    return content;
}

}  // namespace careplug::engine
