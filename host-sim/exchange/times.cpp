#include "times.h"

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Timestamp.h>

#include <chrono>
#include <regex>

namespace careplug::exchange {

namespace {

Poco::Timestamp timestamp(Milliseconds time) {
    return Poco::Timestamp(time * 1000);
}

int number(const std::csub_match& part) {
    return std::stoi(part.str());
}

Milliseconds at(std::chrono::year_month_day date) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::sys_days(date).time_since_epoch())
        .count();
}

}  // namespace

std::string instant(Milliseconds time) {
    return Poco::DateTimeFormatter::format(timestamp(time), "%Y-%m-%dT%H:%M:%S.%iZ");
}

std::string day(Milliseconds time) {
    return Poco::DateTimeFormatter::format(timestamp(time), "%Y-%m-%d");
}

Milliseconds now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::string today() {
    return day(now());
}

std::string http_date(Milliseconds time) {
    return Poco::DateTimeFormatter::format(timestamp(time), Poco::DateTimeFormat::HTTP_FORMAT);
}

std::optional<Span> span_of(std::string_view text) {
    static const std::regex pattern(
        R"((\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?)?)?)?)");
    std::cmatch part;
    if (text.size() > 40 || !std::regex_match(text.data(), text.data() + text.size(), part, pattern))
        return std::nullopt;
    using namespace std::chrono;
    const year y{number(part[1])};
    if (!part[2].matched) return Span{at(y / 1 / 1), at((y + years(1)) / 1 / 1)};
    const auto m = static_cast<unsigned>(number(part[2]));
    if (m < 1 || m > 12) return std::nullopt;
    if (!part[3].matched) {
        const auto next = year_month(y, month(m)) + months(1);
        return Span{at(y / month(m) / 1), at(next / 1)};
    }
    const year_month_day date = y / month(m) / std::chrono::day(static_cast<unsigned>(number(part[3])));
    if (!date.ok()) return std::nullopt;
    constexpr Milliseconds minute = 60'000, hour = 60 * minute;
    if (!part[4].matched) return Span{at(date), at(date) + 24 * hour};
    if (number(part[4]) > 23 || number(part[5]) > 59) return std::nullopt;
    Milliseconds from = at(date) + number(part[4]) * hour + number(part[5]) * minute;
    Milliseconds length = minute;
    if (part[6].matched) {
        if (number(part[6]) > 60) return std::nullopt;
        from += number(part[6]) * 1000;
        length = 1000;
    }
    if (part[7].matched) {
        from += std::stoi((part[7].str() + "00").substr(0, 3));
        length = 1;
    }
    if (const std::string zone = part[8].str(); zone.size() == 6) {
        const Milliseconds offset = std::stoi(zone.substr(1, 2)) * hour + std::stoi(zone.substr(4)) * minute;
        from += zone[0] == '-' ? offset : -offset;
    }
    return Span{from, from + length};
}

}  // namespace careplug::exchange
