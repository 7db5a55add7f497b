// Clocks and their words. The rest of the engine gets times from here, so that each has one meaning.
#pragma once

#include <cstdint>
#include <string>

namespace careplug::engine {

std::int64_t now_ms();                                       // since 1970, UTC
std::int64_t boot_ms();                                      // since boot, including suspend: ages answers
std::string iso_time(std::int64_t ms);                       // 2026-11-21T14:02:11Z
std::int64_t parse_time(const std::string& fhir_date_time);  // 0 where it is none
std::string clock_words(std::int64_t ms);                    // "14:02" today, otherwise "20 Nov 14:02", local
std::string today();                                         // YYYY-MM-DD, local

}  // namespace careplug::engine
