// FHIR instants and the spans that partial dates stand for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store.h"

namespace careplug::exchange {

struct Span {
    Milliseconds from = 0;
    Milliseconds until = 0;  // exclusive
};

// "2026-11-21T14:02:11.123Z"
std::string instant(Milliseconds time);
std::string day(Milliseconds time);  // "2026-11-21"
Milliseconds now();                  // UTC
std::string today();
// For HTTP's Last-Modified.
std::string http_date(Milliseconds time);
// A year, month, day or dateTime; without zone it is UTC.
std::optional<Span> span_of(std::string_view text);

}  // namespace careplug::exchange
