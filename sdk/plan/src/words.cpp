#include "words.h"

#include <careplug/plan/flags.h>
#include <careplug/plan/rules.h>

#include "dates.h"

namespace careplug::plan {

namespace {

struct Words {
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(bool yes) const { return yes ? "Yes" : "No"; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(const Date& date) const { return date_words(date.text); }
    std::string operator()(const DateTime& time) const { return date_time_words(time.text); }
    std::string operator()(const Coding& coding) const {
        return coding.display.empty() ? coding.code : coding.display;
    }
};

void append(std::string& text, const std::string& more, const char* separator) {
    if (more.empty()) return;
    if (!text.empty()) text += separator;
    text += more;
}

// Options lend their display to a code that came without.
std::string answer_words(const Field* field, const Value& value) {
    const auto* coding = std::get_if<Coding>(&value);
    if (coding != nullptr && coding->display.empty() && field != nullptr)
        for (const Option& option : field->options)
            if (option.coding.code == coding->code && option.coding.system == coding->system)
                return option.coding.display;
    return value_words(value);
}

bool is_row_id(std::string_view link_id) {
    return link_id.ends_with(".$row");
}

std::string item_words(const DataSet& data_set, const Item& item) {
    std::string text;
    const Field* field = data_set.find(item.link_id);
    for (const Value& value : item.answers) append(text, answer_words(field, value), ", ");
    for (const Item& child : item.items)
        if (!is_row_id(child.link_id)) append(text, item_words(data_set, child), ", ");
    return text;
}

std::string short_words(const DataSet& data_set, const Answers& answers, const std::string& link_id) {
    const Field* field = data_set.find(link_id);
    std::string text;
    for (const Value* value : answers.values(link_id)) {
        const auto* coding = std::get_if<Coding>(value);
        std::string word = answer_words(field, *value);
        if (coding != nullptr && field != nullptr)
            for (const Option& option : field->options)
                if (option.coding.code == meaning(data_set, coding->code) && !option.short_display.empty())
                    word = option.short_display;
        append(text, word, ", ");
    }
    return text;
}

std::string word_for(const DataSet& data_set, const std::string& name, const Answers& answers,
                     const std::map<std::string, std::string>& variables) {
    if (const auto found = variables.find(name); found != variables.end()) return found->second;
    const bool is_short = name.size() > 6 && name.ends_with(".short");
    const std::string link_id = is_short ? name.substr(0, name.size() - 6) : name;
    if (const Field* field = data_set.field_of(link_id); field != nullptr && !field->sensitive.empty())
        return answers.has(link_id) ? recorded : "";
    return is_short ? short_words(data_set, answers, link_id) : display(data_set, answers, link_id);
}

}  // namespace

std::vector<std::string> names_in(std::string_view words) {
    std::vector<std::string> names;
    for (auto open = words.find('{'); open != std::string_view::npos; open = words.find('{', open + 1)) {
        const auto close = words.find('}', open);
        if (close == std::string_view::npos) break;
        names.emplace_back(words.substr(open + 1, close - open - 1));
    }
    return names;
}

std::string value_words(const Value& value) {
    return std::visit(Words{}, value);
}

std::string fill_words(const DataSet& data_set, const std::string& words, const Answers& answers,
                       const std::map<std::string, std::string>& variables) {
    std::string text;
    std::size_t at = 0;
    while (at < words.size()) {
        const auto open = words.find('{', at);
        const auto close = open == std::string::npos ? open : words.find('}', open);
        if (close == std::string::npos) break;
        text += words.substr(at, open - at);
        const std::string word =
            word_for(data_set, words.substr(open + 1, close - open - 1), answers, variables);
        text += word.empty() ? not_recorded : word;
        at = close + 1;
    }
    return text + words.substr(at);
}

std::string display(const DataSet& data_set, const Answers& answers, std::string_view link_id) {
    std::string text;
    for (const Item* item : answers.all(link_id)) append(text, item_words(data_set, *item), "; ");
    return text;
}

}  // namespace careplug::plan
