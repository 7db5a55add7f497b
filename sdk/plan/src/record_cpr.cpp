// Coded entries of a host's record that say something of CPR.
#include <careplug/controls/controls.h>
#include <careplug/plan/cpr_conflict.h>
#include <careplug/plan/rules.h>

#include <algorithm>
#include <set>

#include "cpr.h"
#include "dates.h"
#include "json_reading.h"

namespace careplug::plan {

namespace {

constexpr const char* snomed = "http://snomed.info/sct";

bool has_code(const Json& codeable, std::initializer_list<const char*> codes) {
    for (const Json& coding : list_of(codeable, "coding"))
        for (const char* code : codes)
            if (text_of(coding, "code") == code) return true;
    return false;
}

bool is_one_of(const std::string& text, std::initializer_list<const char*> list) {
    return std::any_of(list.begin(), list.end(), [&](const char* each) { return text == each; });
}

bool filed_from_plan(const Json& resource) {
    if (!control::on("H6.filed-entries")) return false;
    for (const Json& identifier : list_of(resource, "identifier"))
        if (text_of(identifier, "system") == filed_entry_system) return true;
    return false;
}

// "current" as each type of resource says it.
bool is_current(const Json& resource, const std::string& today) {
    if (is_one_of(text_of(resource, "status"), {"entered-in-error", "cancelled", "inactive", "superseded",
                                                "rejected", "stopped", "not-done"}))
        return false;
    if (has_code(member(resource, "clinicalStatus"), {"inactive", "remission", "resolved"})) return false;
    if (has_code(member(resource, "verificationStatus"), {"refuted", "entered-in-error"})) return false;
    for (const char* ended : {"abatementDateTime", "abatementPeriod", "abatementString", "abatementAge"})
        if (!member(resource, ended).is_null()) return false;
    for (const char* name : {"period", "effectivePeriod"}) {
        const std::string end = text_of(member(resource, name), "end").substr(0, 10);
        if (!end.empty() && end < today) return false;
    }
    return true;
}

std::string date_of(const Json& resource) {
    for (const char* name : {"onsetDateTime", "effectiveDateTime", "performedDateTime", "dateTime", "date",
                             "recordedDate", "issued"})
        if (const std::string date = text_of(resource, name); !date.empty()) return date.substr(0, 10);
    for (const char* name : {"period", "effectivePeriod"})
        if (const std::string start = text_of(member(resource, name), "start"); !start.empty())
            return start.substr(0, 10);
    return {};
}

std::string signer_of(const Json& resource) {
    for (const char* name : {"recorder", "asserter", "author"})
        if (const std::string words = text_of(member(resource, name), "display"); !words.empty())
            return words;
    for (const char* name : {"performer", "author"})
        if (const std::string words = text_of(first_of(resource, name), "display"); !words.empty())
            return words;
    return {};
}

std::vector<const Json*> concepts(const Json& resource) {
    std::vector<const Json*> found;
    for (const char* name : {"code", "type", "valueCodeableConcept"})
        if (member(resource, name).is_object()) found.push_back(&member(resource, name));
    for (const char* name : {"category"})
        for (const Json& each : list_of(resource, name)) found.push_back(&each);
    for (const Json& each : list_of(member(resource, "provision"), "code")) found.push_back(&each);
    return found;
}

bool offers(const Field& field, const std::string& code) {
    return std::any_of(field.options.begin(), field.options.end(), [&](const Option& option) {
        return option.coding.system == snomed && option.coding.code == code;
    });
}

// The codes of this entry that answer the question, as they are written there.
std::vector<Value> answers_to(const DataSet& data_set, const std::string& question, const Json& resource) {
    std::vector<Value> values;
    const Field* field = data_set.find(question);
    if (field == nullptr) return values;
    for (const Json* each : concepts(resource))
        for (const Json& coding : list_of(*each, "coding")) {
            const std::string code = text_of(coding, "code");
            if (text_of(coding, "system") != snomed || !offers(*field, meaning(data_set, code))) continue;
            std::string display = text_of(coding, "display");
            // The words beside a code may contradict it (hazard H20): then neither is believed.
            const std::string words = text_of(*each, "text");
            Answers in_words;
            in_words.set(question, Coding{snomed, code, words});
            if (!words.empty() &&
                (display.empty() || read_cpr(data_set, in_words).state == CprReading::State::unreadable))
                display = words;
            if (display.empty()) {
                const auto legacy = data_set.legacy_displays.find(code);
                if (legacy != data_set.legacy_displays.end()) display = legacy->second;
            }
            const Value value = Coding{snomed, code, display};
            if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
        }
    return values;
}

// An entry that is certainly later replaces an earlier one: "2026" may have been written before or after a
// day in 2026, so both stay. Undated ones are replaced by none.
void keep_latest(std::vector<CprSource>& entries) {
    std::string latest;
    for (const CprSource& entry : entries)
        if (!entry.date.empty()) latest = std::max(latest, first_day(entry.date));
    std::erase_if(entries, [&](const CprSource& entry) {
        return !entry.date.empty() && last_day(entry.date) < latest;
    });
}

}  // namespace

std::vector<CprSource> sources_in_record(const DataSet& data_set, const nlohmann::json& record_bundle,
                                         const std::string& today) {
    const std::string cpr = cpr_field(data_set);
    if (cpr.empty()) return {};
    std::set<std::string> questions{cpr};
    for (const LintRule& lint : data_set.lint)
        if (contradicts_cpr(data_set, lint))
            for (const Condition& condition : lint.rule.conditions) questions.insert(condition.question);
    std::vector<CprSource> all;
    for (const std::string& question : questions) {
        std::vector<CprSource> entries;
        for (const Json& entry : list_of(record_bundle, "entry")) {
            const Json& resource = member(entry, "resource");
            if (filed_from_plan(resource) || !is_current(resource, today)) continue;
            auto values = answers_to(data_set, question, resource);
            if (values.empty()) continue;
            CprSource source{&data_set, {}, "this record", date_of(resource), signer_of(resource)};
            source.answers.items.push_back({question, std::move(values), {}});
            entries.push_back(std::move(source));
        }
        keep_latest(entries);
        std::move(entries.begin(), entries.end(), std::back_inserter(all));
    }
    return all;
}

}  // namespace careplug::plan
