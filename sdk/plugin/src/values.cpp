#include <careplug/plugin/documents.h>
#include <chrono>
#include <cstdio>

namespace careplug::plugin {

namespace {

std::chrono::year_month_day day_of(std::int64_t milliseconds) {
    const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds{milliseconds}};
    return std::chrono::floor<std::chrono::days>(time);
}

}  // namespace

std::string Now::today() const {
    const auto day = day_of(milliseconds);
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(day.year()),
                  static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
    return text;
}

std::string Now::date_time() const {
    constexpr std::int64_t day_length = 86'400'000;
    const std::int64_t of_day = ((milliseconds % day_length) + day_length) % day_length;
    char text[32];
    std::snprintf(text, sizeof text, "T%02d:%02d:%02d.%03dZ", static_cast<int>(of_day / 3'600'000),
                  static_cast<int>(of_day / 60'000 % 60), static_cast<int>(of_day / 1000 % 60),
                  static_cast<int>(of_day % 1000));
    return today() + text;
}

const plan::DataSet* Session::find(std::string_view canonical) const {
    for (const plan::DataSet& data_set : data_sets)
        if (data_set.canonical() == canonical) return &data_set;
    return nullptr;
}

const plan::DataSet* Session::contact_set() const {
    for (const plan::DataSet& data_set : data_sets)
        if (std::string_view(data_set.url).ends_with("-contact")) return &data_set;
    return nullptr;
}

const plan::DataSet* Session::plan_set() const {
    const plan::DataSet* contacts = contact_set();
    for (const plan::DataSet& data_set : data_sets)
        if (&data_set != contacts) return &data_set;
    return nullptr;
}

}  // namespace careplug::plugin
