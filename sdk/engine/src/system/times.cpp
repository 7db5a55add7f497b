#include "system/times.h"

#include <Poco/DateTime.h>
#include <Poco/DateTimeParser.h>
#include <Poco/Timestamp.h>

#include <chrono>
#include <ctime>

namespace careplug::engine {
namespace {

std::tm local_parts(std::int64_t ms) {
    const std::time_t seconds = static_cast<std::time_t>(ms / 1000);
    std::tm parts{};
    ::localtime_r(&seconds, &parts);
    return parts;
}

std::string formatted(const std::tm& parts, const char* format) {
    char text[64];
    const std::size_t length = std::strftime(text, sizeof text, format, &parts);
    return std::string(text, length);
}

}  // namespace

std::int64_t now_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::int64_t boot_ms() {
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1000000;
}

std::string iso_time(std::int64_t ms) {
    const std::time_t seconds = static_cast<std::time_t>(ms / 1000);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    return formatted(parts, "%Y-%m-%dT%H:%M:%SZ");
}

std::int64_t parse_time(const std::string& fhir_date_time) {
    int zone = 0;
    Poco::DateTime parsed;
    for (const char* format : {"%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%s%z", "%Y-%m-%d"}) {
        if (Poco::DateTimeParser::tryParse(format, fhir_date_time, parsed, zone)) {
            parsed.makeUTC(zone);
            return parsed.timestamp().epochMicroseconds() / 1000;
        }
    }
    return 0;
}

std::string clock_words(std::int64_t ms) {
    const std::tm then = local_parts(ms);
    const std::tm now = local_parts(now_ms());
    const bool same_day = then.tm_year == now.tm_year && then.tm_yday == now.tm_yday;
    return formatted(then, same_day ? "%H:%M" : "%e %b %H:%M");
}

std::string today() {
    return formatted(local_parts(now_ms()), "%Y-%m-%d");
}

}  // namespace careplug::engine
