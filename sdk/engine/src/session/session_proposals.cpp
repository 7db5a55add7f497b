// A patient's own edits, and what they suggest: who sees it, and how it is taken into a draft or declined
// (H17).
#include <careplug/plan/flags.h>
#include <careplug/plan/own_plan.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "editing/answer_edits.h"
#include "editing/state_form.h"
#include "session/session.h"
#include "system/times.h"

namespace careplug::engine {

using nlohmann::json;

namespace {

const char* state_of(plan::ProposalStatus status) {
    switch (status) {
        case plan::ProposalStatus::requested:
            return "waits";
        case plan::ProposalStatus::taken:
            return "taken";
        case plan::ProposalStatus::declined:
            return "declined";
        case plan::ProposalStatus::taken_back:
            return "taken-back";
    }
    return "waits";
}

json questions_of(const plan::DataSet& data_set, const plan::Proposal& proposal, const plan::Answers& now) {
    json questions = json::array();
    for (const auto& link_id : proposal.questions) {
        const plan::Field* field = data_set.find(link_id);
        if (field == nullptr || field->hidden) continue;
        questions.push_back(
            {{"linkId", link_id},
             {"label", field->text},
             {"before", now.has(link_id) ? plan::display(data_set, now, link_id) : ""},
             {"after",
              proposal.answers.has(link_id) ? plan::display(data_set, proposal.answers, link_id) : ""}});
    }
    return questions;
}

}  // namespace

bool Session::wants_proposals() const {
    const std::lock_guard lock(mutex_);
    return identity_ && (plan::may_edit(identity_->actor) || plan::may_edit_own(identity_->actor));
}

bool Session::is_of_person() const {
    const std::lock_guard lock(mutex_);
    return identity_ && plan::is_person(identity_->actor);
}

void Session::apply_proposals(const std::vector<std::string>& numbers,
                              const std::map<std::string, std::vector<json>>& tasks) {
    const std::lock_guard lock(mutex_);
    if (!identity_) return;
    bool changed = false;
    for (const auto& digits : numbers) {
        std::vector<plan::Proposal> found;
        const auto given = tasks.find(digits);
        if (given != tasks.end())
            for (const auto& task : given->second) {
                if (!plan::fhir::is_proposal(task)) continue;
                const auto canonical = plan::fhir::data_set_of_proposal(task);
                const plan::DataSet* data_set =
                    canonical.empty() ? &hub_.catalogue().main() : hub_.catalogue().find(canonical);
                try {
                    if (data_set != nullptr) found.push_back(plan::fhir::read_proposal(*data_set, task));
                } catch (const std::invalid_argument&) {
                    hub_.log().say("a patient's suggestion cannot be read");
                }
            }
        std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
            return parse_time(a.authored) < parse_time(b.authored);
        });
        auto& kept = known(digits).proposals;
        const auto same = [](const plan::Proposal& a, const plan::Proposal& b) {
            return a.id == b.id && a.etag == b.etag && a.questions == b.questions;
        };
        if (std::equal(kept.begin(), kept.end(), found.begin(), found.end(), same)) continue;
        kept = std::move(found);
        changed = true;
        for (const auto& [id, panel] : panels_)
            if (panel.digits == digits) panel_changed(panel);
    }
    if (!changed) return;
    // The list of session-state is another: the host is told to look again.
    last_table_.clear();
    publish_flags(false);
}

const plan::Proposal* Session::proposal(const std::string& digits, const std::string& id) {
    for (const auto& one : known(digits).proposals)
        if (one.id == id) return &one;
    return nullptr;
}

// The patient's answers in this author's draft: theirs to change, and to publish or not.
void Session::open_taken(Panel& one, OpenPatient& owner, const std::string& id) {
    const std::string& digits = owner.checked.digits;
    const auto& actor = identity_->actor;
    if (!plan::may_edit(actor))
        throw Problem(CAREPLUG_REFUSED_ROLE, "Your role may not edit plans. " + plan::who_may_edit());
    require_nothing_queued(digits);
    const Known& found = known(digits);
    if (knowledge_now(owner) != CAREPLUG_KNOWLEDGE_PLAN)
        throw Problem(CAREPLUG_REFUSED,
                      "The plan is not active or not known now, so nothing can be changed.");
    const plan::Proposal* wanted = proposal(digits, id);
    const bool current = owner.content && owner.content->revision_id == found.answer.plan->revision_id;
    if (wanted == nullptr || wanted->questions.empty() || !current)
        throw Problem(
            CAREPLUG_REFUSED_UNREACHABLE,
            "The suggestion is still being loaded, or was decided meanwhile: try again in a moment.");
    if (const auto decision = plan::may_decide(*wanted, plan::ProposalStatus::taken, actor); !decision)
        throw Problem(CAREPLUG_REFUSED, decision.sentence);
    one.mode = Panel::Mode::edit;
    one.data_set = found.answer.data_set;
    if (const auto kept = hub_.store().get({Drawer::draft, author_, digits, "plan"})) {
        read_draft(kept->body, *one.data_set, one);
        one.draft_kept = kept->at;
        if (!one.base_plan || one.base_plan->revision_id != owner.content->revision_id)
            throw Problem(CAREPLUG_REFUSED,
                          "The plan has changed since you began your draft: continue it first, then take the "
                          "suggestion.");
    } else {
        one.base_plan = found.answer.plan;
        one.base_care_plan = found.answer.care_plan;
        one.base = one.answers = owner.content->answers;
    }
    if (wanted->data_set != one.data_set->canonical())
        throw Problem(
            CAREPLUG_REFUSED,
            "The suggestion was made in another form than the plan is written in: ask the patient to "
            "make it again.");
    for (const auto& link_id : wanted->questions) {
        const plan::Field* field = one.data_set->find(link_id);
        if (field == nullptr || !plan::may_edit_field(actor, *field))
            throw Problem(
                CAREPLUG_REFUSED_ROLE,
                "Your role may not edit what the patient suggests: ask somebody who may, or decline "
                "it with a reason.");
    }
    plan::lay_over(*wanted, one.answers);
    one.touched.insert(wanted->questions.begin(), wanted->questions.end());
    if (std::find(one.taken.begin(), one.taken.end(), id) == one.taken.end()) one.taken.push_back(id);
    one.restored = "In this draft are the patient's own words (" + wanted->author + ", " +
                   wanted->authored.substr(0, 10) +
                   "). Check them with the patient: nothing is shared until it is published.";
    one.action = "continue";
}

void Session::open_decision(Panel& one, OpenPatient& owner, const StateForm& form, const std::string& id) {
    const std::string& digits = owner.checked.digits;
    require_nothing_queued(digits);
    const plan::Proposal* wanted = proposal(digits, id);
    if (wanted == nullptr || wanted->questions.empty())
        throw Problem(
            CAREPLUG_REFUSED_UNREACHABLE,
            "The suggestion is still being loaded, or was decided meanwhile: try again in a moment.");
    const auto to = form.action == decline_form().action ? plan::ProposalStatus::declined
                                                         : plan::ProposalStatus::taken_back;
    if (const auto decision = plan::may_decide(*wanted, to, identity_->actor); !decision)
        throw Problem(
            decision.refusal == plan::Decision::Refusal::role ? CAREPLUG_REFUSED_ROLE : CAREPLUG_REFUSED,
            decision.sentence);
    one.mode = Panel::Mode::state;
    one.action = form.action;
    one.data_set = &form.form;
    one.title = form.title;
    one.mode_words = form.words;
    one.core = form.link_ids();
    one.proposal = id;
    one.state_plan = wanted->plan_id;
}

// Clinicians see what waits for them, the patient all that became of theirs.
void Session::draw_proposals(const Panel& one, const OpenPatient& owner, json& out) {
    const bool form = one.mode == Panel::Mode::state || one.mode == Panel::Mode::note;
    if (!identity_ || one.loading || one.emergency || (form && one.proposal.empty())) return;
    const auto& actor = identity_->actor;
    const bool person = plan::is_person(actor);
    const plan::DataSet* data_set = known(owner.checked.digits).answer.data_set;
    static const plan::Answers none;
    const plan::Answers& now = owner.content ? owner.content->answers : none;
    for (const auto& each : known(owner.checked.digits).proposals) {
        const bool waits = each.status == plan::ProposalStatus::requested;
        if (!person && !waits) continue;
        if (!one.proposal.empty() && one.proposal != each.id) continue;
        if (each.questions.empty() || data_set == nullptr || each.data_set != data_set->canonical()) continue;
        json drawn{{"id", each.id},
                   {"author", each.author},
                   {"own", each.is_by(actor)},
                   {"suggested", each.authored},
                   {"state", state_of(each.status)},
                   {"questions", questions_of(*data_set, each, now)}};
        if (!each.decided_by.empty())
            drawn["decided"] = {{"by", each.decided_by}, {"when", each.decided}, {"reason", each.reason}};
        if (std::find(one.taken.begin(), one.taken.end(), each.id) != one.taken.end())
            drawn["in_draft"] = true;
        if (waits && !person && plan::may_edit(actor)) {
            drawn["take"] = take_prefix + each.id;
            drawn["decline"] = decline_prefix + each.id;
        }
        if (waits && person && each.is_by(actor)) drawn["take_back"] = take_back_prefix + each.id;
        out["proposals"].push_back(std::move(drawn));
    }
}

// Whose plans have a suggestion that waits, for a list of who may decide it. It is no flag.
json Session::proposals_list() const {
    json list = json::array();
    if (!identity_ || !plan::may_edit(identity_->actor)) return list;
    for (const auto& [digits, one] : known_) {
        const auto waiting = std::count_if(
            one.proposals.begin(), one.proposals.end(),
            [](const plan::Proposal& each) { return each.status == plan::ProposalStatus::requested; });
        if (waiting != 0 && one.answer.knowledge == CAREPLUG_KNOWLEDGE_PLAN)
            list.push_back({{"nhs_number", digits}, {"count", waiting}});
    }
    return list;
}

// The own sections become a revision, the rest a suggestion for each part of the plan.
void Session::put_own_edit(const Panel& one, Change& change) {
    const auto& actor = identity_->actor;
    plan::Answers typed = one.base;
    for (const auto& link_id : one.touched) plan::take_field(typed, one.answers, link_id);
    plan::Answers own = plan::with_own_sections(*one.data_set, actor, one.base, typed);
    plan::Answers enabled = own;
    drop_disabled(*one.data_set, enabled, today());
    own = plan::with_own_sections(*one.data_set, actor, one.base, enabled);
    json tasks = json::array();
    for (auto& each : plan::proposals_between(*one.data_set, actor, one.base, typed, change.revision_id)) {
        each.plan_id = change.plan_id;
        each.patient_reference = change.subject.reference;
        each.nhs_number = change.subject.nhs_number;
        each.authored = change.authored;
        tasks.push_back(plan::fhir::write_proposal(*one.data_set, each));
    }
    change.items = plan::fhir::write_items(*one.data_set, own).dump();
    change.proposals = tasks.dump();
    if (tasks.empty() && change.items == change.base_items)
        throw Problem(CAREPLUG_REFUSED_INVALID, "You have not changed anything yet.");
}

// Of what the patient may answer: what they do not see is not named, nor held against them.
std::vector<plan::Issue> Session::own_issues(const Panel& one) {
    std::vector<plan::Issue> issues;
    plan::Answers answers = one.answers;
    drop_disabled(*one.data_set, answers, today());
    for (auto& issue : plan::validate(*one.data_set, answers, plan::Intent::publish, today())) {
        const plan::Field* field = one.data_set->field_of(issue.link_id);
        if (field == nullptr || issue.code == "business-rule") continue;
        if (plan::may_edit_field(identity_->actor, *field) ||
            plan::may_propose_field(identity_->actor, *field))
            issues.push_back(std::move(issue));
    }
    return issues;
}

std::string Session::closed_to_person(const Known& found) {
    if (found.answer.knowledge != CAREPLUG_KNOWLEDGE_PLAN &&
        found.answer.knowledge != CAREPLUG_KNOWLEDGE_NOT_KNOWN)
        return "Your plan is not shared at the moment. Ask your care team about it.";
    if (found.answer.care_plan.empty()) return {};
    return plan::fhir::is_redacted(json::parse(found.answer.care_plan)) ? plan::nothing_yet_words
                                                                        : std::string();
}

}  // namespace careplug::engine
