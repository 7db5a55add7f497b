// Patients: one NHS number each, for ever; which number superseded which, and whose whereabouts are
// restricted, is said by the operator's demographics feed alone (hazard H1).
#include <careplug/controls/controls.h>
#include <careplug/plan/nhs_number.h>

#include <algorithm>

#include "rule_context.h"
#include "search_index.h"

namespace careplug::exchange {

namespace {

using nlohmann::json;
using Numbers = std::set<std::string>;

Numbers numbers_of(const json& patient, bool old) {
    Numbers numbers;
    for (const json* identifier : elements_at(patient, "identifier"))
        if (text_of(*identifier, "system") == plan::nhs_number_system &&
            (text_of(*identifier, "use") == "old") == old)
            numbers.insert(text_of(*identifier, "value"));
    return numbers;
}

// What only the demographics feed may say.
json statement_of(const json& patient) {
    json labels = json::array();
    for (const json* label : elements_at(patient, "meta.security")) labels.push_back(*label);
    return {patient.value("link", json::array()), labels, numbers_of(patient, true)};
}

void check_links(const RuleScope& scope, const json& patient) {
    for (const json* link : elements_at(patient, "link")) {
        const auto type = text_of(*link, "type");
        if (type != "replaced-by" && type != "replaces")
            refuse_rule("Patient.link has the type replaced-by or replaces.");
        const auto id = id_of_reference(link->value("other", json::object()), "Patient");
        const auto other = id.empty() ? nullptr : scope.resource("Patient", id);
        if (!other || id == text_of(patient, "id"))
            refuse_rule("Patient.link names another Patient on this server.");
    }
}

}  // namespace

std::set<std::string> nhs_numbers(const json& patient) {
    return numbers_of(patient, false);
}

// Links are followed both ways, each Patient once: a ring of them ends too.
std::set<std::string> other_numbers(const RuleScope& scope, const json& patient) {
    auto numbers = numbers_of(patient, true);
    std::set<std::string> seen{text_of(patient, "id")};
    std::vector<std::shared_ptr<const json>> linked;
    const auto follow = [&](const json& one) {
        for (const json* link : elements_at(one, "link")) {
            const auto id = id_of_reference(link->value("other", json::object()), "Patient");
            if (id.empty() || !seen.insert(id).second) continue;
            if (auto other = scope.resource("Patient", id)) linked.push_back(std::move(other));
        }
    };
    follow(patient);
    for (std::size_t at = 0; at < linked.size(); ++at) {
        const auto one = linked[at];
        numbers.merge(nhs_numbers(*one));
        numbers.merge(numbers_of(*one, true));
        follow(*one);
    }
    return numbers;
}

bool is_superseded(const json& patient) {
    const auto links = elements_at(patient, "link");
    return std::any_of(links.begin(), links.end(),
                       [](const json* link) { return text_of(*link, "type") == "replaced-by"; });
}

bool says_who_is_who(const RuleScope& scope, const Written& write) {
    const json before =
        write.before ? statement_of(*scope.bodies.of(*write.before)) : statement_of(json::object());
    const bool is_feed = scope.actor.role == "system";
    if (before != statement_of(write.after))
        need(is_feed,
             "Your role cannot say which NHS number superseded which, or whose record is restricted.",
             "The operator's demographics feed (role system) can.");
    return is_feed;
}

void check_patient(const RuleScope& scope, const Written& write) {
    const auto numbers = nhs_numbers(write.after);
    auto all = numbers;
    all.merge(numbers_of(write.after, true));
    for (const auto& number : all) {
        const auto parsed = plan::parse_nhs_number(number);
        if (!parsed.valid()) throw Problem(422, "value", plan::sentence(parsed.problem));
        if (parsed.digits != number)
            refuse_rule("An NHS number is written as ten digits, without spaces or hyphens.");
    }
    if (numbers.size() > 1) refuse_rule("A Patient has one NHS number.");
    if (write.before && control::on("H1.patient-keeps-number") &&
        nhs_numbers(*scope.bodies.of(*write.before)) != numbers)
        refuse_rule("The NHS number of a Patient never changes: create another Patient instead.");
    check_links(scope, write.after);
}

}  // namespace careplug::exchange
