// Filing coded entries in the host's own record: what the policy of this kind of host says, after a
// publication from here, or after a change from elsewhere was accepted.
#include <careplug/controls/controls.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "filing/filing.h"
#include "session/session.h"
#include "system/times.h"

namespace careplug::engine {

using nlohmann::json;

namespace {

// How entries of a plan in this state end, and whether any stand.
std::string ended_by(plan::PlanStatus status) {
    return status == plan::PlanStatus::entered_in_error ? "entered-in-error" : "ended";
}

std::optional<plan::PlanStatus> status_after(std::int32_t intent) {
    switch (intent) {
        case CAREPLUG_INTENT_PUBLISH:
            return plan::PlanStatus::active;
        case CAREPLUG_INTENT_CLOSE:
            return plan::PlanStatus::completed;
        case CAREPLUG_INTENT_ENTERED_IN_ERROR:
            return plan::PlanStatus::entered_in_error;
        default:
            // Who withdraws the consent to share takes back no decision.
            return std::nullopt;
    }
}

}  // namespace

Place Session::filing_place(const std::string& digits, const std::string& plan_id) const {
    // Of the practice, not of one person: colleagues file into one record.
    return {Drawer::filing, "record of " + identity_->actor.organisation, digits, plan_id};
}

std::optional<Filing> Session::kept_filing(const std::string& digits, const std::string& plan_id) {
    if (!identity_) return std::nullopt;
    try {
        if (const auto kept = hub_.store().get(filing_place(digits, plan_id))) return read_filing(kept->body);
    } catch (const std::exception& failure) {
        // Made again from the plan; the identifiers stay the same.
        hub_.log().say(std::string("what was filed cannot be read: ") + typeid(failure).name());
    }
    return std::nullopt;
}

void Session::keep_filing(const Filing& filing) {
    hub_.store().put(filing_place(filing.digits, filing.plan_id), write_filing(filing), now_ms());
}

std::optional<Filing> Session::filing_of(const OpenPatient& owner, const plan::Plan& header,
                                         const plan::DataSet& data_set, const plan::Answers& answers) {
    Filing filing;
    filing.digits = owner.checked.digits;
    filing.birth_date = owner.checked.birth_date;
    filing.plan_id = header.id;
    filing.title = data_set.title;
    filing.revision = header.revision;
    filing.author = header.approver;
    std::vector<FiledEntry> before;
    if (const auto kept = kept_filing(filing.digits, header.id)) {
        filing.before = write_filing(*kept);
        before = kept->entries;
    }
    for (FiledEntry& entry : filed_in_record(owner.record.get(), header.id))
        if (std::none_of(before.begin(), before.end(),
                         [&](const FiledEntry& known) { return known.identifier == entry.identifier; }))
            before.push_back(std::move(entry));
    const json asked{{"header",
                      {{"revision", header.revision},
                       {"amended", header.amended},
                       {"checked", iso_time(now_ms())},
                       {"author", header.author},
                       {"approver", header.approver},
                       {"status", plan::code(header.status)}}},
                     {"response", as_response(data_set, answers)}};
    try {
        filing.entries =
            next_entries(header.id, policy_->write_back(asked, now_ms()), before, ended_by(header.status));
    } catch (const PluginFailure& failure) {
        without_policy(failure);
        return std::nullopt;
    } catch (const json::exception&) {
        without_policy(PluginFailure("The plugin answered with something else than entries to file."));
        return std::nullopt;
    }
    if (filing.entries.empty()) return std::nullopt;
    return filing;
}

std::optional<Filing> Session::filing_of(const Change& change, const OpenPatient& owner, const Panel& one) {
    const auto status = status_after(change.intent);
    if (!status) return std::nullopt;
    const Known& found = known(change.digits);
    plan::Plan header;
    if (found.answer.plan && found.answer.plan->id == change.plan_id) header = *found.answer.plan;
    header.id = change.plan_id;
    header.status = *status;
    if (*status == plan::PlanStatus::active) {
        header.revision += 1;
        header.amended = change.authored;
        header.approver = identity_->actor.words();
    }
    const bool of_a_plan = one.mode == Panel::Mode::edit;
    const plan::DataSet* data_set = of_a_plan ? one.data_set : found.answer.data_set;
    if (data_set == nullptr) return std::nullopt;
    auto filing = filing_of(
        owner, header, *data_set,
        of_a_plan ? plan::fhir::read_answers(*data_set, json{{"resourceType", "QuestionnaireResponse"},
                                                             {"item", json::parse(change.items)}})
                  : plan::Answers());
    if (!filing) return std::nullopt;
    filing->state = Filing::State::unpublished;
    filing->change = change.id;
    return filing;
}

void Session::settle_filing(const Change& change, bool published) {
    auto filing = kept_filing(change.digits, change.plan_id);
    if (!filing || filing->state != Filing::State::unpublished || filing->change != change.id) return;
    if (!published) {
        const Place place = filing_place(change.digits, change.plan_id);
        if (filing->before.empty())
            hub_.store().remove(place);
        else
            hub_.store().put(place, filing->before, now_ms());
        return;
    }
    filing->state = Filing::State::waiting;
    filing->before.clear();
    keep_filing(*filing);
    file_now(change.digits);
}

// A change from elsewhere that this person accepted. Filed from the whole revision, once it is read: what is
// not read yet must not look like what was taken out.
void Session::accept_and_file(const std::string& digits) {
    const Known& found = known(digits);
    if (!identity_ || !found.current || !found.answer.plan || !plan::may_edit(identity_->actor)) return;
    accepted_.insert(digits);
    if (control::on("H6.accepted-is-kept")) hub_.store().put(accepted_place(digits), digits, now_ms());
    const auto open = std::find_if(patients_.begin(), patients_.end(),
                                   [&](const auto& one) { return one.second.checked.digits == digits; });
    if (open == patients_.end() || found.answer.knowledge == CAREPLUG_KNOWLEDGE_SUSPENDED) return;
    const OpenPatient& owner = open->second;
    const plan::Plan& header = *found.answer.plan;
    const bool active = found.answer.knowledge == CAREPLUG_KNOWLEDGE_PLAN;
    if (active && (!owner.content || owner.content->revision_id != header.revision_id)) return;
    accepted_.erase(digits);
    const auto kept = kept_filing(digits, header.id);
    auto filing = active && kept && kept->revision == header.revision
                      ? std::nullopt
                      : filing_of(owner, header, *found.answer.data_set,
                                  active ? owner.content->answers : plan::Answers());
    if (!filing) {
        // Unless the policy, which did not answer, is to be asked again.
        if (!policy_awaited_) hub_.store().remove(accepted_place(digits));
        return;
    }
    filing->before.clear();
    hub_.store().put_instead(filing_place(digits, filing->plan_id), write_filing(*filing), now_ms(),
                             accepted_place(digits));
    file_now(digits);
}

Place Session::accepted_place(const std::string& digits) const {
    return filing_place(digits, "accepted");
}

bool Session::is_to_be_filed(const std::string& digits) {
    return accepted_.contains(digits) ||
           (identity_ && control::on("H6.accepted-is-kept") && hub_.store().get(accepted_place(digits)));
}

void Session::file_now(const std::string& digits) {
    const Known& found = known(digits);
    if (!identity_ || !found.answer.plan) return;
    auto filing = kept_filing(digits, found.answer.plan->id);
    if (!filing || (filing->state != Filing::State::waiting && filing->state != Filing::State::held)) return;
    const auto open = std::find_if(patients_.begin(), patients_.end(),
                                   [&](const auto& one) { return one.second.checked.digits == digits; });
    // The record is read first: what disagrees there is shown, and waits for a person.
    if (open == patients_.end() || !open->second.record) return;
    for (const auto& [request, asked] : filings_asked_)
        if (asked.digits == digits) return;
    std::vector<plan::CprStatement> conflict;
    if (!found.record.empty() && found.answer.knowledge == CAREPLUG_KNOWLEDGE_PLAN) {
        std::vector<plan::CprSource> sources = found.record;
        sources.push_back(plan::source_of(*found.answer.data_set, *found.answer.plan));
        conflict = plan::cpr_conflict(sources);
    }
    const bool disagrees = !conflict.empty() && control::on("H6.before-filing");
    const auto before = filing->state;
    filing->state = disagrees ? Filing::State::held : Filing::State::waiting;
    filing->sentence = disagrees
                           ? "Not filed: this record holds an entry that disagrees with the plan. End or "
                             "correct that entry; then it is filed."
                           : "";
    if (filing->state != before || disagrees) keep_filing(*filing);
    if (!disagrees) {
        const std::uint64_t request = next_id();
        filings_asked_[request] = *filing;
        event(CAREPLUG_EVENT_REQUEST, CAREPLUG_OK, request, file_request(*filing).dump());
    }
    tell_of_filing(digits);
}

// The answer is to what was asked: meanwhile a newer revision may lie here, waiting for its own turn or to be
// published, and it is not filed with it.
bool Session::filing_answered(std::uint64_t request, std::int64_t status, const std::string& body) {
    const auto found = filings_asked_.find(request);
    if (request == 0 || found == filings_asked_.end()) return false;
    Filing answered = found->second;
    if (status < CAREPLUG_REFUSED) {
        try {
            take_answer(answered, body);
        } catch (const std::exception&) {
            throw Problem(CAREPLUG_REFUSED_ARGUMENT,
                          "The answer must name each entry that was filed: {\"entries\": [{\"identifier\", "
                          "\"id\"}]}.");
        }
    } else {
        answered.state = Filing::State::refused;
        answered.sentence = "Not filed in this record: " +
                            (body.empty() ? std::string("this system does not say why.") : body);
    }
    filings_asked_.erase(found);
    auto kept = kept_filing(answered.digits, answered.plan_id);
    const bool on_its_way = kept && kept->state == Filing::State::unpublished;
    if (kept && !on_its_way && asks_the_same(*kept, answered)) {
        keep_filing(answered);
        if (answered.state == Filing::State::refused) filings_refused_.insert(answered.digits);
    } else if (on_its_way && !kept->before.empty() && asks_the_same(read_filing(kept->before), answered)) {
        kept->before = write_filing(answered);
        keep_filing(*kept);
    }
    file_now(answered.digits);
    tell_of_filing(answered.digits);
    return true;
}

// What an engine that ended, or a host that refused, left undone: the next time that the record is open.
void Session::file_again(OpenPatient& owner) {
    const Known& found = known(owner.checked.digits);
    if (!identity_ || !found.answer.plan) return;
    owner.filing_looked_at = true;
    auto filing = kept_filing(owner.checked.digits, found.answer.plan->id);
    if (!filing) return;
    if (filing->state == Filing::State::unpublished && !waiting_.contains(filing->change)) {
        const auto kept = hub_.store().get({Drawer::outcome, author_, owner.checked.digits, filing->change});
        // Of a colleague: whether it was published shows in the plan's revision.
        const bool published = kept ? read_outcome_of_change(kept->body).kind == SendResult::Kind::done
                                    : found.current && found.answer.plan->revision >= filing->revision;
        Change change;
        change.id = filing->change;
        change.digits = owner.checked.digits;
        change.plan_id = filing->plan_id;
        settle_filing(change, published);
        return;
    }
    if (filing->state == Filing::State::refused && !filings_refused_.contains(owner.checked.digits)) {
        filing->state = Filing::State::waiting;
        keep_filing(*filing);
    }
    file_now(owner.checked.digits);
}

void Session::tell_of_filing(const std::string& digits) {
    for (const auto& [id, one] : panels_)
        if (patients_.at(one.patient).checked.digits == digits) panel_changed(one);
}

void Session::draw_filing(const Panel& one, const OpenPatient& owner, json& out) {
    const Known& found = known(owner.checked.digits);
    if (!identity_ || !found.answer.plan || found.answer.knowledge == CAREPLUG_KNOWLEDGE_SUSPENDED) return;
    const plan::Plan& header = *found.answer.plan;
    auto filing = kept_filing(owner.checked.digits, header.id);
    const bool read = one.mode == Panel::Mode::read && !one.loading && owner.content && one.base_plan &&
                      owner.content->revision_id == header.revision_id;
    bool to_accept = filing && found.current && filing->revision < header.revision &&
                     filing->state != Filing::State::unpublished;
    if (!filing && read && plan::may_edit(identity_->actor)) {
        filing = filing_of(owner, header, *found.answer.data_set, owner.content->answers);
        to_accept = true;
    }
    if (!filing) return;
    json drawn{{"state", to_accept ? "to-accept" : state_name(filing->state)},
               {"revision", filing->revision}};
    if (!filing->sentence.empty()) {
        drawn["sentence"] = filing->sentence;
        out["warnings"].push_back(filing->sentence);
    }
    out["filing"] = std::move(drawn);
}

}  // namespace careplug::engine
