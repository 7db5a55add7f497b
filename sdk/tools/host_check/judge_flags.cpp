// Flags: watched, read, put into words, and told of. What stands on the screen cannot be seen from here.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "judges.h"

namespace careplug::tools::host_flags {

namespace {

constexpr std::int64_t longest_wait = 5000;
// Who leaves so soon after it need not look again.
constexpr std::int64_t about_to_leave = 1000;

bool is_read(const Entry& entry) {
    return entry.what == Entry::What::flags;
}

// Of the flags that were read last, every word to be drawn was asked for at some time of the day. What was
// read earlier may have changed before it was drawn.
void every_word_asked(const Day& day, const std::string& otherwise) {
    const auto read = day.last(&is_read);
    applies(read.has_value(), "No flag was read.");
    const auto& words = day.entries[*read].numbers;
    std::set<std::uint64_t> missing(words.begin(), words.end());
    applies(!missing.empty(), "No flag was to be drawn.");
    for (const Entry& entry : day.entries)
        if (entry.what == Entry::What::word) missing.erase(entry.handle);
    expect(missing.empty(), std::to_string(missing.size()) + otherwise);
}

}  // namespace

void watches_first(const Day& day) {
    const auto read = day.next(0, &is_read);
    applies(read.has_value(), "No flag was read.");
    const auto unwatched = day.next(0, [](const Entry& entry) { return is_read(entry) && entry.handle > 0; });
    expect(!unwatched, "Flags were read of " +
                           (unwatched ? std::to_string(day.entries[*unwatched].handle) : std::string()) +
                           " patients whom careplug_watch did not name.");
}

void reads_again(const Day& day) {
    const auto told = day.all(pulled(CAREPLUG_EVENT_FLAGS));
    applies(!told.empty(), "No EVENT_FLAGS was pulled.");
    applies(day.ended_well(), "The host gave up this day.");
    const auto left = day.next(0, asked("careplug_session_close"));
    for (const auto event : told) {
        const auto read = day.next(event, &is_read);
        if (!read && left && day.entries[*left].time - day.entries[event].time < about_to_leave) continue;
        expect(read && day.entries[*read].time - day.entries[event].time <= longest_wait,
               "After EVENT_FLAGS the flags were not read again.");
    }
}

void asks_for_words(const Day& day) {
    applies(!day.is(Play::unknown_values) && !day.is(Play::not_known),
            "Another requirement judges this day.");
    applies(!day.is(Play::identity_refused), "Nobody was signed in.");
    every_word_asked(day, " flags were read and their words never asked for.");
}

void keeps_last_known(const Day& day) {
    applies(day.is(Play::not_known), "Everything was known.");
    every_word_asked(day, " flags that were last known were read and their words never asked for.");
}

void keeps_unknown_flags(const Day& day) {
    applies(day.is(Play::unknown_values), "Every flag was known.");
    every_word_asked(day, " flags of a later engine were read and their words never asked for.");
}

void sends_receipts(const Day& day) {
    applies(day.ended_well(), "The host gave up this day.");
    applies(!day.is(Play::identity_refused), "Nobody was signed in.");
    applies(day.next(0, &is_read) && day.next(0, pulled(CAREPLUG_EVENT_FLAGS)), "No flag was read.");
    expect(day.next(0, asked("careplug_receipt")).has_value(),
           "Flags were read, and no receipt says what became of them.");
}

void shows_what_it_read(const Day& day) {
    const auto receipt = day.next(0, asked("careplug_receipt"));
    applies(receipt.has_value(), "No receipt was sent.");
    expect(day.any_between(0, *receipt, &is_read), "A receipt was sent for flags that were not read.");
}

}  // namespace careplug::tools::host_flags
