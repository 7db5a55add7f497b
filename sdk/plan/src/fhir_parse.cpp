#include <careplug/plan/fhir.h>
#include <set>
#include <stdexcept>

#include "json_reading.h"
#include "text.h"

namespace careplug::plan::fhir {

namespace {

constexpr std::size_t most_bytes = 16 * 1024 * 1024;
constexpr int deepest = 64;

// Refuses while reading, so that a hostile document costs no more than its bytes.
class Limits {
public:
    bool operator()(int depth, Json::parse_event_t event, const Json& parsed) {
        switch (event) {
            case Json::parse_event_t::object_start:
            case Json::parse_event_t::array_start:
                if (depth >= deepest)
                    throw std::invalid_argument("The JSON is nested deeper than 64 levels.");
                if (event == Json::parse_event_t::object_start) keys.emplace_back();
                break;
            case Json::parse_event_t::object_end:
                keys.pop_back();
                break;
            case Json::parse_event_t::key:
                check_text(parsed);
                if (!keys.back().insert(parsed.get<std::string>()).second)
                    throw std::invalid_argument("The JSON gives the member \"" + parsed.get<std::string>() +
                                                "\" twice in one object.");
                break;
            case Json::parse_event_t::value:
                if (parsed.is_string()) check_text(parsed);
                break;
            case Json::parse_event_t::array_end:
                break;
        }
        return true;
    }

private:
    static void check_text(const Json& text) {
        if (text.get_ref<const std::string&>().find('\0') != std::string::npos)
            throw std::invalid_argument("The JSON holds a text with the character U+0000.");
    }

    std::vector<std::set<std::string>> keys;
};

}  // namespace

nlohmann::json parse(std::string_view text) {
    if (text.size() > most_bytes) throw std::invalid_argument("The JSON is larger than 16 MB.");
    if (!is_utf8(text)) throw std::invalid_argument("The JSON is not UTF-8.");
    try {
        return Json::parse(text.begin(), text.end(), Limits());
    } catch (const Json::exception& problem) {
        // Its message quotes the text read, which may be a person's.
        const auto* where = dynamic_cast<const Json::parse_error*>(&problem);
        throw std::invalid_argument(
            where != nullptr ? "This is not JSON: it breaks at byte " + std::to_string(where->byte) + "."
                             : std::string("This is not JSON that can be read: a number is out of range."));
    }
}

}  // namespace careplug::plan::fhir
