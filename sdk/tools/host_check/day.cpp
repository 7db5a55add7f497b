#include "day.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace careplug::tools {

bool Day::ended_well() const {
    return ended.started && !ended.timed_out && ended.signal == 0 && ended.exit_code == 0;
}

bool Day::crashed() const {
    // A shell tells a signal of its child as 128 and its number.
    return !ended.timed_out && (ended.signal != 0 || ended.exit_code > 128);
}

bool Day::had_loader() const {
    return next(0, given("loader")).has_value();
}

bool Day::had_session() const {
    return next(0, given("session")).has_value();
}

std::vector<Day::Index> Day::all(const Wanted& wanted) const {
    std::vector<Index> found;
    for (Index i = 0; i < entries.size(); ++i)
        if (wanted(entries[i])) found.push_back(i);
    return found;
}

std::optional<Day::Index> Day::next(Index from, const Wanted& wanted) const {
    for (Index i = from; i < entries.size(); ++i)
        if (wanted(entries[i])) return i;
    return std::nullopt;
}

std::optional<Day::Index> Day::last(const Wanted& wanted) const {
    for (Index i = entries.size(); i-- > 0;)
        if (wanted(entries[i])) return i;
    return std::nullopt;
}

bool Day::any_between(Index from, Index to, const Wanted& wanted) const {
    const auto found = next(from, wanted);
    return found && *found < to;
}

nlohmann::json arguments(const Entry& entry) {
    const auto said = nlohmann::json::parse(entry.text, nullptr, false);
    return said.is_object() && said.contains("arguments") ? said.at("arguments") : nlohmann::json::array();
}

std::string text_in(const nlohmann::json& object, const char* name) {
    const bool is_text = object.is_object() && object.contains(name) && object.at(name).is_string();
    return is_text ? object.at(name).get<std::string>() : std::string();
}

Day::Wanted asked(std::string name) {
    return [name = std::move(name)](const Entry& entry) {
        return entry.what == Entry::What::asked && entry.name == name;
    };
}

Day::Wanted asked(std::string name, std::uint64_t of) {
    return [name = std::move(name), of](const Entry& entry) {
        return entry.what == Entry::What::asked && entry.name == name && entry.handle == of;
    };
}

Day::Wanted called(std::string name) {
    return [name = std::move(name)](const Entry& entry) {
        return entry.what == Entry::What::call && entry.name == name;
    };
}

Day::Wanted pulled(std::int32_t kind) {
    return [kind](const Entry& entry) { return entry.what == Entry::What::event && entry.status == kind; };
}

Day::Wanted given(std::string kind) {
    return [kind = std::move(kind)](const Entry& entry) {
        return entry.what == Entry::What::given && entry.name == kind;
    };
}

}  // namespace careplug::tools
