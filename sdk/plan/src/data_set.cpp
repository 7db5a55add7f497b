#include <careplug/plan/data_set.h>
#include <algorithm>
#include <set>

#include "well_known.h"
#include "words.h"

namespace careplug::plan {

namespace {

const Field* find_in(const std::vector<Field>& fields, std::string_view link_id) {
    for (const Field& field : fields) {
        if (field.link_id == link_id) return &field;
        if (const Field* found = find_in(field.items, link_id)) return found;
    }
    return nullptr;
}

void add_questions(const Rule& rule, std::set<std::string>& used) {
    for (const Condition& condition : rule.conditions)
        used.insert(condition.question == "$age" ? well_known::birth_date : condition.question);
}

}  // namespace

const Field* DataSet::find(std::string_view link_id) const {
    const Field* field = field_of(link_id);
    return field == nullptr || field->link_id == link_id ? field : find_in(field->items, link_id);
}

const Field* DataSet::field_of(std::string_view link_id) const {
    const auto found = places.find(link_id);
    return found == places.end() ? nullptr : &sections[found->second.first].fields[found->second.second];
}

const Section* DataSet::section_of(std::string_view link_id) const {
    const auto found = places.find(link_id);
    return found == places.end() ? nullptr : &sections[found->second.first];
}

std::vector<const Field*> DataSet::fields() const {
    std::vector<const Field*> all;
    for (const Section& section : sections)
        for (const Field& field : section.fields) all.push_back(&field);
    return all;
}

std::vector<std::string> DataSet::summary_fields() const {
    std::set<std::string> used;
    for (const FlagDefinition& flag : flags) {
        add_questions(flag.rule, used);
        if (!flag.question.empty()) used.insert(flag.question);
        for (const std::string& name : names_in(flag.short_words)) used.insert(name);
        for (const std::string& name : names_in(flag.long_words)) used.insert(name);
        // A flag that a patient sees is withheld by these answers.
        if (std::find(flag.views.begin(), flag.views.end(), "patient") == flag.views.end()) continue;
        add_questions(withhold_plan_from_patient, used);
        for (const Condition& condition : flag.rule.conditions)
            if (const Field* field = field_of(condition.question))
                add_questions(field->withhold_from_patient, used);
    }
    // What the program itself looks at: the CPR slot, the dates of its flags, whose plan it is.
    for (const char* link_id :
         {well_known::cpr_decision, well_known::consent, well_known::consent_date, well_known::death_date,
          well_known::review, well_known::family, well_known::given, well_known::birth_date,
          well_known::nhs_number, well_known::nhs_number_status})
        used.insert(link_id);
    std::set<std::string> chosen;
    for (const std::string& name : used) {
        const bool short_word = name.size() > 6 && name.ends_with(".short");
        const Field* field = field_of(short_word ? name.substr(0, name.size() - 6) : name);
        if (field != nullptr) chosen.insert(field->link_id);
    }
    std::vector<std::string> ordered;
    for (const Field* field : fields())
        if (chosen.count(field->link_id) != 0) ordered.push_back(field->link_id);
    return ordered;
}

std::vector<std::string> DataSet::merge_units() const {
    std::vector<std::string> units;
    for (const Field* field : fields())
        if (std::find(units.begin(), units.end(), field->merge_unit) == units.end())
            units.push_back(field->merge_unit);
    return units;
}

}  // namespace careplug::plan
