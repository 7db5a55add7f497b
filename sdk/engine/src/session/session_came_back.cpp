// Changes that came back: what their author sent and nobody else has. Each is a draft again, or lies beside a
// newer draft. None holds another change, and each has an action that ends it: go on, bring together, or
// discard.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "editing/state_form.h"
#include "session/session.h"
#include "system/times.h"

namespace careplug::engine {

using nlohmann::json;

namespace {

std::string what_of(Panel::Mode mode) {
    if (mode == Panel::Mode::note) return "note";
    return mode == Panel::Mode::state ? "state" : "change";
}

Panel::Mode mode_of_name(const std::string& name) {
    if (const auto aside = mode_of_aside(name)) return *aside;
    for (const auto mode : {Panel::Mode::note, Panel::Mode::state})
        if (name == draft_name(mode)) return mode;
    return Panel::Mode::edit;
}

const StateForm* state_form_of_draft(const std::string& body) {
    const std::string canonical = json::parse(body).value("data_set", std::string());
    for (const StateForm& form : state_forms())
        if (form.form.canonical() == canonical) return &form;
    return nullptr;
}

bool offers(const json& offered, const char* id) {
    const auto& actions = offered.at("actions");
    return std::any_of(actions.begin(), actions.end(),
                       [&](const json& action) { return action.at("id") == id; });
}

}  // namespace

std::vector<Session::Aside> Session::asides_of(const std::string& digits) {
    std::vector<Aside> found;
    for (const auto mode : {Panel::Mode::edit, Panel::Mode::note})
        for (const auto& kept : hub_.store().find(Drawer::draft, author_, digits, aside_name(mode, "*")))
            found.push_back({kept.name, mode, kept.at});
    std::stable_sort(found.begin(), found.end(), [](const Aside& a, const Aside& b) { return a.at < b.at; });
    return found;
}

const Session::Aside* Session::first_aside(const std::string& digits) const {
    const auto found = asides_.find(digits);
    return found == asides_.end() || found->second.empty() ? nullptr : &found->second.front();
}

// At sign-in: why, and what to do. It names no answer.
json Session::not_shared_list() {
    json list = json::array();
    for (const auto& kept : hub_.store().list(Drawer::draft, author_)) {
        const NotShared back = not_shared(kept.body);
        if (back.sentence.empty() || back.digits.empty()) continue;
        list.push_back({{"nhs_number", back.digits},
                        {"since", iso_time(back.since)},
                        {"what", what_of(mode_of_name(kept.name))},
                        {"sentence", back.sentence},
                        {"action", mode_of_aside(kept.name) ? came_back_action : "continue"}});
    }
    return list;
}

// Whatever the policy of this host offers: what was not shared can always be looked at and ended.
void Session::offer_came_back(const OpenPatient& owner, json& offered) {
    const std::string& digits = owner.checked.digits;
    if (!identity_ || queued(digits)) return;
    std::int64_t at = 0;
    auto mode = Panel::Mode::edit;
    if (const Aside* aside = first_aside(digits)) {
        at = aside->at;
        mode = aside->mode;
    } else {
        for (const auto each : {Panel::Mode::edit, Panel::Mode::note, Panel::Mode::state}) {
            const auto draft = drafts_of(each).find(digits);
            if (draft == drafts_of(each).end() || draft->second.not_shared.empty()) continue;
            // What goes on by an action of its own needs no other.
            if (each != Panel::Mode::state &&
                offers(offered, each == Panel::Mode::edit ? "continue" : "note"))
                continue;
            at = draft->second.at;
            mode = each;
        }
    }
    if (at == 0) return;
    auto& actions = offered["actions"];
    actions.insert(
        actions.begin(),
        json::object({{"id", came_back_action},
                      {"label", std::string(mode == Panel::Mode::note ? "Your note" : "Your change") +
                                    " of " + clock_words(at) + " that is NOT shared"},
                      {"primary", false}}));
}

// Gives what came back its place again where that is free, and says by which action it is opened.
std::string Session::bring_back(OpenPatient& owner) {
    const std::string& digits = owner.checked.digits;
    look_at_store(digits);
    const auto place = [&](const std::string& name) { return Place{Drawer::draft, author_, digits, name}; };
    const Aside* found = first_aside(digits);
    if (found == nullptr) {
        if (!drafts_[digits].not_shared.empty()) return "continue";
        if (!note_drafts_[digits].not_shared.empty()) return "note";
        if (!state_drafts_[digits].not_shared.empty()) return came_back_action;
        throw Problem(CAREPLUG_REFUSED, "Nothing of yours waits that was not shared.");
    }
    const Aside aside = *found;
    const auto kept = hub_.store().get(place(aside.name));
    if (!kept) throw Problem(CAREPLUG_REFUSED, "You decided this change in another window meanwhile.");
    const Place usual = place(draft_name(aside.mode));
    const auto newer = hub_.store().get(usual);
    if (aside.mode == Panel::Mode::edit && newer) return came_back_action;
    // Two notes stay two: the newer one waits beside.
    if (newer)
        hub_.store().put_instead({{usual, *kept},
                                  {place(aside_name(aside.mode, random_uuid())),
                                   {"",
                                    not_shared_draft(newer->body, {"Not added yet: you began it while "
                                                                   "another note was on its way.",
                                                                   digits, newer->at}),
                                    newer->at}}},
                                 place(aside.name));
    else
        hub_.store().put_instead({{usual, *kept}}, place(aside.name));
    look_at_store(digits);
    return aside.mode == Panel::Mode::note ? "note" : "continue";
}

// A newer draft lies in its place: both come together unit by unit, and what both changed the author decides.
void Session::open_came_back(Panel& one, OpenPatient& owner) {
    const std::string& digits = owner.checked.digits;
    const Aside* aside = first_aside(digits);
    if (aside == nullptr) {
        const auto state = hub_.store().get({Drawer::draft, author_, digits, draft_name(Panel::Mode::state)});
        if (state) open_state_again(one, owner, *state);
        return;
    }
    one.mode = Panel::Mode::edit;
    require_may_edit();
    require_nothing_queued(digits);
    const auto back = hub_.store().get({Drawer::draft, author_, digits, aside->name});
    const auto newer = hub_.store().get({Drawer::draft, author_, digits, draft_name(one.mode)});
    const json body = json::parse(back.value().body);
    const std::string canonical = body.at("data_set");
    const plan::DataSet* data_set = hub_.catalogue().find(canonical);
    if (data_set == nullptr || json::parse(newer.value().body).at("data_set") != canonical ||
        !body.value("submission", std::string()).empty())
        throw Problem(CAREPLUG_REFUSED,
                      "The two cannot be brought together: publish or discard your newer draft first, then "
                      "open this change again.");
    Panel earlier;
    read_draft(back->body, *data_set, earlier);
    one.data_set = data_set;
    read_draft(newer->body, *data_set, one);
    one.resumed = true;
    one.draft_kept = newer->at;
    one.aside = aside->name;
    one.not_shared = earlier.not_shared;
    // Both went on from the older of the two plans.
    const auto revision = [](const Panel& panel) { return panel.base_plan ? panel.base_plan->revision : 0; };
    const plan::Answers& base = revision(earlier) < revision(one) ? earlier.base : one.base;
    merge_own_draft(one, base, earlier.answers,
                    "You, in the change of " + clock_words(back->at) + " that is NOT shared",
                    iso_time(back->at));
}

// A change of state that may not be possible any more: tried again, or discarded.
void Session::open_state_again(Panel& one, OpenPatient& owner, const Kept& kept) {
    const StateForm* form = state_form_of_draft(kept.body);
    const auto& plan = known(owner.checked.digits).answer.plan;
    if (form == nullptr || !plan)
        throw Problem(CAREPLUG_REFUSED, "The change of state that was not shared cannot be shown now.");
    one.mode = Panel::Mode::state;
    one.action = form->action;
    one.data_set = &form->form;
    one.title = form->title;
    one.mode_words = form->words;
    one.core = form->link_ids();
    read_draft(kept.body, form->form, one);
    one.resumed = true;
    one.draft_kept = kept.at;
    one.state_plan = plan->id;
}

// It is in the draft that was just kept.
void Session::take_aside(Panel& one) {
    if (one.aside.empty()) return;
    hub_.store().remove({Drawer::draft, author_, one.digits, one.aside});
    one.aside.clear();
    asides_[one.digits] = asides_of(one.digits);
}

}  // namespace careplug::engine
