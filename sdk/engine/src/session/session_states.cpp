// States of plans and submissions in a session: what may be done now, and the panels that do it.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "editing/restricted.h"
#include "editing/state_form.h"
#include "session/session.h"
#include "system/times.h"

namespace careplug::engine {

using nlohmann::json;

namespace {

std::optional<plan::PlanStatus> status_of(std::int32_t knowledge) {
    switch (knowledge) {
        case CAREPLUG_KNOWLEDGE_PLAN:
            return plan::PlanStatus::active;
        case CAREPLUG_KNOWLEDGE_SUSPENDED:
            return plan::PlanStatus::on_hold;
        case CAREPLUG_KNOWLEDGE_CLOSED:
            return plan::PlanStatus::completed;
        case CAREPLUG_KNOWLEDGE_REMOVED:
            return plan::PlanStatus::entered_in_error;
        default:
            return std::nullopt;
    }
}

std::string day_words(const std::string& when) {
    const std::int64_t at = parse_time(when);
    return at == 0 ? when : iso_time(at).substr(0, 10);
}

bool can_be_decided(std::int32_t knowledge) {
    return knowledge == CAREPLUG_KNOWLEDGE_PLAN || knowledge == CAREPLUG_KNOWLEDGE_NO_PLAN;
}

}  // namespace

bool Session::wants_submissions() const {
    const std::lock_guard lock(mutex_);
    return identity_ && plan::may_edit(identity_->actor);
}

void Session::apply_submissions(const std::vector<std::string>& numbers,
                                const std::map<std::string, std::vector<json>>& responses) {
    const std::lock_guard lock(mutex_);
    if (!identity_) return;
    for (const auto& digits : numbers) {
        std::vector<plan::fhir::Submission> found;
        const auto given = responses.find(digits);
        if (given != responses.end())
            for (const auto& response : given->second) {
                if (plan::fhir::is_redacted(response) && !response.contains("author")) continue;
                try {
                    auto one = plan::fhir::read_submission(response);
                    const bool mine = one.is_by(identity_->actor);
                    // A draft is its author's alone, and only one that came back is nobody's screen's.
                    const bool came_back =
                        one.status == plan::RevisionStatus::draft && mine && !one.sent_back_by.empty();
                    const bool waits = one.status == plan::RevisionStatus::submitted &&
                                       (mine || plan::may_approve(identity_->actor));
                    const plan::DataSet* kind =
                        hub_.catalogue().find(response.value("questionnaire", std::string()));
                    // Of a colleague, who could not publish it.
                    const bool in_inbox = one.status == plan::RevisionStatus::draft && !mine &&
                                          plan::fhir::is_in_inbox_of(identity_->actor, response) &&
                                          plan::may_approve(identity_->actor);
                    if ((waits || came_back || in_inbox) && kind != nullptr &&
                        kind->plan_type.code == hub_.catalogue().main().plan_type.code)
                        found.push_back(std::move(one));
                } catch (const std::exception&) {
                    hub_.log().say("a submission cannot be read");
                }
            }
        std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
            return parse_time(a.authored) < parse_time(b.authored);
        });
        auto& before = known(digits).submissions;
        const bool same = std::equal(before.begin(), before.end(), found.begin(), found.end(),
                                     [](const auto& a, const auto& b) { return a.resource == b.resource; });
        // The buttons may be others: the host is told to look again.
        if (!same) last_table_.clear();
        before = std::move(found);
        static const std::vector<json> none;
        note_drafts_elsewhere(digits, given == responses.end() ? none : given->second);
    }
}

const plan::fhir::Submission* Session::submission(const std::string& digits, const std::string& action) {
    if (!identity_) return nullptr;
    const bool of_mine = action == "withdraw" || action == "revise";
    for (const auto& one : known(digits).submissions) {
        const bool came_back = one.status == plan::RevisionStatus::draft;
        const bool in_inbox = came_back && !one.is_by(identity_->actor);
        if (in_inbox != (action == "take-over")) continue;
        if (in_inbox) return &one;
        if (of_mine && !one.is_by(identity_->actor)) continue;
        if (action == "revise" ? !came_back : came_back && action != "withdraw") continue;
        return &one;
    }
    return nullptr;
}

std::vector<std::string> Session::may_now(const OpenPatient& owner) {
    std::vector<std::string> list;
    const std::string& digits = owner.checked.digits;
    const std::int32_t knowledge = knowledge_now(owner);
    if (!identity_) return list;
    const bool has_history = knowledge == CAREPLUG_KNOWLEDGE_PLAN || knowledge == CAREPLUG_KNOWLEDGE_CLOSED;
    if (has_history && plan::may_view(identity_->actor)) list.emplace_back("history");
    if (knowledge != CAREPLUG_KNOWLEDGE_NOT_KNOWN && changed_elsewhere(digits)) list.emplace_back("accept");
    if (knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN || queued(digits)) return list;
    const auto& actor = identity_->actor;
    for (const auto* action : {"approve", "send-back", "revise", "withdraw"}) {
        const plan::fhir::Submission* one = submission(digits, action);
        if (one == nullptr || !can_be_decided(knowledge)) continue;
        const bool decides = std::string(action) == "approve" || std::string(action) == "send-back";
        if (decides && !plan::may_approve(actor)) continue;
        list.emplace_back(action);
    }
    if (may_create_beside(owner, knowledge) && plan::may_edit(actor)) list.emplace_back("create");
    const auto status = status_of(knowledge);
    if (status)
        for (const StateForm& form : state_forms())
            if (form.act && plan::may(*form.act, actor, status)) list.push_back(form.action);
    if (may_break_glass(owner)) list.emplace_back(emergency_action);
    return list;
}

// One that was entered in error is no plan of this person's, and one of another kind is another.
bool Session::may_create_beside(const OpenPatient& owner, std::int32_t knowledge) {
    return knowledge == CAREPLUG_KNOWLEDGE_REMOVED ||
           (knowledge == CAREPLUG_KNOWLEDGE_PLAN &&
            only_of_other_kinds(known(owner.checked.digits).answer, hub_.catalogue()));
}

void Session::open_state(Panel& one, OpenPatient& owner, const StateForm& form) {
    const std::string& digits = owner.checked.digits;
    const auto& actor = identity_->actor;
    one.mode = Panel::Mode::state;
    one.data_set = &form.form;
    one.title = form.title;
    one.mode_words = form.words;
    one.core = form.link_ids();
    if (queued(digits))
        throw Problem(CAREPLUG_REFUSED, "Your last change to this plan waits to be sent: wait until it was.");
    const std::int32_t knowledge = knowledge_now(owner);
    if (knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN)
        throw Problem(CAREPLUG_REFUSED_UNREACHABLE, "The plan as it stands is not known now (" +
                                                        shown_flags(owner.key).why +
                                                        "), so its state cannot be changed.");
    if (form.act) {
        const plan::Decision decision = plan::may(*form.act, actor, status_of(knowledge));
        if (!decision)
            throw Problem(
                decision.refusal == plan::Decision::Refusal::role ? CAREPLUG_REFUSED_ROLE : CAREPLUG_REFUSED,
                decision.sentence);
        one.state_plan = known(digits).answer.plan->id;
    } else {
        const plan::fhir::Submission* found = submission(digits, form.action);
        if (found == nullptr)
            throw Problem(CAREPLUG_REFUSED, "There is no submitted change to " +
                                                plan::verb(form.revision_act) +
                                                ": somebody may have decided it meanwhile.");
        const plan::Decision decision =
            plan::may(form.revision_act, actor, found->status, found->is_by(actor));
        if (!decision) throw Problem(CAREPLUG_REFUSED_ROLE, decision.sentence);
        one.submission = *found;
        one.state_plan = found->plan_id;
    }
    if (form.action == "suspend") one.answers.set(state_since, plan::Date{today()});
    if (const auto kept = hub_.store().get({Drawer::draft, author_, digits, "state"})) {
        one.not_shared = not_shared(kept->body);
        one.draft_kept = kept->at;
    }
}

void Session::open_submission(Panel& one, OpenPatient& owner) {
    const std::string& digits = owner.checked.digits;
    const auto& actor = identity_->actor;
    one.mode = Panel::Mode::edit;
    require_nothing_queued(digits);
    require_no_draft(digits);
    const plan::fhir::Submission* found = submission(digits, one.action);
    if (found == nullptr)
        throw Problem(CAREPLUG_REFUSED,
                      "There is no change that waits for this: somebody may have decided it meanwhile.");
    if (one.action == "approve") {
        const auto decision =
            plan::may(plan::RevisionAct::publish, actor, found->status, found->is_by(actor));
        if (!decision) throw Problem(CAREPLUG_REFUSED_ROLE, decision.sentence);
    }
    if (one.action == "take-over") {
        const auto decision = plan::may(plan::RevisionAct::approve, actor, found->status, false, true);
        if (!decision) throw Problem(CAREPLUG_REFUSED_ROLE, decision.sentence);
    }
    if (!can_be_decided(knowledge_now(owner)))
        throw Problem(CAREPLUG_REFUSED,
                      "The plan is not active or not known now, so nothing can be changed.");
    one.submission = *found;
    const json response = json::parse(found->resource);
    if (plan::fhir::is_redacted(response)) {
        wants_poll_ = true;
        hub_.poll_soon();
        throw Problem(CAREPLUG_REFUSED_UNREACHABLE,
                      "What was submitted is still being loaded: try again in a moment.");
    }
    const plan::DataSet* data_set = hub_.catalogue().find(response.value("questionnaire", std::string()));
    if (data_set == nullptr)
        throw Problem(CAREPLUG_REFUSED,
                      "The change was made with a form that this computer does not have: tell the "
                      "administrator.");
    one.data_set = data_set;
    one.submitted = plan::fhir::read_revision(*data_set, response);
    one.loading =
        known(digits).answer.plan.has_value() && known(digits).answer.knowledge == CAREPLUG_KNOWLEDGE_PLAN;
    if (!one.loading) {
        one.answers = *one.submitted;
        for (const plan::Field* field : one.data_set->fields())
            if (one.answers.has(field->link_id)) one.touched.insert(field->link_id);
    }
}

// The plan as published has arrived in `one.base`: the submission is laid over it.
bool Session::lay_submission(Panel& one, OpenPatient& owner) {
    if (!one.submission || !one.submitted || one.resumed) return true;
    const std::string& changes = one.submission->base_revision_id;
    const plan::Answers* base = nullptr;
    static const plan::Answers none;
    if (changes == owner.content->revision_id)
        base = &one.base;
    else if (changes.empty())
        base = &none;
    else if (const auto loaded = owner.past.find(changes); loaded != owner.past.end())
        base = &loaded->second;
    if (base == nullptr) {
        load_past(owner, changes, *one.data_set);
        return false;
    }
    one.answers = *one.submitted;
    for (const plan::Field* field : one.data_set->fields())
        if (!plan::same(*base, one.answers, field->link_id)) one.touched.insert(field->link_id);
    if (base != &one.base) {
        one.base = *base;
        start_merge(one, owner);
    }
    return true;
}

void Session::load_past(OpenPatient& owner, const std::string& revision_id, const plan::DataSet& data_set) {
    if (!identity_ || !owner.past_asked.insert(revision_id).second) return;
    hub_.run([weak = weak_from_this(), id = owner.id, token = identity_->token, revision_id,
              set = &data_set](Exchange& exchange) {
        std::optional<plan::Answers> answers;
        try {
            answers =
                plan::fhir::read_revision(*set, exchange.read("QuestionnaireResponse/" + revision_id, token));
        } catch (const std::exception&) {
            // The next look at the patient asks again.
        }
        const auto session = weak.lock();
        if (!session) return;
        const std::lock_guard lock(session->mutex_);
        const auto found = session->patients_.find(id);
        if (found == session->patients_.end()) return;
        found->second.past_asked.erase(revision_id);
        if (!answers) return;
        found->second.past[revision_id] = std::move(*answers);
        for (auto& [panel_id, panel] : session->panels_)
            if (panel.patient == id && panel.loading) {
                session->fill_panel(panel, found->second);
                session->panel_changed(panel);
            }
    });
}

// Which submissions wait, and what this one changes, for the reader's eyes.
void Session::draw_submissions(const Panel& one, const OpenPatient& owner, json& out) {
    draw_draft_elsewhere(one, owner, out);
    for (const auto& each : known(owner.checked.digits).submissions) {
        json waiting{{"author", each.author},
                     {"submitted", each.authored},
                     {"state", each.sent_back_by.empty() || each.status != plan::RevisionStatus::draft
                                   ? plan::code(each.status)
                                   : "sent-back"},
                     {"own", identity_ && each.is_by(identity_->actor)}};
        if (each.status == plan::RevisionStatus::draft && !waiting["own"].get<bool>())
            waiting["state"] = "not-shared";
        if (!each.sent_back_by.empty())
            waiting["sent_back"] = {{"by", each.sent_back_by}, {"reason", each.sent_back}};
        out["submissions"].push_back(std::move(waiting));
    }
    if (!one.submission) return;
    out["submission"] = {{"author", one.submission->author}, {"submitted", one.submission->authored}};
    if (one.submission->status == plan::RevisionStatus::draft && one.submission->sent_back_by.empty())
        out["submission"]["state"] = "not-shared";
    if (!one.submission->sent_back_by.empty())
        out["submission"]["sent_back"] = {{"by", one.submission->sent_back_by},
                                          {"reason", one.submission->sent_back}};
    if (!one.submitted || one.loading || one.mode != Panel::Mode::edit) return;
    json changed = json::array();
    for (const plan::Field* field : one.data_set->fields()) {
        if (field->hidden || plan::same(one.base, *one.submitted, field->link_id)) continue;
        if (one.restricted && locates(*one.data_set, *field)) continue;
        changed.push_back({{"linkId", field->link_id},
                           {"label", field->text},
                           {"before", plan::display(*one.data_set, one.base, field->link_id)},
                           {"after", plan::display(*one.data_set, *one.submitted, field->link_id)}});
    }
    out["submission"]["changed"] = std::move(changed);
}

void Session::add_awaiting(const std::string& digits, plan::FlagContext& context) {
    const auto found = known_.find(digits);
    if (found == known_.end()) return;
    for (const auto& one : found->second.submissions)
        if (one.status == plan::RevisionStatus::submitted) {
            context.awaiting_author = one.author;
            context.awaiting_date = day_words(one.authored);
            return;
        }
}

}  // namespace careplug::engine
