#include <careplug/plan/data_set.h>
#include <careplug/plan/fhir.h>
#include <algorithm>
#include <set>
#include <stdexcept>

#include "data_set_reading.h"
#include "questionnaire_subset.h"

namespace careplug::plan {

namespace {

class Reader {
public:
    explicit Reader(const Json& questionnaire) : source(questionnaire) {}

    DataSet read() {
        if (text_of(source, "resourceType") != "Questionnaire")
            throw std::invalid_argument(
                "This is not a FHIR Questionnaire: its resourceType must be \"Questionnaire\".");
        refuse_modifiers(source);
        set.url = text_of(source, "url");
        if (set.url.empty())
            throw std::invalid_argument(
                "The Questionnaire has no url. Give it one: plans name their data set by it.");
        set.version = text_of(source, "version");
        set.title = text_of(source, "title");
        if (list_of(source, "item").empty())
            throw std::invalid_argument("The Questionnaire asks nothing: it has no item.");
        read_data_set_extensions(source, set);
        if (const std::string why = outside_subset(source); !why.empty())
            set.unsupported.push_back("the form: " + why);
        for (const Json& item : list_of(source, "item")) read_top_level(item);
        check_rules();
        return std::move(set);
    }

private:
    // A group that does not repeat is a section; anything else at the top is a field without a section.
    void read_top_level(const Json& item) {
        if (text_of(item, "type") == "group" && !flag_of(item, "repeats")) {
            Section section;
            section.link_id = link_id(item);
            section.title = text_of(item, "text");
            if (const std::string why = outside_subset(item, Field{}); !why.empty())
                set.unsupported.push_back(section.link_id + ": " + why);
            for (const Json& child : list_of(item, "item"))
                section.fields.push_back(read_field(child, item, nullptr, 1));
            set.sections.push_back(std::move(section));
            return;
        }
        if (set.sections.empty() || !set.sections.back().link_id.empty()) set.sections.emplace_back();
        Field field = read_field(item, Json(), nullptr, 1);
        set.sections.back().fields.push_back(std::move(field));
    }

    std::string link_id(const Json& item) {
        const std::string id = text_of(item, "linkId");
        if (id.empty()) throw std::invalid_argument("An item of the Questionnaire has no linkId.");
        if (!link_ids.insert(id).second)
            throw std::invalid_argument("The linkId \"" + id + "\" stands twice in the Questionnaire.");
        return id;
    }

    Field read_field(const Json& item, const Json& section, const Field* parent, int depth) {
        Field field = read_question(item, section, parent);
        field.link_id = link_id(item);
        if (field.merge_unit.empty())
            field.merge_unit = parent != nullptr ? parent->merge_unit : field.link_id;
        if (field.unsupported.empty()) field.unsupported = outside_subset(item, field);
        if (field.unsupported.empty()) field.unsupported = misplaced(field, parent);
        if (depth > 8)
            throw std::invalid_argument("The Questionnaire is nested too deeply at \"" + field.link_id +
                                        "\".");
        for (const Json& child : list_of(item, "item")) {
            if (text_of(child, "linkId") == row_link_id(field.link_id)) {
                link_id(child);
                field.has_row_id = true;
                continue;
            }
            if (field.type != ItemType::group)
                field.unsupported = "a question with questions below it cannot be shown";
            field.items.push_back(read_field(child, section, &field, depth + 1));
        }
        if (field.type == ItemType::group && field.items.empty()) field.unsupported = "the group is empty";
        if (!field.unsupported.empty()) set.unsupported.push_back(field.link_id + ": " + field.unsupported);
        return field;
    }

    void check_rule(const Rule& rule, const std::string& owner) const {
        for (const Condition& condition : rule.conditions)
            if (condition.question != "$age" && link_ids.count(condition.question) == 0)
                throw std::invalid_argument("A rule of \"" + owner + "\" asks for \"" + condition.question +
                                            "\", which the Questionnaire does not hold.");
    }

    void check_field(const Field& field) const {
        check_rule(field.enable_when, field.link_id);
        check_rule(field.required_when, field.link_id);
        check_rule(field.withhold_from_patient, field.link_id);
        for (const Option& option : field.options) check_rule(option.enable_when, field.link_id);
        for (const Field& child : field.items) check_field(child);
    }

    void check_rules() const {
        for (const Field* field : set.fields()) check_field(*field);
        for (const FlagDefinition& flag : set.flags) {
            check_rule(flag.rule, "flag " + flag.id);
            if (!flag.question.empty() && link_ids.count(flag.question) == 0)
                throw std::invalid_argument("The flag \"" + flag.id + "\" looks at \"" + flag.question +
                                            "\", which the Questionnaire does not hold.");
        }
        for (const LintRule& lint : set.lint) check_rule(lint.rule, "check " + lint.id);
        check_rule(set.withhold_plan_from_patient, "the patient's view");
    }

    const Json& source;
    DataSet set;
    std::set<std::string> link_ids;
};

void note_place(const Field& field, DataSet::FieldPlace place, DataSet& set) {
    set.places.emplace(field.link_id, place);
    if (field.has_row_id) set.places.emplace(row_link_id(field.link_id), place);
    for (const Field& inner : field.items) note_place(inner, place, set);
}

// The first that has a link id stands for it.
void note_places(DataSet& set) {
    for (std::size_t section = 0; section < set.sections.size(); ++section)
        for (std::size_t at = 0; at < set.sections[section].fields.size(); ++at)
            note_place(set.sections[section].fields[at], {section, at}, set);
}

}  // namespace

DataSet read_data_set(std::string_view questionnaire_json) {
    const Json questionnaire = fhir::parse(questionnaire_json);
    DataSet set = Reader(questionnaire).read();
    note_places(set);
    set.questionnaire = std::string(questionnaire_json);
    return set;
}

}  // namespace careplug::plan
