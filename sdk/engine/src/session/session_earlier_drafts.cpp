// Drafts that their author wrote under a number that was superseded since: offered under the number of now,
// with both numbers named, and moved only when their author takes them over (hazard H1).
#include <careplug/controls/controls.h>
#include <careplug/plan/nhs_number.h>

#include <nlohmann/json.hpp>

#include "session/session.h"
#include "system/times.h"

namespace careplug::engine {

using nlohmann::json;

namespace {

// The number of the person in a draft of a first plan, which is to be filed under the number of now.
void rename_person(json& items, const std::string& before, const std::string& now) {
    for (auto& item : items) {
        if (item.contains("item")) rename_person(item["item"], before, now);
        if (item.value("linkId", std::string()) != "dem.nhs") continue;
        for (auto& answer : item["answer"])
            if (const auto value = answer.find("valueString");
                value != answer.end() && plan::parse_nhs_number(value->get<std::string>()).digits == before)
                *value = now;
    }
}

std::string moved_draft(const std::string& draft, const std::string& before, const std::string& now) {
    json body = json::parse(draft);
    body["digits"] = now;
    if (!body.value("not_shared_of", std::string()).empty()) body["not_shared_of"] = now;
    // A plan keeps the number that it was written for.
    if (body.value("base_care_plan", std::string()).empty()) rename_person(body.at("answers"), before, now);
    if (control::on("H1.earlier-draft-named")) {
        const std::string said = body.value("restored", std::string());
        body["restored"] = "You wrote this under the earlier NHS number " + plan::grouped(before) +
                           ", which was superseded by " + plan::grouped(now) +
                           ": make sure that it is about this person." + (said.empty() ? "" : " " + said);
    }
    return body.dump();
}

}  // namespace

// What this author began under an earlier number of this person and may go on with: the plan first, then a
// note.
std::optional<Session::EarlierDraft> Session::earlier_draft(const OpenPatient& owner) {
    const std::string& digits = owner.checked.digits;
    if (!identity_) return std::nullopt;
    const Person person = known(digits).person;
    if (person.state != Person::State::clear) return std::nullopt;
    const std::int32_t knowledge = knowledge_now(owner);
    const bool plan = knowledge == CAREPLUG_KNOWLEDGE_PLAN;
    for (const auto mode : {Panel::Mode::edit, Panel::Mode::note}) {
        const bool note = mode == Panel::Mode::note;
        // A note is added to a plan; a plan waits until the change that was sent is settled.
        if (note ? !plan || !plan::may_note(identity_->actor)
                 : (!plan && knowledge != CAREPLUG_KNOWLEDGE_NO_PLAN) || queued(digits) ||
                       !plan::may_edit(identity_->actor))
            continue;
        if (drafts_of(mode)[digits].at != 0) continue;
        for (const auto& earlier : person.earlier)
            if (hub_.store().get({Drawer::draft, author_, earlier, draft_name(mode)}))
                return EarlierDraft{earlier, mode};
    }
    return std::nullopt;
}

void Session::offer_earlier_draft(const OpenPatient& owner, json& offered) {
    const auto earlier = earlier_draft(owner);
    if (!earlier) return;
    const std::string what = earlier->mode == Panel::Mode::note ? "Your note" : "Your draft";
    auto& actions = offered["actions"];
    actions.insert(
        actions.begin(),
        json::object({{"id", earlier_draft_action},
                      {"label", what + " under the earlier NHS number " + plan::grouped(earlier->number)},
                      {"primary", false}}));
}

// From then on it is an ordinary draft under the number of now. Says by which action it is opened.
std::string Session::take_earlier_draft(OpenPatient& owner) {
    const std::string& digits = owner.checked.digits;
    look_at_store(digits);
    const auto earlier = earlier_draft(owner);
    if (!earlier)
        throw Problem(CAREPLUG_REFUSED, "There is no draft of yours under an earlier number of this person.");
    const std::string name = draft_name(earlier->mode);
    const Place from{Drawer::draft, author_, earlier->number, name};
    const Place to{Drawer::draft, author_, digits, name};
    const auto draft = hub_.store().get(from);
    if (!draft ||
        !hub_.store().put_instead_over(
            {{to, {name, moved_draft(draft->body, earlier->number, digits), draft->at}}}, from, to, 0))
        throw Problem(CAREPLUG_REFUSED, "You took this draft over in another window meanwhile.");
    look_at_store(digits);
    look_at_store(earlier->number);
    if (earlier->mode == Panel::Mode::edit) {
        copy_soon(earlier->number);
        copy_soon(digits);
    }
    publish_flags(false);
    return earlier->mode == Panel::Mode::note ? "note" : "continue";
}

}  // namespace careplug::engine
