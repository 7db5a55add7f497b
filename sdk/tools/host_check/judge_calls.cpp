// How a host calls: records, text, values, handles, threads. The loader's own checks name each mistake.
#include "judges.h"

namespace careplug::tools::host_calls {

namespace {

bool says(const Entry& entry, std::string_view words) {
    return entry.text.find(words) != std::string::npos;
}

bool is_about_size(const Entry& entry) {
    return says(entry, "size of ") || says(entry, "the stride of") || says(entry, "flags_stride");
}

bool is_about_text(const Entry& entry) {
    return says(entry, "is not UTF-8") || says(entry, "is null with a length") ||
           says(entry, "is longer than") || says(entry, "is too long");
}

bool is_about_ended(const Entry& entry) {
    return says(entry, "has already") || says(entry, "long before");
}

bool ends_something(const Entry& entry) {
    return entry.name == "careplug_release" || entry.name == "careplug_close" ||
           entry.name.ends_with("_close");
}

// Giving back nothing harms nobody.
bool releases_nothing(const Entry& entry) {
    return entry.name == "careplug_release" && says(entry, "with 0 for");
}

void no_mistake(const Day& day, bool (*counts)(const Entry&)) {
    applies(!day.all([](const Entry& entry) { return entry.what == Entry::What::call; }).empty(),
            "The host made no call.");
    const auto found = day.next(
        0, [counts](const Entry& entry) { return entry.what == Entry::What::mistake && counts(entry); });
    if (found) throw Failed(day.entries[*found].text);
}

// Only a host that came to its end had time to give everything back.
void all_ended(const Day& day, const std::string& kind, const std::string& otherwise) {
    applies(day.ended_well(), "The host gave up this day.");
    std::size_t open = 0, ever = 0;
    for (const Entry& entry : day.entries) {
        if (entry.name != kind) continue;
        if (entry.what == Entry::What::given) ++open, ++ever;
        if (entry.what == Entry::What::ended) --open;
    }
    applies(ever > 0, "There was none.");
    expect(open == 0, std::to_string(open) + " of " + std::to_string(ever) + otherwise);
}

}  // namespace

void sizes_records(const Day& day) {
    no_mistake(day, &is_about_size);
}

void passes_valid_text(const Day& day) {
    no_mistake(day, &is_about_text);
}

void passes_known_values(const Day& day) {
    no_mistake(day, [](const Entry& entry) {
        return says(entry, " wrongly: ") && !is_about_size(entry) && !is_about_text(entry);
    });
}

void uses_live_handles(const Day& day) {
    no_mistake(day, [](const Entry& entry) {
        const bool of_a_handle = says(entry, "with 0 for") || says(entry, "never gave") ||
                                 says(entry, "for the handle of") || says(entry, "another session") ||
                                 says(entry, "in a session that") || is_about_ended(entry);
        const bool twice = ends_something(entry) && is_about_ended(entry);
        const bool answered = entry.name == "careplug_complete" && says(entry, "has already answered");
        return of_a_handle && !twice && !answered && !releases_nothing(entry);
    });
}

void ends_handles_once(const Day& day) {
    no_mistake(day, [](const Entry& entry) { return ends_something(entry) && is_about_ended(entry); });
}

void does_not_overlap(const Day& day) {
    no_mistake(day, [](const Entry& entry) { return says(entry, "a session takes one call at a time"); });
}

void releases_results(const Day& day) {
    all_ended(day, "result", " results and bodies of events were not released.");
}

void releases_problems(const Day& day) {
    all_ended(day, "problem", " problems were not released.");
}

void releases_operations(const Day& day) {
    all_ended(day, "operation", " operations were not released.");
}

void reads_refusals(const Day& day) {
    const auto problems = day.all(given("problem"));
    applies(!problems.empty(), "Nothing was refused with a problem.");
    for (const auto index : problems) {
        // careplug_open says the same in its answer.
        const auto by = day.next(index, [](const Entry& entry) { return entry.what == Entry::What::call; });
        if (by && day.entries[*by].name == "careplug_open") continue;
        const std::uint64_t handle = day.entries[index].handle;
        expect(day.next(index,
                        [handle](const Entry& entry) {
                            return entry.what == Entry::What::read && entry.handle == handle;
                        })
                   .has_value(),
               "A problem was given and its sentence never read.");
    }
}

}  // namespace careplug::tools::host_calls
