// Drafts on the exchange: a copy of each of this author's, so that another computer can go on with it. What
// is typed is on this computer's disk first and waits for nobody; the copy follows when there is a line.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "sending/shared_draft.h"
#include "session/session.h"
#include "system/times.h"

namespace careplug::engine {

using nlohmann::json;

namespace {

// A copy is made when typing pauses, and at the latest some time after it began.
constexpr std::int64_t pause_ms = 1500;
constexpr std::int64_t longest_ms = 10 * 1000;
constexpr std::int64_t again_ms = 8 * 1000;

plan::Answers answers_of(const plan::DataSet& data_set, const json& items) {
    return plan::fhir::read_answers(data_set, {{"resourceType", "QuestionnaireResponse"}, {"item", items}});
}

}  // namespace

void Session::copy_soon(const std::string& digits) {
    // A patient's draft stays on the computer where it was begun.
    if (identity_ && plan::is_person(identity_->actor)) return;
    auto& one = uncopied_[digits];
    if (one.first == 0) one.first = now_ms();
    one.last = now_ms();
}

// Whatever was kept on this computer and not copied, or sent or discarded and not withdrawn.
void Session::copy_all() {
    computer_ = computer_of(hub_.store());
    for (const auto& kept : hub_.store().list(Drawer::draft, author_)) {
        const json body = json::parse(kept.body, nullptr, false);
        const auto digits = body.is_object() ? body.value("digits", std::string()) : std::string();
        if (!digits.empty()) copy_soon(digits);
    }
}

void Session::copy_drafts() {
    if (!identity_) return;
    const std::int64_t now = now_ms();
    for (auto at = uncopied_.begin(); at != uncopied_.end();) {
        if (now - at->second.last < pause_ms && now - at->second.first < longest_ms) {
            ++at;
            continue;
        }
        hub_.run([weak = weak_from_this(), digits = at->first](Exchange& exchange) {
            if (const auto session = weak.lock()) session->copy_draft(exchange, digits);
        });
        at = uncopied_.erase(at);
    }
}

// On a thread that may wait.
void Session::copy_draft(Exchange& exchange, const std::string& digits) {
    std::optional<Identity> identity;
    std::string author, computer;
    bool sending = false;
    bool other = false;
    {
        const std::lock_guard lock(mutex_);
        identity = identity_;
        author = author_;
        computer = computer_;
        sending = queued(digits);
        other = known(digits).elsewhere.has_value();
    }
    if (!identity) return;
    const Place draft_at{Drawer::draft, author, digits, draft_name(Panel::Mode::edit)};
    const Place copy_at = copy_place(author, digits);
    const auto draft = hub_.store().get(draft_at);
    const auto known_copy = hub_.store().get(copy_at);
    DraftCopy copy;
    if (known_copy) copy = read_copy(known_copy->body);
    DraftCopies copies(exchange, hub_.catalogue(), *identity, computer);
    // Meanwhile the author may take over the draft of another computer: its copy is not written over.
    std::int64_t seen = known_copy ? known_copy->at : 0;
    const auto keep = [&] {
        const std::int64_t at = std::max(now_ms(), seen + 1);
        const bool kept = hub_.store().put_over(copy_at, write_copy(copy), at, seen);
        seen = at;
        return kept;
    };
    try {
        withdraw_old_copies(copies, author, digits);
        if (!draft) {
            // On its way it may still come back.
            if (!known_copy || sending) return;
            if (copies.withdraw(copy) != Copied::refused) hub_.store().remove(copy_at);
            return;
        }
        // What completes a submission stays on the computer where that was opened.
        if (!json::parse(draft->body).value("submission", std::string()).empty()) return;
        if (!known_copy) {
            // Two of one person's: the author brings them together first.
            if (other) return;
            copy = {digits, random_uuid(), random_uuid(), "", 0, ""};
            if (!keep()) return;
        }
        const Copied done = copy.at == draft->at ? copies.look(copy) : copies.write(*draft, copy);
        if (done == Copied::here && !keep()) copies.withdraw(copy);
        if (done == Copied::gone) copy_is_gone(digits, copy);
        if (done == Copied::taken_over) copy_was_taken_over(digits);
    } catch (const Unreachable&) {
        const std::lock_guard lock(mutex_);
        uncopied_[digits] = {now_ms(), now_ms() + again_ms};
    }
}

void Session::withdraw_old_copies(DraftCopies& copies, const std::string& author, const std::string& digits) {
    for (const auto& kept : hub_.store().list(Drawer::draft, author)) {
        if (!kept.name.starts_with(over_name(""))) continue;
        DraftCopy old = read_copy(kept.body);
        if (old.digits == digits && copies.withdraw(old) != Copied::refused)
            hub_.store().remove({Drawer::draft, author, digits, kept.name});
    }
}

// Published or discarded on another computer: it is over here too, but for what was typed here since.
void Session::copy_is_gone(const std::string& digits, const DraftCopy& copy) {
    const std::lock_guard lock(mutex_);
    const Place draft_at{Drawer::draft, author_, digits, draft_name(Panel::Mode::edit)};
    const auto draft = hub_.store().get(draft_at);
    hub_.store().remove(copy_place(author_, digits));
    if (!draft || draft->at != copy.at || !not_shared(draft->body).sentence.empty()) return;
    hub_.store().remove(draft_at);
    drafts_of(Panel::Mode::edit)[digits] = {};
    publish_flags(false);
    for (const auto& [id, panel] : panels_)
        if (patients_.at(panel.patient).checked.digits == digits) panel_changed(panel);
}

void Session::note_drafts_elsewhere(const std::string& digits, const std::vector<json>& responses) {
    std::optional<plan::fhir::Submission> found;
    bool own_copy = false;
    const auto kept = hub_.store().get(copy_place(author_, digits));
    const DraftCopy copy = kept ? read_copy(kept->body) : DraftCopy{};
    for (const auto& response : responses) {
        try {
            auto one = plan::fhir::read_submission(response);
            if (one.status != plan::RevisionStatus::draft || !one.is_by(identity_->actor) ||
                !one.sent_back_by.empty())
                continue;
            const bool own = one.id == copy.id && one.etag == copy.etag;
            const bool here = own || computer_of(response) == computer_;
            own_copy = own_copy || (here && one.id == copy.id);
            if (!here && (!found || parse_time(one.authored) >= parse_time(found->authored)))
                found = std::move(one);
        } catch (const std::exception&) {
            hub_.log().say("a draft on the exchange cannot be read");
        }
    }
    // Ended or taken over elsewhere.
    if (kept && !own_copy && own_draft(digits) != 0) copy_soon(digits);
    Known& one = known(digits);
    const bool changed =
        found.has_value() != one.elsewhere.has_value() || (found && found->etag != one.elsewhere->etag);
    one.elsewhere = std::move(found);
    if (!changed) return;
    for (const auto& [id, panel] : panels_)
        if (patients_.at(panel.patient).checked.digits == digits) panel_changed(panel);
}

void Session::offer_draft_elsewhere(const OpenPatient& owner, json& offered) {
    const auto& elsewhere = known(owner.checked.digits).elsewhere;
    if (!elsewhere || !identity_ || !plan::may_edit(identity_->actor) || queued(owner.checked.digits)) return;
    const std::int32_t knowledge = knowledge_now(owner);
    if (knowledge != CAREPLUG_KNOWLEDGE_PLAN && knowledge != CAREPLUG_KNOWLEDGE_NO_PLAN &&
        knowledge != CAREPLUG_KNOWLEDGE_REMOVED)
        return;
    auto& actions = offered["actions"];
    const bool first = own_draft(owner.checked.digits) == 0;
    if (first)
        for (auto& action : actions) action["primary"] = false;
    actions.insert(actions.begin(),
                   json::object({{"id", "resume"},
                                 {"label", "Your draft of " + clock_words(parse_time(elsewhere->authored)) +
                                               " from another computer"},
                                 {"primary", first}}));
}

void Session::open_elsewhere(Panel& one, OpenPatient& owner) {
    const std::string& digits = owner.checked.digits;
    one.mode = Panel::Mode::edit;
    require_may_edit();
    require_nothing_queued(digits);
    const auto& elsewhere = known(digits).elsewhere;
    if (!elsewhere)
        throw Problem(CAREPLUG_REFUSED, "There is no draft of yours on another computer any more.");
    const json response = json::parse(elsewhere->resource);
    const plan::DataSet* data_set = hub_.catalogue().find(response.value("questionnaire", std::string()));
    const Known& found = known(digits);
    const bool published = found.answer.plan && found.answer.knowledge == CAREPLUG_KNOWLEDGE_PLAN;
    if (data_set == nullptr || (published && found.answer.data_set != data_set))
        throw Problem(
            CAREPLUG_REFUSED,
            "The draft was made with another form than this computer uses: finish it on the computer "
            "where you began it.");
    one.data_set = data_set;
    one.elsewhere = elsewhere;
    const auto draft = hub_.store().get({Drawer::draft, author_, digits, draft_name(one.mode)});
    if (!draft) {
        one.loading = published;
        if (!published) lay_draft(one, owner);
        return;
    }
    // One on each computer.
    read_draft(draft->body, *data_set, one);
    one.resumed = true;
    one.draft_kept = draft->at;
    const plan::Answers theirs = plan::fhir::read_revision(*data_set, response);
    const auto kept = hub_.store().get(copy_place(author_, digits));
    const DraftCopy copy = kept ? read_copy(kept->body) : DraftCopy{};
    const bool went_on = copy.id == elsewhere->id && !copy.items.empty();
    merge_own_draft(one, went_on ? answers_of(*data_set, json::parse(copy.items)) : one.base, theirs,
                    "You, on another computer", elsewhere->authored);
}

// The draft from another computer becomes this one's.
bool Session::lay_draft(Panel& one, OpenPatient& owner) {
    if (!one.elsewhere || one.resumed) return true;
    static const plan::Answers none;
    const std::string& changes = one.elsewhere->base_revision_id;
    const plan::Answers* base = nullptr;
    if (!one.loading || changes.empty())
        base = &none;
    else if (changes == owner.content->revision_id)
        base = &one.base;
    else if (const auto loaded = owner.past.find(changes); loaded != owner.past.end())
        base = &loaded->second;
    if (base == nullptr) {
        load_past(owner, changes, *one.data_set);
        return false;
    }
    one.answers = plan::fhir::read_revision(*one.data_set, json::parse(one.elsewhere->resource));
    for (const plan::Field* field : one.data_set->fields())
        if (!plan::same(*base, one.answers, field->link_id)) one.touched.insert(field->link_id);
    one.resumed = true;
    if (one.loading && base != &one.base) {
        one.base = *base;
        start_merge(one, owner);
    } else {
        keep_draft(one);
    }
    return true;
}

// With the draft that takes it in, this computer goes on with the copy of another.
void Session::take_copy(Panel& one) {
    if (!one.elsewhere) return;
    const std::string& digits = patients_.at(one.patient).checked.digits;
    const Place place = copy_place(author_, digits);
    // Its own copy is in what was brought together, and is withdrawn.
    if (const auto kept = hub_.store().get(place); kept && read_copy(kept->body).id != one.elsewhere->id)
        hub_.store().put({Drawer::draft, author_, digits, over_name(read_copy(kept->body).id)}, kept->body,
                         now_ms());
    const json response = json::parse(one.elsewhere->resource);
    const DraftCopy copy{digits,
                         one.elsewhere->id,
                         one.elsewhere->plan_id,
                         one.elsewhere->etag,
                         0,
                         response.value("item", json::array()).dump()};
    hub_.store().put(place, write_copy(copy), now_ms());
    one.elsewhere.reset();
    known(digits).elsewhere.reset();
    publish_flags(false);
}

void Session::draw_draft_elsewhere(const Panel& one, const OpenPatient& owner, json& out) {
    const auto& elsewhere = known(owner.checked.digits).elsewhere;
    if (!elsewhere || one.mode != Panel::Mode::edit) return;
    out["draft_elsewhere"] = {{"kept", elsewhere->authored}};
    if (!one.elsewhere)
        out["warnings"].push_back("You also have a draft of this plan from another computer, kept " +
                                  clock_words(parse_time(elsewhere->authored)) +
                                  ": close this form and open that draft to bring both together.");
}

}  // namespace careplug::engine
