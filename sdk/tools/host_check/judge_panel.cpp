// Panels: what is changed, validated and sent.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "judges.h"

namespace careplug::tools::host_panel {

namespace {

using nlohmann::json;

constexpr std::int64_t longest_wait = 5000;

bool done(const Entry& entry) {
    return entry.status < CAREPLUG_REFUSED;
}

// Calls on panels that went through.
std::vector<Day::Index> accepted(const Day& day, const std::string& name) {
    auto list = day.all(asked(name));
    std::erase_if(list, [&](auto index) { return !done(day.entries[index]); });
    return list;
}

Day::Wanted shows(std::uint64_t panel) {
    return [panel](const Entry& entry) {
        return entry.what == Entry::What::asked && entry.handle == panel &&
               (entry.name == "careplug_panel_view" || entry.name == "careplug_panel_update" ||
                entry.name == "careplug_panel_resolve");
    };
}

bool leaves(const Entry& entry, std::uint64_t panel) {
    return entry.what == Entry::What::asked &&
           ((entry.handle == panel &&
             (entry.name == "careplug_panel_close" || entry.name == "careplug_panel_submit")) ||
            entry.name == "careplug_patient_close" || entry.name == "careplug_session_close");
}

}  // namespace

void offers_what_is_offered(const Day& day) {
    const auto panels = day.all(asked("careplug_panel_open"));
    applies(!panels.empty(), "No panel was opened.");
    for (const auto index : panels) {
        expect(day.any_between(0, index, asked("careplug_actions", day.entries[index].handle)),
               "A panel was opened without asking careplug_actions what this patient's buttons are.");
        const auto action = arguments(day.entries[index]).at(0).get<std::string>();
        const bool offered = day.is(Play::not_known)
                                 ? action == "read"
                                 : action == "edit" || action == "read" || action == "note";
        expect(offered, "The action \"" + action.substr(0, 20) + "\" was not among careplug_actions.");
    }
}

void views_before_changing(const Day& day) {
    const auto updates = day.all(asked("careplug_panel_update"));
    applies(!updates.empty(), "Nothing was changed.");
    for (const auto index : updates) {
        const std::uint64_t panel = day.entries[index].handle;
        expect(day.any_between(0, index, asked("careplug_panel_view", panel)) ||
                   day.any_between(0, index, asked("careplug_panel_form", panel)),
               "Answers were changed before the panel's view or form was read.");
    }
}

void views_again(const Day& day) {
    // The engine's own entry names the panel; the loader tells when it was pulled.
    const auto sent = day.all([](const Entry& entry) {
        return entry.what == Entry::What::sent && entry.name == "event" &&
               json::parse(entry.text).value("kind", 0) == CAREPLUG_EVENT_PANEL;
    });
    const auto told = day.all(pulled(CAREPLUG_EVENT_PANEL));
    bool any = false;
    for (std::size_t i = 0; i < std::min(sent.size(), told.size()); ++i) {
        const std::uint64_t panel = day.entries[sent[i]].handle;
        // What was read after it was sent is no older than it.
        const auto shown = day.next(sent[i], shows(panel));
        // What is being sent or left needs no view.
        if (day.any_between(0, told[i], asked("careplug_panel_submit", panel))) continue;
        const auto left = day.next(told[i], [panel](const Entry& entry) { return leaves(entry, panel); });
        if (left && (!shown || *left < *shown) && day.entries[*left].name != "careplug_panel_submit")
            continue;
        if (!left && !shown) continue;
        any = true;
        expect(shown && (!left || *shown < *left) &&
                   day.entries[*shown].time - day.entries[told[i]].time <= longest_wait,
               "After EVENT_PANEL the panel's view was not read again.");
    }
    applies(any, "No panel changed while it was shown.");
}

void waits_for_the_plan(const Day& day) {
    applies(day.is(Play::plan_late), "No plan was late.");
    const auto updates = day.all(asked("careplug_panel_update"));
    applies(!updates.empty(), "Nothing was changed.");
    for (const auto index : updates)
        expect(done(day.entries[index]),
               "Answers were changed while the view said that the plan is loading.");
}

void sends_items(const Day& day) {
    const auto updates = day.all(asked("careplug_panel_update"));
    applies(!updates.empty(), "Nothing was changed.");
    for (const auto index : updates) {
        const json sent = json::parse(arguments(day.entries[index]).at(0).get<std::string>(), nullptr, false);
        expect(sent.is_object() && sent.contains("item") && sent.at("item").is_array() &&
                   !sent.at("item").empty(),
               "careplug_panel_update takes {\"item\": [...]} with the answers that changed.");
        for (const json& item : sent.at("item"))
            expect(item.is_object() && !text_in(item, "linkId").empty(),
                   "An item of careplug_panel_update has no linkId.");
    }
}

void validates(const Day& day) {
    const auto submits = day.all(asked("careplug_panel_submit"));
    applies(!submits.empty(), "Nothing was submitted.");
    for (const auto index : submits) {
        const std::uint64_t panel = day.entries[index].handle;
        Day::Index changed = 0;
        for (const auto update : day.all(asked("careplug_panel_update", panel)))
            if (update < index) changed = update;
        expect(day.any_between(changed, index, asked("careplug_panel_validate", panel)),
               "A change was submitted without careplug_panel_validate after its last answer.");
    }
}

void submits_once(const Day& day) {
    const auto submits = accepted(day, "careplug_panel_submit");
    applies(!submits.empty(), "Nothing was submitted.");
    for (std::size_t i = 1; i < submits.size(); ++i) {
        if (day.entries[submits[i]].handle != day.entries[submits[i - 1]].handle) continue;
        expect(day.any_between(submits[i - 1], submits[i], pulled(CAREPLUG_EVENT_OPERATION)),
               "A change was submitted again before EVENT_OPERATION had told how the first ended.");
    }
}

void does_not_submit_what_was_lost(const Day& day) {
    applies(day.is(Play::disk_full), "Every answer was kept.");
    applies(day.next(0, asked("careplug_panel_update")).has_value(), "Nothing was changed.");
    expect(!day.next(0, asked("careplug_panel_submit")),
           "An answer could not be kept, and the plan was submitted without it.");
}

void leaves_conflicts_to_people(const Day& day) {
    applies(day.is(Play::conflict), "Nobody published first.");
    const auto conflict = day.next(0, pulled(CAREPLUG_EVENT_OPERATION));
    applies(conflict.has_value(), "Nothing was submitted, or its end not pulled.");
    const auto first = day.next(0, asked("careplug_panel_submit"));
    applies(first.has_value(), "Nothing was submitted.");
    const auto again = day.next(*conflict, asked("careplug_panel_submit", day.entries[*first].handle));
    const auto resolved = day.next(*conflict, asked("careplug_panel_resolve"));
    expect(!again || (resolved && *resolved < *again),
           "After REFUSED_CONFLICT the same was submitted again without deciding between both versions.");
    expect(!resolved || day.any_between(*conflict, *resolved, asked("careplug_panel_view")),
           "A conflict was decided without reading the view that shows both versions.");
}

}  // namespace careplug::tools::host_panel
