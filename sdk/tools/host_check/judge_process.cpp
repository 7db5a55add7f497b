// How a host starts, ends, and lives through what goes wrong.
#include <nlohmann/json.hpp>

#include "judges.h"

namespace careplug::tools::host_process {

namespace {

std::string how(const Day& day) {
    if (day.ended.timed_out) return "it was killed at the time limit";
    if (day.ended.signal != 0) return "signal " + std::to_string(day.ended.signal) + " ended it";
    return "its exit status was " + std::to_string(day.ended.exit_code);
}

// From here on the host knew that the engine is gone.
std::optional<Day::Index> end_known(const Day& day) {
    return day.next(0, [](const Entry& entry) {
        return (entry.what == Entry::What::event && entry.status == CAREPLUG_EVENT_ENGINE) ||
               (entry.what == Entry::What::call && entry.status == CAREPLUG_FAILED_ENGINE);
    });
}

}  // namespace

void opens(const Day& day) {
    applies(day.is(Play::plain), "Only an ordinary day shows this.");
    expect(day.had_loader(), "careplug_open gave no loader: offer the version macros of the header.");
}

void names_itself(const Day& day) {
    const auto hello = day.next(0, asked("careplug_open"));
    applies(hello.has_value(), "The engine was not started.");
    expect(!arguments(day.entries[*hello]).at(0).get<std::string>().empty(), "host_name was empty.");
}

void ends_well(const Day& day) {
    applies(day.is(Play::plain), "Only an ordinary day shows this.");
    expect(day.ended_well(), "On a day without any fault " + how(day) + ".");
}

void never_crashes(const Day& day) {
    expect(!day.crashed(), "The host crashed: " + how(day) + ".");
}

void ends_in_time(const Day& day) {
    expect(!day.ended.timed_out,
           "The host did not end within the time limit: a call is waited for that never comes.");
}

void closes_the_loader(const Day& day) {
    applies(day.had_loader(), "No loader was open.");
    expect(!day.crashed() && !day.ended.timed_out, "The host did not come to its end: " + how(day) + ".");
    const auto opened = day.all(given("loader")).size();
    const auto closed =
        day.all([](const Entry& entry) { return entry.what == Entry::What::ended && entry.name == "loader"; })
            .size();
    expect(closed == opened, "The host ended without careplug_close.");
}

void survives_a_refused_open(const Day& day) {
    applies(day.is(Play::open_refused), "careplug_open was not refused by the engine.");
    expect(!day.crashed() && !day.ended.timed_out, "After the refusal " + how(day) + ".");
    const auto refused = day.next(0, asked("careplug_open"));
    applies(refused.has_value(), "The engine was not started.");
    const auto tries = day.all(asked("careplug_open")).size();
    expect(tries <= 3, "careplug_open was tried " + std::to_string(tries) + " times.");
    const auto used = day.next(*refused, [](const Entry& entry) {
        return entry.what == Entry::What::mistake && entry.name != "careplug_release" &&
               entry.name != "careplug_close";
    });
    expect(!used, "A loader that was refused was used.");
}

void survives_a_refused_session(const Day& day) {
    applies(day.is(Play::session_refused), "No session was refused.");
    const auto refused = day.next(0, asked("careplug_session_open"));
    applies(refused.has_value(), "No session was opened.");
    expect(!day.crashed() && !day.ended.timed_out, "After the refusal " + how(day) + ".");
    const auto used = day.next(*refused, [](const Entry& entry) {
        return entry.what == Entry::What::mistake && entry.name != "careplug_release" &&
               entry.name != "careplug_session_close";
    });
    expect(!used, "A session that was refused was used: " + (used ? day.entries[*used].text : ""));
}

void survives_the_engine(const Day& day) {
    applies(day.loses_engine(), "The engine lived.");
    applies(end_known(day).has_value(), "The host had ended before the engine did.");
    expect(!day.crashed() && !day.ended.timed_out, "After the engine had ended " + how(day) + ".");
}

void leaves_a_dead_session(const Day& day) {
    applies(day.loses_engine(), "The engine lived.");
    const auto known = end_known(day);
    applies(known.has_value(), "The host had ended before the engine did.");
    const auto vain = day.all([](const Entry& entry) {
        return entry.what == Entry::What::call && entry.status == CAREPLUG_FAILED_ENGINE &&
               entry.name != "careplug_patient_close" && entry.name != "careplug_panel_close";
    });
    expect(vain.size() <= 20, "It was told FAILED_ENGINE " + std::to_string(vain.size()) +
                                  " times and went on calling instead of waiting for the next event.");
}

void takes_large_results(const Day& day) {
    applies(day.is(Play::large_results), "No result was large.");
    applies(day.next(0, asked("careplug_panel_view")) || day.next(0, asked("careplug_flag_details")) ||
                day.next(0, asked("careplug_panel_summary")),
            "Nothing was asked for that is large.");
    expect(day.ended_well(), "With results of 6 MB " + how(day) + ".");
}

void survives_a_late_reply(const Day& day) {
    applies(day.is(Play::late_reply), "No reply was late.");
    const auto late = day.next(0, [](const Entry& entry) {
        return entry.what == Entry::What::call && entry.status == CAREPLUG_REFUSED_TIMEOUT;
    });
    applies(late.has_value(), "careplug_actions was not asked for.");
    expect(!day.crashed() && !day.ended.timed_out, "After REFUSED_TIMEOUT " + how(day) + ".");
}

}  // namespace careplug::tools::host_process
