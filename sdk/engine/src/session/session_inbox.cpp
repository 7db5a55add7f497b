// The inbox of the organisation: a colleague's change over which somebody else published, and which its
// author has not decided. Who may approve can take it over: it is laid over the plan as it stands, and
// published with its author as the recorder. Or leave it: nothing changes then.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "sending/shared_draft.h"
#include "session/session.h"
#include "system/times.h"

namespace careplug::engine {

using nlohmann::json;

namespace {

// "Dr A. Patel" of "Dr A. Patel, GP, Alder Lane Surgery".
std::string name_alone(const std::string& author) {
    return author.substr(0, author.find(','));
}

std::string identity_of(const std::vector<plan::fhir::Submission>& list) {
    std::string all;
    for (const auto& one : list) all += one.id + one.etag + "\n";
    return all;
}

}  // namespace

std::string Session::inbox_organisation() const {
    const std::lock_guard lock(mutex_);
    return identity_ && plan::may_approve(identity_->actor) ? identity_->actor.organisation : std::string();
}

void Session::apply_inbox(const std::vector<json>& responses) {
    const std::lock_guard lock(mutex_);
    if (!identity_) return;
    std::vector<plan::fhir::Submission> found;
    for (const auto& response : responses) {
        try {
            auto one = plan::fhir::read_submission(response);
            // Whose it is not known to be is nobody's to take over.
            if (one.status != plan::RevisionStatus::draft || one.author.empty() ||
                one.is_by(identity_->actor) || !plan::fhir::is_in_inbox_of(identity_->actor, response))
                continue;
            found.push_back(std::move(one));
        } catch (const std::exception&) {
            hub_.log().say("what waits in the inbox cannot be read");
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
        return parse_time(a.authored) < parse_time(b.authored);
    });
    if (identity_of(found) == identity_of(inbox_)) return;
    inbox_ = std::move(found);
    // Of session-state: the host is told to look again.
    last_table_.clear();
    publish_flags(false);
}

json Session::inbox_list() const {
    json list = json::array();
    for (const auto& one : inbox_)
        list.push_back(
            {{"nhs_number", one.nhs_number},
             {"author", one.author},
             {"since", one.authored},
             {"sentence", name_alone(one.author) + "'s change of " + clock_words(parse_time(one.authored)) +
                              " is NOT shared: somebody else published meanwhile, and it waits "
                              "for a decision."}});
    return list;
}

void Session::offer_take_over(const OpenPatient& owner, json& offered) {
    const auto* one = submission(owner.checked.digits, "take-over");
    if (one == nullptr || queued(owner.checked.digits) || own_draft(owner.checked.digits) != 0) return;
    const std::int32_t knowledge = knowledge_now(owner);
    if (knowledge != CAREPLUG_KNOWLEDGE_PLAN && knowledge != CAREPLUG_KNOWLEDGE_NO_PLAN) return;
    // What it says has not arrived yet: an event says when.
    if (plan::fhir::is_redacted(json::parse(one->resource))) return;
    offered["actions"].push_back(
        {{"id", "take-over"},
         {"label", "Take over " + name_alone(one->author) + "'s change of " +
                       clock_words(parse_time(one->authored)) + " that is NOT shared"},
         {"primary", false}});
}

// Its author keeps what was typed, and is told; what was typed since is only there.
void Session::copy_was_taken_over(const std::string& digits) {
    const std::lock_guard lock(mutex_);
    hub_.store().remove(copy_place(author_, digits));
    const Place place{Drawer::draft, author_, digits, draft_name(Panel::Mode::edit)};
    const auto draft = hub_.store().get(place);
    if (!draft) return;
    NotShared why = not_shared(draft->body);
    why.sentence =
        "A colleague took your change over and published it with the plan. Look at the plan: what of this "
        "draft is not in it is NOT shared.";
    why.digits = digits;
    why.conflict = false;
    if (why.since == 0) why.since = now_ms();
    // At its time: windows that have it open may go on.
    if (!hub_.store().put_over(place, not_shared_draft(draft->body, why), draft->at, draft->at)) return;
    look_at_store(digits);
    publish_flags(false);
    for (auto& [id, panel] : panels_) {
        if (panel.digits != digits || panel.mode != Panel::Mode::edit) continue;
        panel.not_shared = why;
        panel_changed(panel);
    }
}

}  // namespace careplug::engine
