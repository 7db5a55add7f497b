#include <careplug/plan/rules.h>
#include <careplug/plugin/standard.h>
#include <array>

namespace careplug::plugin {

namespace {

constexpr const char* snomed = "http://snomed.info/sct";

// Answers that a host's record holds as codes of its own, each with the field of its date.
struct Filed {
    const char* link_id;
    const char* date_link_id;  // null: dated by the plan's amendment
};
constexpr std::array<Filed, 3> filed_fields = {
    {{"cpr.decision", "cpr.date"}, {"leg.adrt", "leg.adrt_date"}, {"leg.lpa", nullptr}}};

std::string date_part(const std::string& date_time) {
    return date_time.substr(0, 10);
}

std::string date_of(const PlanDocument& document, const Filed& filed) {
    if (filed.date_link_id != nullptr)
        if (const plan::Value* value = document.answers.first(filed.date_link_id))
            if (const auto* date = std::get_if<plan::Date>(value)) return date->text;
    return date_part(document.amended);
}

// The current code of a legacy one: an entry filed under 304253006 would be seen by nobody (hazard H3).
plan::Coding current(const plan::DataSet& data_set, const plan::Field& field, const plan::Coding& answer) {
    const std::string code = plan::meaning(data_set, answer.code);
    for (const plan::Option& option : field.options)
        if (option.coding.code == code && option.coding.system == answer.system) return option.coding;
    return answer;
}

}  // namespace

std::vector<Entry> coded_entries(const PlanDocument& document) {
    std::vector<Entry> entries;
    if (document.status != "active") return entries;
    const plan::DataSet& data_set = *document.data_set;
    if (data_set.plan_type.system == snomed)
        entries.push_back({data_set.plan_type,
                           "Urgent care plan, revision " + std::to_string(document.revision),
                           date_part(document.amended)});
    for (const Filed& filed : filed_fields) {
        const plan::Field* field = data_set.find(filed.link_id);
        if (field == nullptr) continue;
        for (const plan::Value* value : document.answers.values(filed.link_id)) {
            const auto* answer = std::get_if<plan::Coding>(value);
            if (answer == nullptr || answer->system != snomed) continue;
            const plan::Coding code = current(data_set, *field, *answer);
            entries.push_back({code, field->text + ": " + code.display, date_of(document, filed)});
        }
    }
    return entries;
}

}  // namespace careplug::plugin
