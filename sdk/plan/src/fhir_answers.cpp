#include "fhir_answers.h"

#include <careplug/plan/fhir.h>
#include <limits>
#include <stdexcept>

#include "json_reading.h"

namespace careplug::plan::fhir {

namespace {

std::string needed_text(const Json& value, const std::string& link_id) {
    if (!value.is_string())
        throw std::invalid_argument("An answer to \"" + link_id + "\" must be a text in its value.");
    return value.get<std::string>();
}

Value read_value(const Json& answer, const std::string& link_id) {
    if (!answer.is_object())
        throw std::invalid_argument("An answer to \"" + link_id + "\" is not an object.");
    if (answer.contains("item"))
        throw std::invalid_argument("An answer to \"" + link_id +
                                    "\" has questions below it, which is not supported.");
    const Json* found = nullptr;
    std::string type;
    for (const auto& [name, value] : answer.items()) {
        if (!name.starts_with("value")) continue;
        if (found != nullptr)
            throw std::invalid_argument("An answer to \"" + link_id + "\" has more than one value.");
        found = &value;
        type = name;
    }
    if (found == nullptr) throw std::invalid_argument("An answer to \"" + link_id + "\" has no value.");
    if (type == "valueString") return needed_text(*found, link_id);
    if (type == "valueDate") return Date{needed_text(*found, link_id)};
    if (type == "valueDateTime") return DateTime{needed_text(*found, link_id)};
    if (type == "valueBoolean" && found->is_boolean()) return found->get<bool>();
    if (type == "valueInteger" && found->is_number_integer()) {
        // FHIR integers have 32 bits; the limits also keep what is read within what is written.
        const bool fits = found->is_number_unsigned()
                              ? found->get<std::uint64_t>() <= std::numeric_limits<std::int32_t>::max()
                              : found->get<std::int64_t>() >= std::numeric_limits<std::int32_t>::min();
        if (!fits) throw std::invalid_argument("The number given for \"" + link_id + "\" is out of range.");
        return found->get<std::int64_t>();
    }
    if (type == "valueCoding" && found->is_object()) {
        Coding coding{text_of(*found, "system"), text_of(*found, "code"), text_of(*found, "display")};
        if (coding.code.empty() && coding.display.empty())
            throw std::invalid_argument("A coding given for \"" + link_id +
                                        "\" has neither code nor display.");
        return coding;
    }
    throw std::invalid_argument("An answer to \"" + link_id + "\" has the type " + type +
                                ", which is not supported or does not fit its value.");
}

std::string link_id_of(const Json& item) {
    if (!item.is_object()) throw std::invalid_argument("An item of the answers is not an object.");
    std::string link_id = text_of(item, "linkId");
    if (link_id.empty()) throw std::invalid_argument("An item of the answers has no linkId.");
    return link_id;
}

void check_list(const Json& element, const char* name, const std::string& link_id) {
    if (element.contains(name) && !element[name].is_array())
        throw std::invalid_argument("\"" + std::string(name) + "\" of \"" + link_id + "\" must be a list.");
}

Item read_item(const Json& source) {
    Item item;
    item.link_id = link_id_of(source);
    check_list(source, "answer", item.link_id);
    check_list(source, "item", item.link_id);
    for (const Json& answer : list_of(source, "answer"))
        item.answers.push_back(read_value(answer, item.link_id));
    for (const Json& child : list_of(source, "item")) item.items.push_back(read_item(child));
    return item;
}

bool is_section(const DataSet& data_set, const std::string& link_id) {
    for (const Section& section : data_set.sections)
        if (!section.link_id.empty() && section.link_id == link_id) return true;
    return false;
}

bool is_empty(const Item& item) {
    if (!item.answers.empty()) return false;
    for (const Item& child : item.items)
        if (!is_empty(child)) return false;
    return true;
}

Json write_item(const Item& item) {
    Json written = {{"linkId", item.link_id}};
    for (const Value& value : item.answers) written["answer"].push_back(write_value(value));
    for (const Item& child : item.items)
        if (!is_empty(child)) written["item"].push_back(write_item(child));
    return written;
}

}  // namespace

Json write_coding(const Coding& coding) {
    Json written = Json::object();
    if (!coding.system.empty()) written["system"] = coding.system;
    if (!coding.code.empty()) written["code"] = coding.code;
    if (!coding.display.empty()) written["display"] = coding.display;
    return written;
}

Json write_value(const Value& value) {
    struct Writer {
        Json operator()(const std::string& text) const { return {{"valueString", text}}; }
        Json operator()(bool yes) const { return {{"valueBoolean", yes}}; }
        Json operator()(std::int64_t number) const { return {{"valueInteger", number}}; }
        Json operator()(const Date& date) const { return {{"valueDate", date.text}}; }
        Json operator()(const DateTime& time) const { return {{"valueDateTime", time.text}}; }
        Json operator()(const Coding& coding) const { return {{"valueCoding", write_coding(coding)}}; }
    };
    return std::visit(Writer{}, value);
}

Answers read_answers(const DataSet& data_set, const nlohmann::json& questionnaire_response) {
    if (!questionnaire_response.is_object())
        throw std::invalid_argument("The answers are not a JSON object.");
    check_list(questionnaire_response, "item", "QuestionnaireResponse");
    Answers answers;
    for (const Json& source : list_of(questionnaire_response, "item")) {
        if (const std::string link_id = link_id_of(source); is_section(data_set, link_id)) {
            if (source.contains("answer"))
                throw std::invalid_argument("The section \"" + link_id + "\" cannot have an answer.");
            check_list(source, "item", link_id);
            for (const Json& child : list_of(source, "item")) answers.items.push_back(read_item(child));
        } else {
            answers.items.push_back(read_item(source));
        }
    }
    return answers;
}

nlohmann::json write_items(const DataSet& data_set, const Answers& answers) {
    Json items = Json::array();
    for (const Section& section : data_set.sections) {
        Json in_section = Json::array();
        for (const Field& field : section.fields)
            for (const Item& item : answers.items)
                if (item.link_id == field.link_id && !is_empty(item)) in_section.push_back(write_item(item));
        if (in_section.empty()) continue;
        if (section.link_id.empty())
            items.insert(items.end(), in_section.begin(), in_section.end());
        else
            items.push_back({{"linkId", section.link_id}, {"item", std::move(in_section)}});
    }
    // What the data set does not know is carried along, not lost; validate() reports it.
    for (const Item& item : answers.items) {
        bool known = false;
        for (const Field* field : data_set.fields()) known = known || field->link_id == item.link_id;
        if (!known && !is_empty(item)) items.push_back(write_item(item));
    }
    return items;
}

}  // namespace careplug::plan::fhir
