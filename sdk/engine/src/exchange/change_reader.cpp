#include "exchange/change_reader.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace careplug::engine {
namespace {

// Where a line names this field, what it says; one space after the colon is not part of it.
std::optional<std::string_view> value_of(std::string_view line, std::string_view field) {
    if (line.size() <= field.size() || !line.starts_with(field) || line[field.size()] != ':')
        return std::nullopt;
    line.remove_prefix(field.size() + 1);
    if (line.starts_with(' ')) line.remove_prefix(1);
    return line;
}

std::string text_at(const nlohmann::json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

ChangeNotice read(const std::string& data) {
    const auto change = nlohmann::json::parse(data, nullptr, false);
    if (!change.is_object()) return {};
    ChangeNotice notice{text_at(change, "type"), text_at(change, "id")};
    return notice.id.empty() ? ChangeNotice{} : notice;
}

}  // namespace

std::optional<ChangeNotice> ChangeReader::take(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (const auto name = value_of(line, "event")) name_ = *name;
    if (const auto data = value_of(line, "data")) data_ += *data;
    if (!line.empty()) return std::nullopt;
    const std::string name = std::exchange(name_, {});
    const std::string data = std::exchange(data_, {});
    if (name.empty() || name == "heartbeat") return std::nullopt;
    return name == "change" ? read(data) : ChangeNotice{};
}

}  // namespace careplug::engine
