#include "record_reading.h"

#include <careplug/controls/controls.h>
#include <careplug/plan/fhir.h>
#include <careplug/plan/nhs_number.h>

#include <algorithm>

#include "dates.h"
#include "json_reading.h"
#include "text.h"
#include "well_known.h"

namespace careplug::plan {

namespace {

constexpr const char* snomed = "http://snomed.info/sct";
constexpr const char* no_known_allergy = "716186003";
constexpr const char* no_known_drug_allergy = "409137002";
constexpr const char* verification_extension =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus";
constexpr const char* verification_system =
    "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus";
constexpr const char* interpreter_extension =
    "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired";

std::vector<const Json*> resources(const Json& bundle, const char* type) {
    std::vector<const Json*> found;
    for (const Json& entry : list_of(bundle, "entry"))
        if (const Json& resource = member(entry, "resource"); text_of(resource, "resourceType") == type)
            found.push_back(&resource);
    return found;
}

std::string joined(const Json& element, const char* name, const char* separator) {
    std::string text;
    for (const Json& part : list_of(element, name)) {
        if (!part.is_string()) continue;
        if (!text.empty()) text += separator;
        text += part.get<std::string>();
    }
    return text;
}

const Json& name_of(const Json& person, const char* use) {
    for (const Json& name : list_of(person, "name"))
        if (text_of(name, "use") == use) return name;
    return first_of(person, "name");
}

std::string name_words(const Json& person) {
    const Json& name = name_of(person, "official");
    if (const std::string text = text_of(name, "text"); !text.empty()) return text;
    std::string words = joined(name, "prefix", " ");
    for (const std::string& part : {joined(name, "given", " "), text_of(name, "family")}) {
        if (!words.empty() && !part.empty()) words += ' ';
        words += part;
    }
    return words;
}

std::string address_words(const Json& address) {
    if (const std::string text = text_of(address, "text"); !text.empty()) return text;
    std::string words = joined(address, "line", ", ");
    for (const char* part : {"city", "district", "postalCode"})
        if (const std::string text = text_of(address, part); !text.empty())
            words += (words.empty() ? "" : ", ") + text;
    return words;
}

std::vector<Value> phones(const Json& element) {
    std::vector<Value> numbers;
    for (const Json& telecom : list_of(element, "telecom"))
        if (const std::string system = text_of(telecom, "system"); system == "phone" || system == "sms")
            if (std::string number = text_of(telecom, "value"); !number.empty())
                numbers.emplace_back(std::move(number));
    return numbers;
}

bool is_status(const Json& codeable, std::initializer_list<const char*> codes) {
    for (const Json& coding : list_of(codeable, "coding"))
        for (const char* code : codes)
            if (text_of(coding, "code") == code) return true;
    return false;
}

// The SNOMED coding, or the first one, or the text.
std::optional<Value> concept_value(const Json& codeable) {
    const auto& codings = list_of(codeable, "coding");
    const Json* chosen = nullptr;
    for (const Json& coding : codings)
        if (chosen == nullptr ||
            (text_of(coding, "system") == snomed && text_of(*chosen, "system") != snomed))
            chosen = &coding;
    const std::string text = text_of(codeable, "text");
    if (chosen == nullptr || text_of(*chosen, "code").empty()) {
        if (text.empty()) return std::nullopt;
        return text;
    }
    const std::string display = text_of(*chosen, "display");
    return Coding{text_of(*chosen, "system"), text_of(*chosen, "code"), display.empty() ? text : display};
}

std::string date_of(const Json& resource, std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (const std::string date = text_of(resource, name); !date.empty())
            return date_words(date.substr(0, 10));
    return {};
}

class RecordReader {
public:
    explicit RecordReader(const Json& bundle) : record(bundle) {}

    std::vector<Item> read() {
        if (const auto patients = resources(record, "Patient"); patients.size() == 1)
            patient(*patients.front());
        if (const auto people = resources(record, "Practitioner"); people.size() == 1)
            text("ppl.gp", name_words(*people.front()));
        if (const auto practices = resources(record, "Organization"); practices.size() == 1)
            practice(*practices.front());
        conditions();
        allergies();
        medicines();
        return std::move(items);
    }

private:
    void answer(const char* link_id, std::vector<Value> values) {
        if (!values.empty()) items.push_back({link_id, std::move(values), {}});
    }

    void text(const char* link_id, const std::string& words) {
        if (!is_blank(words)) answer(link_id, {Value(words)});
    }

    static void child(Item& row, const std::string& name, std::vector<Value> values) {
        if (!values.empty()) row.items.push_back({row.link_id + name, std::move(values), {}});
    }

    static void child_text(Item& row, const std::string& name, const std::string& words) {
        if (!is_blank(words)) child(row, name, {Value(words)});
    }

    // The same entry of the record always makes the same row.
    static Item row(const char* link_id, const Json& resource) {
        const std::string id = text_of(resource, "id");
        const std::string seed =
            text_of(resource, "resourceType") + "/" + (id.empty() ? resource.dump() : id);
        return {link_id, {}, {{row_link_id(link_id), {Value(uuid_from(seed))}, {}}}};
    }

    void patient(const Json& person) {
        const Json& name = name_of(person, "official");
        text(well_known::family, text_of(name, "family"));
        text(well_known::given, joined(name, "given", " "));
        if (const Json& usual = name_of(person, "usual"); text_of(usual, "use") == "usual")
            text(well_known::preferred_name,
                 text_of(usual, "text").empty() ? joined(usual, "given", " ") : text_of(usual, "text"));
        if (const std::string born = text_of(person, "birthDate"); parse_date(born))
            answer(well_known::birth_date, {Date{born}});
        for (const Json& identifier : list_of(person, "identifier"))
            if (text_of(identifier, "system") == nhs_number_system) {
                nhs_number(identifier);
                break;
            }
        gender(text_of(person, "gender"));
        text("dem.address", address_words(first_of(person, "address")));
        answer("dem.phone", phones(person));
        for (const Json* extension : extensions(person, interpreter_extension))
            if (const Json& needed = member(*extension, "valueBoolean"); needed.is_boolean())
                answer("com.interpreter",
                       {needed.get<bool>() ? Coding{snomed, "315594003", "Interpreter needed"}
                                           : Coding{snomed, "315595002", "Interpreter not needed"}});
        for (const Json& communication : list_of(person, "communication"))
            if (flag_of(communication, "preferred"))
                if (auto language = concept_value(member(communication, "language"))) {
                    answer("com.language", {std::move(*language)});
                    break;
                }
    }

    void nhs_number(const Json& identifier) {
        const NhsNumber number = parse_nhs_number(text_of(identifier, "value"));
        text(well_known::nhs_number, number.valid() ? number.digits : text_of(identifier, "value"));
        for (const Json* extension : extensions(identifier, verification_extension)) {
            const Json& coding = first_of(member(*extension, "valueCodeableConcept"), "coding");
            std::string code = text_of(coding, "code");
            if (code == "number-present-and-verified") code = "01";
            answer(well_known::nhs_number_status,
                   {Coding{verification_system, code, text_of(coding, "display")}});
        }
    }

    void gender(const std::string& code) {
        if (code == "female") answer("dem.gender", {Coding{snomed, "248152002", "Female"}});
        if (code == "male") answer("dem.gender", {Coding{snomed, "248153007", "Male"}});
    }

    void practice(const Json& organization) {
        Item group{"ppl.practice", {}, {}};
        for (const Json& identifier : list_of(organization, "identifier"))
            if (text_of(identifier, "system") == "https://fhir.nhs.uk/Id/ods-organization-code")
                child_text(group, ".ods", text_of(identifier, "value"));
        child_text(group, ".name", text_of(organization, "name"));
        child(group, ".phone", phones(organization));
        child_text(group, ".address", address_words(first_of(organization, "address")));
        if (!group.items.empty()) items.push_back(std::move(group));
    }

    void conditions() {
        std::vector<Value> found;
        for (const Json* condition : resources(record, "Condition")) {
            if (is_status(member(*condition, "clinicalStatus"), {"inactive", "remission", "resolved"}) ||
                is_status(member(*condition, "verificationStatus"), {"refuted", "entered-in-error"}))
                continue;
            if (auto value = concept_value(member(*condition, "code"));
                value && std::find(found.begin(), found.end(), *value) == found.end())
                found.push_back(std::move(*value));
        }
        // Which of several is the primary one, a list does not say.
        const char* question = found.size() == 1 ? "dx.primary" : "dx.other";
        answer(question, std::move(found));
    }

    void allergies() {
        bool asserted_none = false;
        std::vector<Item> rows;
        for (const Json* allergy : resources(record, "AllergyIntolerance")) {
            if (is_status(member(*allergy, "clinicalStatus"), {"inactive", "resolved"}) ||
                is_status(member(*allergy, "verificationStatus"), {"refuted", "entered-in-error"}))
                continue;
            const Json& code = member(*allergy, "code");
            if (is_status(code, {no_known_allergy})) {
                asserted_none = true;
                continue;
            }
            // No known drug allergy says nothing of other allergies, so it is neither "none" nor an entry.
            if (is_status(code, {no_known_drug_allergy})) continue;
            if (auto substance = concept_value(code))
                rows.push_back(allergy_row(*allergy, std::move(*substance)));
        }
        Coding state{fhir::local_system, "not-recorded-could-not-be-read",
                     "Not recorded / could not be read"};
        if (!rows.empty())
            state = {fhir::local_system, "allergies-listed", "Allergies listed"};
        else if (asserted_none || !control::on("H14.none-is-asserted"))
            state = {fhir::local_system, "no-known-allergies", "No known allergies (asserted)"};
        answer("alg.state", {std::move(state)});
        for (Item& each : rows) items.push_back(std::move(each));
    }

    static Item allergy_row(const Json& allergy, Value substance) {
        Item item = row("alg.list", allergy);
        child(item, ".substance", {std::move(substance)});
        std::vector<Value> manifestations;
        std::string severity;
        for (const Json& reaction : list_of(allergy, "reaction")) {
            for (const Json& manifestation : list_of(reaction, "manifestation"))
                if (auto value = concept_value(manifestation)) manifestations.push_back(std::move(*value));
            if (severity.empty()) severity = text_of(reaction, "severity");
        }
        child(item, ".reaction", std::move(manifestations));
        if (severity == "mild") child(item, ".severity", {Coding{fhir::local_system, "mild", "Mild"}});
        if (severity == "moderate")
            child(item, ".severity", {Coding{fhir::local_system, "moderate", "Moderate"}});
        if (severity == "severe")
            child(item, ".severity", {Coding{fhir::local_system, "severe", "Severe or anaphylaxis"}});
        const std::string date = date_of(allergy, {"recordedDate", "onsetDateTime"});
        child_text(item, ".source", date.empty() ? "Host record" : "Host record, " + date);
        return item;
    }

    void medicines() {
        for (const Json* statement : resources(record, "MedicationStatement")) {
            const std::string status = text_of(*statement, "status");
            if (status == "completed" || status == "stopped" || status == "entered-in-error" ||
                status == "not-taken")
                continue;
            auto medicine = concept_value(member(*statement, "medicationCodeableConcept"));
            if (!medicine) continue;
            Item item = row("med.current", *statement);
            child(item, ".medicine", {std::move(*medicine)});
            child_text(item, ".dose", text_of(first_of(*statement, "dosage"), "text"));
            const std::string date = date_of(*statement, {"dateAsserted", "effectiveDateTime"});
            child_text(item, ".source", date.empty() ? "Host record" : "Host record, " + date);
            items.push_back(std::move(item));
        }
    }

    const Json& record;
    std::vector<Item> items;
};

}  // namespace

std::vector<Item> answers_in_record(const nlohmann::json& record_bundle) {
    return RecordReader(record_bundle).read();
}

}  // namespace careplug::plan
