// FHIR dates as text: partial dates are compared by the whole period that they name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace careplug::plan {

struct CalendarDate {
    int year = 0;
    int month = 0;  // 0: not given
    int day = 0;    // 0: not given
    bool partial() const { return day == 0; }
};

// A real date of the calendar, in full or in part; nothing for anything else.
std::optional<CalendarDate> parse_date(std::string_view text);
// YYYY-MM-DDThh:mm:ss with an optional fraction and a zone; a date alone is no dateTime here.
bool is_date_time(std::string_view text);

// The first and the last day of what a date, in full or in part, or the date of a dateTime names, as
// YYYY-MM-DD; empty where it is no date.
std::string first_day(std::string_view text);
std::string last_day(std::string_view text);

// "21-Nov-2026"; a partial date and anything else as it is.
std::string date_words(std::string_view text);
// "21-Nov-2026 14:02"
std::string date_time_words(std::string_view text);

// `date` plus an ISO duration of years, months, weeks or days ("P6M"); empty where either is not valid.
std::string plus_duration(std::string_view date, std::string_view duration);

}  // namespace careplug::plan
