#include <careplug/controls/controls.h>
#include <careplug/plan/relationship.h>
#include <algorithm>

namespace careplug::plan {

namespace {

const RelationshipRule* rule_for(const DataSet& data_set, const Actor& actor, std::string_view basis) {
    if (!may_view(actor)) return nullptr;
    const auto found = std::find_if(
        data_set.relationships.begin(), data_set.relationships.end(), [&](const RelationshipRule& each) {
            return each.basis == basis &&
                   std::find(each.roles.begin(), each.roles.end(), actor.role) != each.roles.end();
        });
    return found == data_set.relationships.end() ? nullptr : &*found;
}

std::string words_of(std::string_view basis) {
    if (basis == basis::registered) return "as a patient of your practice";
    if (basis == basis::caseload) return "as one of your team's caseload";
    if (basis == basis::urgent_case) return "as an open urgent case";
    if (basis == basis::self_claimed) return "for a reason of your own";
    if (basis == basis::own_plan) return "as your own";
    return "in an emergency";
}

std::string how_to_go_on(const DataSet& data_set, const Actor& actor) {
    if (rule_for(data_set, actor, basis::self_claimed) != nullptr)
        return " Open the record again with the reason why you care for this person, or in an emergency open "
               "the plan with \"Open in an emergency\".";
    if (rule_for(data_set, actor, basis::break_glass) != nullptr)
        return " In an emergency open the plan with \"Open in an emergency\".";
    return " Ask somebody who cares for this person.";
}

}  // namespace

bool raises_alert(std::string_view basis) {
    return basis == basis::self_claimed || basis == basis::break_glass;
}

Decision may_open(const DataSet& data_set, const Actor& actor, std::string_view basis,
                  std::string_view reason) {
    if (!may_view(actor))
        return {Decision::Refusal::role, "Your role cannot read plans. Ask the privacy officer for access."};
    if (rule_for(data_set, actor, basis) == nullptr && control::on("H9.relationship"))
        return {Decision::Refusal::role, "You cannot read this plan " + words_of(basis) + " as " +
                                             with_article(role_words(actor.role)) + "." +
                                             how_to_go_on(data_set, actor)};
    if (control::on("H9.reason") && raises_alert(basis) &&
        reason.find_first_not_of(" \t\r\n") == std::string_view::npos)
        return {Decision::Refusal::state, "Give the reason why you need to read this person's plan."};
    return {};
}

std::int64_t open_for_ms(const DataSet& data_set, const Actor& actor, std::string_view basis) {
    const RelationshipRule* rule = rule_for(data_set, actor, basis);
    return rule == nullptr ? 0 : rule->lasts_ms;
}

std::vector<std::string> bases_of(const DataSet& data_set, const Actor& actor) {
    std::vector<std::string> list;
    for (const auto& each : data_set.relationships)
        if (rule_for(data_set, actor, each.basis) != nullptr) list.push_back(each.basis);
    return list;
}

std::vector<RelationshipRule> standard_relationships() {
    const std::vector<std::string> clinicians{"gp",
                                              "palliative_specialist",
                                              "hospice_clinician",
                                              "hospital_clinician",
                                              "district_nurse",
                                              "ooh_clinician",
                                              "ae_clinician",
                                              "ambulance_clinician"};
    constexpr std::int64_t minute = 60 * 1000;
    constexpr std::int64_t day = 24 * 60 * minute;
    return {{basis::registered, {"gp", "district_nurse"}, day},
            {basis::caseload,
             {"gp", "palliative_specialist", "hospice_clinician", "hospital_clinician", "district_nurse",
              "care_home_nurse", "social_care"},
             day},
            {basis::urgent_case,
             {"gp", "palliative_specialist", "hospice_clinician", "hospital_clinician", "ooh_clinician",
              "ae_clinician", "ambulance_clinician", "nhs111_call_handler"},
             day},
            {basis::self_claimed, clinicians, 4 * 60 * minute},
            {basis::break_glass, clinicians, 30 * minute},
            {basis::own_plan, {"patient", "proxy"}, day}};
}

}  // namespace careplug::plan
