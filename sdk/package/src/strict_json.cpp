#include "strict_json.h"

#include <algorithm>

namespace careplug::package {

using nlohmann::json;

namespace {

constexpr int deepest = 8;

// Follows a parse and refuses what a reader could take in two ways.
class Strictness {
public:
    explicit Strictness(const std::string& what) : what_(what) {}

    bool operator()(int depth, json::parse_event_t event, const json& parsed) {
        if (depth > deepest) throw Refusal(what_ + " is nested too deeply: make it anew.");
        if (event == json::parse_event_t::object_start) names_.emplace_back();
        if (event == json::parse_event_t::object_end) names_.pop_back();
        if (event == json::parse_event_t::key &&
            !names_.back().insert(parsed.get_ref<const std::string&>()).second)
            throw Refusal(what_ + " has a member twice: leave one of them.");
        return true;
    }

private:
    const std::string& what_;
    std::vector<std::set<std::string>> names_;
};

}  // namespace

json parse_object(std::string_view text, const std::string& what) {
    if (text.substr(0, 3) == "\xEF\xBB\xBF")
        throw Refusal(what + " begins with a byte order mark: save it as UTF-8 without one.");
    // The parser takes one for the end, and would not look at what follows.
    if (text.find('\0') != std::string_view::npos) throw Refusal(what + " holds a zero byte: make it anew.");
    try {
        json object = json::parse(text, Strictness(what));
        if (!object.is_object()) throw Refusal(what + " is no JSON object: make it anew.");
        return object;
    } catch (const json::exception&) {
        throw Refusal(what + " is not valid JSON in UTF-8: make it anew.");
    }
}

void Members::refuse(const std::string& why) const {
    throw Refusal(what_ + " " + why);
}

const json& Members::member(const std::string& name) {
    asked_.insert(name);
    const auto found = object_.find(name);
    if (found == object_.end()) refuse("lacks \"" + name + "\": add it.");
    return *found;
}

std::string Members::plain(const json& value, const std::string& name) const {
    const std::string* text = value.get_ptr<const std::string*>();
    const bool good = text != nullptr && !text->empty() && text->size() <= 200 &&
                      std::none_of(text->begin(), text->end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (!good) refuse("needs a text of 1 to 200 bytes on one line as \"" + name + "\": correct it.");
    return *text;
}

std::string Members::text(const std::string& name) {
    return plain(member(name), name);
}

const json& Members::object(const std::string& name) {
    const json& value = member(name);
    if (!value.is_object()) refuse("needs an object as \"" + name + "\": correct it.");
    return value;
}

std::vector<std::string> Members::texts(const std::string& name) {
    const json& value = member(name);
    if (!value.is_array()) refuse("needs a list of texts as \"" + name + "\": correct it.");
    std::vector<std::string> list;
    for (const json& each : value) list.push_back(plain(each, name));
    return list;
}

void Members::no_others() const {
    for (const auto& [name, value] : object_.items())
        if (asked_.count(name) == 0)
            refuse("has a member that this release does not know: remove it, or install a newer release.");
}

}  // namespace careplug::package
