#include "sending/sender.h"

#include <careplug/controls/controls.h>
#include <careplug/plan/nhs_number.h>
#include <careplug/plan/proposal.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "editing/state_form.h"
#include "plans/content.h"
#include "sending/proposal_sender.h"
#include "system/times.h"

namespace careplug::engine {

using nlohmann::json;

namespace {

class Sending {
public:
    Sending(Exchange& exchange, const Catalogue& catalogue, const Identity& identity, const Change& change)
        : exchange_(exchange), catalogue_(catalogue), identity_(identity), change_(change) {
        form_ = state_form_of(change.intent);
        const plan::DataSet* found = form_ != nullptr ? &form_->form : catalogue.find(change.data_set);
        if (!found) throw std::invalid_argument("This computer no longer has the form it was made with.");
        data_set_ = found;
        answers_ = plan::fhir::read_answers(
            *found, {{"resourceType", "QuestionnaireResponse"}, {"item", json::parse(change.items)}});
    }

    SendResult run() {
        if (!change_.proposal.empty())
            return decide_proposal(exchange_, catalogue_, identity_, change_, answers_.text(state_reason));
        if (change_.intent == CAREPLUG_INTENT_NOTE) return note();
        if (change_.intent == CAREPLUG_INTENT_SUBMIT) return submission();
        if (change_.intent == accept_intent) return acceptance();
        if (form_ != nullptr) return form_->act ? plan_state() : submission_state();
        return publication();
    }

private:
    // The plan as it stands, or null where there is none.
    json read_plan() {
        try {
            return exchange_.read("CarePlan/" + change_.plan_id, identity_.token);
        } catch (const Refused& refused) {
            if (refused.gone()) return nullptr;
            throw;
        }
    }

    plan::fhir::Revision revision() const {
        plan::fhir::Revision made{change_.revision_id, change_.plan_id, identity_.actor, change_.authored,
                                  answers_};
        if (!change_.first_publish())
            made.base_revision_id =
                plan::fhir::read_plan(*data_set_, json::parse(change_.base_care_plan)).revision_id;
        made.proposals = change_.taken;
        if (!change_.submission.empty()) {
            const json submission = json::parse(change_.submission);
            made.completes = plan::fhir::read_submission(submission);
            for (auto& id : plan::fhir::proposals_in(submission)) made.proposals.push_back(std::move(id));
        }
        return made;
    }

    SendResult published(const json& care_plan, const plan::Plan& now) const {
        SendResult result;
        result.kind = SendResult::Kind::done;
        result.revision = now.revision;
        result.theirs_care_plan = care_plan.dump();
        result.sentence = "Published: revision " + std::to_string(now.revision) + ".";
        if (plan::may_edit_own(identity_.actor))
            result.sentence = proposed(change_).empty()
                                  ? "Your plan was changed."
                                  : "Your plan was changed, and what you suggest was sent to your care team.";
        return result;
    }

    SendResult publication() {
        if (plan::may_edit_own(identity_.actor) && change_.items == change_.base_items)
            return send_proposals(exchange_, identity_, change_);
        if (change_.attempted && control::on("H4.asked-before-again")) {
            // The answer to the last try was lost: the pointer says whether it was saved.
            const json care_plan = read_plan();
            if (!care_plan.is_null()) {
                const plan::Plan now = plan::fhir::read_plan(*data_set_, care_plan);
                if (now.revision_id == change_.revision_id) return published(care_plan, now);
                if (const auto superseded = was_published_before(care_plan, now)) return *superseded;
            }
        }
        std::optional<plan::Plan> before;
        if (!change_.first_publish())
            before = plan::fhir::read_plan(*data_set_, json::parse(change_.base_care_plan));
        const plan::fhir::Revision made = revision();
        const bool own = plan::may_edit_own(identity_.actor) && before;
        json transaction = own ? plan::fhir::own_edit_transaction(*data_set_, made, change_.subject, *before)
                               : plan::fhir::publish_transaction(*data_set_, made, change_.subject,
                                                                 before ? &*before : nullptr, today());
        add_proposed(change_, transaction);
        add_taken(exchange_, catalogue_, identity_, change_, made.proposals, transaction);
        try {
            exchange_.write("POST", "", transaction, identity_.token);
        } catch (const Refused& refused) {
            if (refused.conflict()) return conflict();
            return not_accepted(refused);
        }
        const json care_plan = read_plan();
        if (care_plan.is_null()) throw BadAnswer("the exchange accepted the plan and does not show it");
        const plan::Plan now = plan::fhir::read_plan(*data_set_, care_plan);
        if (now.revision_id == change_.revision_id) return published(care_plan, now);
        if (now.revision > (before ? before->revision : 0) + 1) {
            SendResult result = published(care_plan, now);
            result.revision = (before ? before->revision : 0) + 1;
            result.sentence = "Published: revision " + std::to_string(result.revision) + ". Since then " +
                              now.author + " published revision " + std::to_string(now.revision) + ".";
            return result;
        }
        return conflict();
    }

    // Mine was saved, and someone published on top of it before I could look.
    std::optional<SendResult> was_published_before(const json& care_plan, const plan::Plan& now) {
        try {
            const json mine = exchange_.read("QuestionnaireResponse/" + change_.revision_id, identity_.token);
            if (mine.value("status", std::string()) != "completed") return std::nullopt;
            SendResult result = published(care_plan, now);
            result.sentence = "Published. Since then " + now.author + " published revision " +
                              std::to_string(now.revision) + ".";
            return result;
        } catch (const Refused&) {
            return std::nullopt;
        }
    }

    SendResult conflict() {
        SendResult result;
        result.kind = SendResult::Kind::conflict;
        result.status = CAREPLUG_REFUSED_CONFLICT;
        result.sentence =
            "NOT shared: someone else published meanwhile. Look at both versions, then publish again.";
        json care_plan = read_plan();
        if (care_plan.is_null()) {
            const auto all = exchange_.search("CarePlan",
                                              {{"patient.identifier", std::string(plan::nhs_number_system) +
                                                                          "|" + change_.subject.nhs_number}},
                                              identity_.token);
            for (const auto& one : all)
                if (one.value("status", std::string()) == "active") care_plan = one;
        }
        if (!change_.submission.empty() && !still_submitted()) {
            result.kind = SendResult::Kind::refused;
            result.status = CAREPLUG_REFUSED;
            result.submission_gone = true;
            result.sentence =
                "NOT shared: somebody decided or withdrew this change meanwhile, or its author went on with "
                "it. Look at the plan as it stands; what you wrote is kept as your draft.";
            return result;
        }
        if (care_plan.is_null()) return result;
        const plan::DataSet* theirs = catalogue_.find(plan::fhir::data_set_of(care_plan));
        if (!theirs) return result;
        const plan::Plan now = plan::fhir::read_plan(*theirs, care_plan);
        // An earlier try may have been saved though nobody here remembers it: killed before its answer, or
        // sent by another engine on the same store.
        if (control::on("H4.own-revision-known")) {
            if (now.revision_id == change_.revision_id) return published(care_plan, now);
            if (const auto before_theirs = was_published_before(care_plan, now)) return *before_theirs;
        }
        if (now.status != plan::PlanStatus::active) {
            // Nothing to merge with: what a plan says that is not active is given to nobody.
            result.inactive = true;
            result.kind = SendResult::Kind::refused;
            result.status = CAREPLUG_REFUSED;
            result.sentence = "NOT shared: the plan is " + plan::words(now.status) +
                              ", so nothing can be added to it. What you wrote is kept as your draft.";
            return result;
        }
        result.theirs = fetch_content(exchange_, identity_.token, now, *theirs, catalogue_);
        result.theirs_care_plan = care_plan.dump();
        result.sentence = "NOT shared: " + now.author + " published revision " +
                          std::to_string(now.revision) +
                          " meanwhile. Look at both versions, then publish again.";
        return result;
    }

    SendResult note() {
        plan::fhir::Contact contact;
        contact.id = change_.revision_id;
        contact.plan_id = change_.plan_id;
        contact.patient_reference = change_.subject.reference;
        contact.nhs_number = change_.subject.nhs_number;
        contact.when = change_.authored;
        contact.author = identity_.actor.words();
        contact.organisation = identity_.actor.organisation;
        return put(plan::fhir::write_contact(*data_set_, contact, answers_),
                   "The urgent care contact was added.");
    }

    // Somebody of the same organisation may have accepted the same, or more.
    SendResult acceptance() {
        plan::fhir::Acceptance made{change_.plan_id,
                                    change_.subject.reference,
                                    change_.subject.nhs_number,
                                    identity_.actor.organisation,
                                    identity_.actor.organisation_name,
                                    change_.accepted,
                                    change_.authored};
        const std::string reference = "Task/" + plan::fhir::acceptance_id(made.plan_id, made.organisation);
        SendResult result;
        result.kind = SendResult::Kind::done;
        result.revision = change_.accepted.revision;
        result.sentence = "Accepted: what others changed, as it was shown.";
        json request{{"method", "PUT"}, {"url", reference}};
        try {
            const auto before = plan::fhir::read_acceptance(exchange_.read(reference, identity_.token));
            if (before.accepted.holds(change_.accepted)) return result;
            made.accepted.add(before.accepted);
            request["ifMatch"] = before.etag;
        } catch (const Refused& refused) {
            if (!refused.gone()) throw;
        }
        const json entry{{"resource", plan::fhir::write_acceptance(made)}, {"request", request}};
        try {
            exchange_.write("POST", "",
                            {{"resourceType", "Bundle"}, {"type", "transaction"}, {"entry", {entry}}},
                            identity_.token);
        } catch (const Refused& refused) {
            // Somebody accepted in between: looked at again with the next try.
            if (refused.conflict()) return {};
            return not_accepted(refused);
        }
        return result;
    }

    SendResult submission() {
        plan::fhir::Revision submitted = revision();
        submitted.completes.reset();
        json transaction = plan::fhir::submit_transaction(*data_set_, submitted, change_.subject);
        if (!change_.submission.empty())
            // What was sent back is withdrawn with the submission that takes its place.
            transaction["entry"].push_back(moved(plan::fhir::with_revision_status(
                json::parse(change_.submission), plan::RevisionStatus::withdrawn)));
        return sent(transaction, "Submitted for approval. " + plan::who_may_approve());
    }

    static json moved(const json& resource) {
        return {{"resource", resource},
                {"request",
                 {{"method", "PUT"},
                  {"url", "QuestionnaireResponse/" + resource.value("id", std::string())},
                  {"ifMatch", plan::fhir::read_submission(resource).etag}}}};
    }

    json submission_now() {
        return exchange_.read(
            "QuestionnaireResponse/" + json::parse(change_.submission).value("id", std::string()),
            identity_.token);
    }

    bool still_submitted() {
        json found;
        try {
            found = submission_now();
        } catch (const Refused& refused) {
            // A draft again: only its author may see it.
            if (refused.gone()) return false;
            throw;
        }
        const auto now = plan::fhir::read_submission(found);
        const auto then = plan::fhir::read_submission(json::parse(change_.submission));
        // What waits to be approved never changes; a draft does.
        return now.status == then.status &&
               (now.status != plan::RevisionStatus::draft || now.etag == then.etag);
    }

    // A submission that its author withdraws or that is sent back.
    SendResult submission_state() {
        const bool back = form_->revision_act == plan::RevisionAct::send_back;
        SendResult result;
        result.kind = SendResult::Kind::done;
        json now;
        try {
            now = submission_now();
        } catch (const Refused& refused) {
            // Sent back by the try whose answer was lost: a draft again, which only its author may see.
            if (!(refused.gone() && back && change_.attempted)) throw;
            result.sentence = "Sent back to its author.";
            return result;
        }
        const auto read = plan::fhir::read_submission(now);
        const auto to = back ? plan::RevisionStatus::draft : plan::RevisionStatus::withdrawn;
        result.sentence = back ? "Sent back to " + read.author + "." : "The submitted change was withdrawn.";
        if (read.status == to) return result;
        const auto decision =
            plan::may(form_->revision_act, identity_.actor, read.status, read.is_by(identity_.actor));
        if (!decision) return refused(decision);
        const json resource = back ? plan::fhir::sent_back(now, identity_.actor, answers_.text(state_reason))
                                   : plan::fhir::with_revision_status(now, to);
        const json transaction{
            {"resourceType", "Bundle"}, {"type", "transaction"}, {"entry", json::array({moved(resource)})}};
        try {
            exchange_.write("POST", "", transaction, identity_.token);
        } catch (const Refused& problem) {
            // Somebody moved it in between: looked at again with the next try.
            if (problem.conflict()) return {};
            return not_accepted(problem);
        }
        return result;
    }

    static SendResult refused(const plan::Decision& decision) {
        SendResult result;
        result.kind = SendResult::Kind::refused;
        result.status =
            decision.refusal == plan::Decision::Refusal::role ? CAREPLUG_REFUSED_ROLE : CAREPLUG_REFUSED;
        result.sentence = "NOT shared: " + decision.sentence;
        return result;
    }

    // Of whatever revision stands now: the withdrawal of consent wins over an edit, and so does a death.
    SendResult plan_state() {
        constexpr int tries = 5;
        for (int attempt = 0; attempt < tries; ++attempt) {
            const json care_plan = read_plan();
            if (care_plan.is_null()) throw BadAnswer("the plan is not on the exchange");
            const plan::DataSet* set = catalogue_.find(plan::fhir::data_set_of(care_plan));
            if (set == nullptr) throw BadAnswer("the plan answers a form that this computer does not have");
            const plan::Plan now = plan::fhir::read_plan(*set, care_plan);
            if (now.status == plan::outcome(*form_->act)) {
                SendResult result;
                result.kind = SendResult::Kind::done;
                result.revision = now.revision;
                result.theirs_care_plan = care_plan.dump();
                result.sentence = "The plan is now " + plan::words(now.status) + ".";
                return result;
            }
            const auto decision = plan::may(*form_->act, identity_.actor, now.status);
            if (!decision) return refused(decision);
            const plan::Value* since = answers_.first(state_since);
            const auto* date = since != nullptr ? std::get_if<plan::Date>(since) : nullptr;
            const plan::fhir::StatusChange change{*form_->act,
                                                  identity_.actor,
                                                  change_.authored,
                                                  date != nullptr ? date->text : "",
                                                  answers_.text(state_reason),
                                                  today()};
            try {
                exchange_.write("POST", "", plan::fhir::status_transaction(*set, now, change),
                                identity_.token);
            } catch (const Refused& problem) {
                if (!problem.conflict()) return not_accepted(problem);
            }
        }
        return {};
    }

    bool is_there(const std::string& reference) {
        try {
            exchange_.read(reference, identity_.token);
            return true;
        } catch (const Refused&) {
            return false;
        }
    }

    SendResult put(const json& resource, const std::string& sentence) {
        const json entry{
            {"resource", resource},
            {"request", {{"method", "PUT"}, {"url", "QuestionnaireResponse/" + change_.revision_id}}}};
        return sent({{"resourceType", "Bundle"}, {"type", "transaction"}, {"entry", json::array({entry})}},
                    sentence);
    }

    SendResult sent(const json& transaction, const std::string& sentence) {
        const std::string reference = "QuestionnaireResponse/" + change_.revision_id;
        try {
            exchange_.write("POST", "", transaction, identity_.token);
            exchange_.read(reference, identity_.token);
        } catch (const Refused& refused) {
            // The id is this change's own: where it is there, an earlier try was saved.
            if (!is_there(reference)) return not_accepted(refused);
        }
        SendResult result;
        result.kind = SendResult::Kind::done;
        result.sentence = sentence;
        return result;
    }

    Exchange& exchange_;
    const Catalogue& catalogue_;
    const Identity& identity_;
    const Change& change_;
    const StateForm* form_ = nullptr;  // of a change of state
    const plan::DataSet* data_set_ = nullptr;
    plan::Answers answers_;
};

}  // namespace

SendResult send_change(Exchange& exchange, const Catalogue& catalogue, const Identity& identity,
                       const Change& change) {
    std::optional<Sending> sending;
    try {
        sending.emplace(exchange, catalogue, identity, change);
    } catch (const std::exception& failure) {
        // It will not get better by waiting, and whatever waits behind it must go.
        SendResult result;
        result.kind = SendResult::Kind::refused;
        result.status = CAREPLUG_REFUSED_INVALID;
        result.sentence = std::string("NOT shared: ") + failure.what() + " Tell the administrator.";
        return result;
    }
    try {
        return sending->run();
    } catch (const Refused& refused) {
        // Refused while looking, not while writing: what an earlier try did is not known.
        SendResult result = not_accepted(refused);
        if (result.kind == SendResult::Kind::refused)
            result.sentence = std::string("It could not be found out whether the change was shared: ") +
                              refused.what() + " Look at the plan before you publish again.";
        return result;
    } catch (const Failing& failure) {
        SendResult result;
        result.sentence = failure.what();
        return result;
    } catch (const Unreachable& failure) {
        SendResult result;
        result.sentence = failure.what();
        result.unreachable = true;
        return result;
    } catch (const std::exception& failure) {
        SendResult result;
        result.sentence = failure.what();
        return result;
    }
}

}  // namespace careplug::engine
