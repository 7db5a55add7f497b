#include <careplug/controls/controls.h>
#include <careplug/plan/states.h>
#include <algorithm>
#include <array>
#include <utility>

namespace careplug::plan {

namespace {

using enum PlanStatus;

constexpr std::array<PlanTransition, 8> plan_table{{
    {PlanAct::create, std::nullopt, active, Right::approve},
    {PlanAct::suspend, active, on_hold, Right::suspend},
    {PlanAct::close, active, completed, Right::close},
    {PlanAct::close, on_hold, completed, Right::close},
    {PlanAct::reopen, on_hold, active, Right::approve},
    {PlanAct::reopen, completed, active, Right::approve},
    {PlanAct::enter_in_error, active, entered_in_error, Right::approve},
    {PlanAct::enter_in_error, on_hold, entered_in_error, Right::approve},
}};

using Rev = RevisionStatus;
using Act = RevisionAct;

// A role that may approve publishes in one action: its own draft, or what somebody submitted.
constexpr std::array<RevisionTransition, 14> revision_table{{
    {Act::save, Rev::draft, Rev::draft, Doer::author},
    {Act::submit, Rev::draft, Rev::submitted, Doer::author},
    {Act::publish, Rev::draft, Rev::published, Doer::approving_author},
    {Act::withdraw, Rev::draft, Rev::withdrawn, Doer::author},
    {Act::approve, Rev::draft, Rev::approved, Doer::colleague},
    {Act::approve, Rev::submitted, Rev::approved, Doer::approver},
    {Act::publish, Rev::submitted, Rev::published, Doer::approver},
    {Act::send_back, Rev::submitted, Rev::draft, Doer::author_or_approver},
    {Act::withdraw, Rev::submitted, Rev::withdrawn, Doer::author_or_approver},
    {Act::publish, Rev::approved, Rev::published, Doer::approver},
    {Act::send_back, Rev::approved, Rev::draft, Doer::author_or_approver},
    {Act::withdraw, Rev::approved, Rev::withdrawn, Doer::author_or_approver},
    {Act::supersede, Rev::published, Rev::superseded, Doer::nobody},
    {Act::enter_in_error, Rev::published, Rev::entered_in_error, Doer::approver},
}};

constexpr std::array<std::pair<Rev, std::string_view>, 7> revision_codes{
    {{Rev::draft, "draft"},
     {Rev::submitted, "submitted"},
     {Rev::approved, "approved"},
     {Rev::published, "published"},
     {Rev::superseded, "superseded"},
     {Rev::withdrawn, "withdrawn"},
     {Rev::entered_in_error, "entered-in-error"}}};

std::string participle(PlanAct act) {
    switch (act) {
        case PlanAct::create:
            return "created";
        case PlanAct::suspend:
            return "suspended";
        case PlanAct::close:
            return "closed";
        case PlanAct::reopen:
            return "reopened";
        case PlanAct::enter_in_error:
            return "entered in error";
    }
    return {};
}

std::string participle(RevisionAct act) {
    switch (act) {
        case Act::save:
            return "rewritten";
        case Act::submit:
            return "submitted";
        case Act::approve:
            return "approved";
        case Act::publish:
            return "published";
        case Act::send_back:
            return "sent back";
        case Act::withdraw:
            return "withdrawn";
        case Act::supersede:
            return "superseded by hand";
        case Act::enter_in_error:
            return "entered in error";
    }
    return {};
}

Decision refused(Decision::Refusal why, std::string sentence) {
    return {why, std::move(sentence)};
}

// "enter a plan in error", "suspend a plan"
std::string with_object(const std::string& verb, const std::string& object) {
    const auto first = verb.find(' ');
    if (first == std::string::npos) return verb + " " + object;
    return verb.substr(0, first) + " " + object + verb.substr(first);
}

bool fits(Doer doer, const Actor& actor, bool is_author, bool in_inbox) {
    if (!control::on("H7.who-may-move")) return doer != Doer::nobody;
    const bool own_sections = may_edit_own(actor);
    if (!may_edit(actor) && !own_sections) return false;
    switch (doer) {
        case Doer::author:
            return is_author;
        case Doer::approver:
            return may_approve(actor);
        case Doer::author_or_approver:
            return is_author || may_approve(actor);
        case Doer::approving_author:
            return is_author && (may_approve(actor) || own_sections);
        case Doer::colleague:
            return in_inbox && may_approve(actor);
        case Doer::nobody:
            return false;
    }
    return false;
}

std::string capital(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

}  // namespace

std::span<const PlanTransition> plan_transitions() {
    return plan_table;
}

std::span<const RevisionTransition> revision_transitions() {
    return revision_table;
}

Decision may(PlanAct act, const Actor& actor, std::optional<PlanStatus> from) {
    const auto found = std::find_if(plan_table.begin(), plan_table.end(),
                                    [&](const auto& each) { return each.act == act && each.from == from; });
    if (found == plan_table.end()) {
        std::string from_words;
        for (const PlanTransition& each : plan_table)
            if (each.act == act) from_words += (from_words.empty() ? "" : ", or ") + words(each.from);
        return refused(Decision::Refusal::state,
                       from ? "A plan that is " + words(from) + " cannot be " + participle(act) +
                                  ": that needs a plan that is " + from_words + "."
                            : "There is no plan that could be " + participle(act) + ".");
    }
    if (has(actor, found->right)) return {};
    return refused(Decision::Refusal::role, "Your role (" + role_words(actor.role) + ") cannot " +
                                                with_object(verb(act), "a plan") + ". " +
                                                who_has(found->right) + " can.");
}

Decision may(RevisionAct act, const Actor& actor, RevisionStatus from, bool is_author, bool in_inbox) {
    const auto found = std::find_if(revision_table.begin(), revision_table.end(),
                                    [&](const auto& each) { return each.act == act && each.from == from; });
    if (found == revision_table.end())
        return refused(Decision::Refusal::state, "What is " + code(from) + " cannot be " + participle(act) +
                                                     ": write a new revision instead.");
    if (found->doer == Doer::nobody)
        return refused(Decision::Refusal::state, "A revision is superseded by publishing another one.");
    // A person's own draft is theirs to move; what they suggest is no revision.
    if (is_person(actor) && (from != Rev::draft || act == Act::submit) && control::on("H7.who-may-move"))
        return refused(Decision::Refusal::role,
                       "What is yours you change at once, and the rest you suggest to your care team. " +
                           who_has(Right::approve) + " can.");
    if (fits(found->doer, actor, is_author, in_inbox)) return {};
    return refused(Decision::Refusal::role, "You (" + role_words(actor.role) + ") cannot " +
                                                with_object(verb(act), "this revision") + ". " +
                                                capital(words(found->doer)) + " can.");
}

std::optional<PlanAct> act_between(std::optional<PlanStatus> from, PlanStatus to) {
    for (const PlanTransition& each : plan_table)
        if (each.from == from && each.to == to) return each.act;
    return std::nullopt;
}

std::optional<RevisionAct> act_between(RevisionStatus from, RevisionStatus to) {
    for (const RevisionTransition& each : revision_table)
        if (each.from == from && each.to == to) return each.act;
    return std::nullopt;
}

PlanStatus outcome(PlanAct act) {
    for (const PlanTransition& each : plan_table)
        if (each.act == act) return each.to;
    return active;
}

std::string code(RevisionStatus status) {
    for (const auto& [each, text] : revision_codes)
        if (each == status) return std::string(text);
    return "unknown";
}

std::optional<RevisionStatus> revision_status(std::string_view code) {
    for (const auto& [status, text] : revision_codes)
        if (text == code) return status;
    return std::nullopt;
}

std::string words(std::optional<PlanStatus> status) {
    if (!status) return "not there yet";
    switch (*status) {
        case active:
            return "active";
        case on_hold:
            return "suspended (consent withdrawn)";
        case completed:
            return "closed (the person died)";
        case entered_in_error:
            return "entered in error";
    }
    return {};
}

std::string verb(PlanAct act) {
    switch (act) {
        case PlanAct::create:
            return "publish";
        case PlanAct::suspend:
            return "suspend";
        case PlanAct::close:
            return "close";
        case PlanAct::reopen:
            return "reopen";
        case PlanAct::enter_in_error:
            return "enter in error";
    }
    return {};
}

std::string verb(RevisionAct act) {
    switch (act) {
        case Act::save:
            return "rewrite";
        case Act::submit:
            return "submit";
        case Act::approve:
            return "approve";
        case Act::publish:
            return "publish";
        case Act::send_back:
            return "send back";
        case Act::withdraw:
            return "withdraw";
        case Act::supersede:
            return "supersede";
        case Act::enter_in_error:
            return "enter in error";
    }
    return {};
}

std::string words(Doer doer) {
    std::string approver = who_has(Right::approve);
    approver[0] = 'a';
    switch (doer) {
        case Doer::author:
            return "its author";
        case Doer::approver:
            return approver;
        case Doer::author_or_approver:
            return "its author, " + approver;
        case Doer::approving_author:
            return "its author, who must be " + approver + ",";
        case Doer::colleague:
            return approver + " of its author's organisation, once somebody else published over it,";
        case Doer::nobody:
            return "nobody";
    }
    return {};
}

}  // namespace careplug::plan
