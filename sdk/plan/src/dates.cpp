#include "dates.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace careplug::plan {

namespace {

constexpr std::array<const char*, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<int> number(std::string_view text, std::size_t at, std::size_t length) {
    if (text.size() < at + length) return std::nullopt;
    int value = 0;
    for (const char c : text.substr(at, length)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

int days_in_month(int year, int month) {
    const std::chrono::year_month_day_last last{
        std::chrono::year{year} / std::chrono::month{static_cast<unsigned>(month)} / std::chrono::last};
    return static_cast<int>(static_cast<unsigned>(last.day()));
}

std::string iso(int year, int month, int day) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", year, month, day);
    return text.data();
}

std::string_view date_part(std::string_view text) {
    return text.substr(0, std::min(text.find('T'), text.size()));
}

}  // namespace

std::optional<CalendarDate> parse_date(std::string_view text) {
    CalendarDate date;
    const auto year = number(text, 0, 4);
    if (!year || *year == 0) return std::nullopt;
    date.year = *year;
    if (text.size() == 4) return date;
    const auto month = number(text, 5, 2);
    if (text[4] != '-' || !month || *month < 1 || *month > 12) return std::nullopt;
    date.month = *month;
    if (text.size() == 7) return date;
    const auto day = number(text, 8, 2);
    if (text.size() != 10 || text[7] != '-' || !day || *day < 1 || *day > days_in_month(*year, *month))
        return std::nullopt;
    date.day = *day;
    return date;
}

bool is_date_time(std::string_view text) {
    if (text.size() < 20 || text[10] != 'T') return false;
    const auto date = parse_date(text.substr(0, 10));
    const auto hour = number(text, 11, 2);
    const auto minute = number(text, 14, 2);
    const auto second = number(text, 17, 2);
    if (!date || !hour || !minute || !second || text[13] != ':' || text[16] != ':') return false;
    if (*hour > 23 || *minute > 59 || *second > 60) return false;
    std::string_view rest = text.substr(19);
    if (rest.front() == '.') {
        const auto end = rest.find_first_not_of("0123456789", 1);
        if (end == std::string_view::npos || end == 1) return false;
        rest.remove_prefix(end);
    }
    if (rest == "Z") return true;
    if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') || rest[3] != ':') return false;
    const auto zone_hour = number(rest, 1, 2);
    const auto zone_minute = number(rest, 4, 2);
    return zone_hour && zone_minute && *zone_hour <= 14 && *zone_minute <= 59;
}

std::string first_day(std::string_view text) {
    const auto date = parse_date(date_part(text));
    if (!date) return {};
    return iso(date->year, std::max(date->month, 1), std::max(date->day, 1));
}

std::string last_day(std::string_view text) {
    const auto date = parse_date(date_part(text));
    if (!date) return {};
    const int month = date->month == 0 ? 12 : date->month;
    return iso(date->year, month, date->day == 0 ? days_in_month(date->year, month) : date->day);
}

std::string date_words(std::string_view text) {
    const auto date = parse_date(text);
    if (!date || date->partial()) return std::string(text);
    return std::string(text.substr(8, 2)) + "-" + month_names.at(static_cast<std::size_t>(date->month - 1)) +
           "-" + std::string(text.substr(0, 4));
}

std::string date_time_words(std::string_view text) {
    if (!is_date_time(text)) return date_words(text);
    return date_words(text.substr(0, 10)) + " " + std::string(text.substr(11, 5));
}

std::string plus_duration(std::string_view date_text, std::string_view duration) {
    const auto date = parse_date(date_text);
    if (!date || date->partial() || duration.size() < 3 || duration.front() != 'P') return {};
    const auto amount = number(duration, 1, duration.size() - 2);
    if (!amount || *amount > 36500) return {};
    int year = date->year;
    int month = date->month;
    const char unit = duration.back();
    if (unit == 'D' || unit == 'W') {
        const std::chrono::sys_days start{std::chrono::year{year} /
                                          std::chrono::month{static_cast<unsigned>(month)} /
                                          std::chrono::day{static_cast<unsigned>(date->day)}};
        const std::chrono::year_month_day end{start + std::chrono::days{unit == 'W' ? *amount * 7 : *amount}};
        return iso(static_cast<int>(end.year()), static_cast<int>(static_cast<unsigned>(end.month())),
                   static_cast<int>(static_cast<unsigned>(end.day())));
    }
    if (unit == 'Y')
        year += *amount;
    else if (unit == 'M')
        month += *amount;
    else
        return {};
    year += (month - 1) / 12;
    month = (month - 1) % 12 + 1;
    // 31 August plus six months is the last day of February.
    return iso(year, month, std::min(date->day, days_in_month(year, month)));
}

}  // namespace careplug::plan
