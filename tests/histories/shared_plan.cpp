#include "shared_plan.h"

#include <careplug/plan/rows.h>
#include <careplug/plan/states.h>
#include <fstream>
#include <set>
#include <sstream>

#include "edits.h"

namespace histories {

namespace {

void add_text(const Item& item, std::string& text) {
    std::map<std::string, std::string> children;
    for (const Item& child : item.items) add_text(child, children[child.link_id]);
    text += item.link_id + "=";
    for (const Value& value : item.answers) {
        if (const auto* word = std::get_if<std::string>(&value)) text += *word + ",";
        if (const auto* coding = std::get_if<Coding>(&value)) text += coding->code + ",";
    }
    for (const auto& [link_id, child] : children) text += "(" + child + ")";
}

std::string at(const Contents& contents, const std::string& unit) {
    const auto found = contents.find(unit);
    return found == contents.end() ? "" : found->second;
}

bool withdrawn(const Answers& answers) {
    const Value* status = answers.first("con.status");
    return status != nullptr && std::get<Coding>(*status).code == "withdrawn";
}

void require(bool holds, const std::string& what) {
    if (!holds) throw Broken(what);
}

std::set<std::string> ids(const std::vector<UnitConflict>& conflicts) {
    std::set<std::string> all;
    for (const UnitConflict& conflict : conflicts) all.insert(conflict.unit.id());
    return all;
}

}  // namespace

const DataSet& plan_for_histories() {
    static const DataSet data_set = [] {
        std::ostringstream text;
        text << std::ifstream(std::string(CAREPLUG_SOURCE_DIR) + "/tests/histories/plan.json").rdbuf();
        return read_data_set(text.str());
    }();
    return data_set;
}

Answers first_answers() {
    Answers answers;
    answers.set("con.status", Coding{"urn:x-local:histories", "given", ""});
    for (const char* field : {"cpr.decision", "cpr.date", "cpr.where", "words.matters", "alg.state"})
        answers.set(field, std::string("first"));
    for (std::uint64_t row = 0; row < 6; ++row)
        edit_draft(answers, Operation::add_row, row + (row << 8U), "first " + std::to_string(row));
    return answers;
}

Contents contents_of(const DataSet& data_set, const Answers& answers) {
    Contents contents;
    for (const Field* field : data_set.fields())
        for (const Item* item : answers.all(field->link_id)) {
            const Unit unit{field->merge_unit, merges_by_rows(data_set, *field) ? row_id(*item) : ""};
            add_text(*item, contents[unit.id()]);
        }
    return contents;
}

bool same_answers(const DataSet& data_set, const Answers& a, const Answers& b) {
    for (const Field* field : data_set.fields())
        if (!same(a, b, field->link_id)) return false;
    return true;
}

SharedPlan::SharedPlan(const DataSet& data_set, int people)
    : data_set_(&data_set), answers_(first_answers()) {
    for (int i = 0; i < people; ++i)
        people_.push_back({std::string(1, static_cast<char>('A' + i)), false, 0, {}, {}, {}, {}, 0});
}

Person& SharedPlan::editor(int person) {
    Person& one = people_.at(static_cast<std::size_t>(person));
    if (one.open) return one;
    one.open = true;
    one.version = version_;
    one.base = one.mine = answers_;
    one.saw = contents_of(*data_set_, answers_);
    one.typed.clear();
    return one;
}

void SharedPlan::set_status(PlanStatus status) {
    status_ = status;
    ++version_;
}

void SharedPlan::edit(Person& one, Operation operation, std::uint64_t pick) {
    const Contents before = contents_of(*data_set_, one.mine);
    edit_draft(one.mine, operation, pick, one.name + std::to_string(++one.words));
    const Contents after = contents_of(*data_set_, one.mine);
    for (const Contents* each : {&before, &after})
        for (const auto& [unit, content] : *each)
            if (at(before, unit) != at(after, unit)) one.typed[unit] = at(after, unit);
    std::erase_if(one.typed, [&](const auto& typed) { return typed.second == at(one.saw, typed.first); });
}

// Merges what was published meanwhile into a draft. Returns whether the person was asked.
bool SharedPlan::meet(Person& one, std::uint64_t pick) {
    const Merge result = merge(*data_set_, one.base, one.mine, answers_);
    const Merge turned = merge(*data_set_, one.base, answers_, one.mine);
    require(ids(result.conflicts) == ids(turned.conflicts),
            "the sides do not agree about what is in conflict");
    require(!result.conflicts.empty() || same_answers(*data_set_, result.merged, turned.merged),
            "the merge depends on who merges");

    const Contents theirs = contents_of(*data_set_, answers_);
    const bool withdrawal = !withdrawn(one.base) && withdrawn(one.mine) != withdrawn(answers_);
    const std::set<std::string> conflicts = ids(result.conflicts);
    for (auto typed = one.typed.begin(); typed != one.typed.end();) {
        const std::string& unit = typed->first;
        const bool they_changed = at(theirs, unit) != at(one.saw, unit);
        const bool alike = at(theirs, unit) == typed->second;
        const bool ruled = withdrawal && unit == "consent";
        require(!ruled || !conflicts.contains(unit), "withdrawal of consent is in doubt");
        if (!ruled)
            require(conflicts.contains(unit) == (they_changed && !alike),
                    "a conflict in " + unit + " is missed or made up");
        const bool gone = alike || (ruled && withdrawn(answers_));
        typed = gone ? one.typed.erase(typed) : std::next(typed);
    }
    for (const std::string& unit : conflicts) require(one.typed.contains(unit), "a conflict without my edit");
    require(!withdrawal || withdrawn(result.merged), "withdrawal of consent did not win");

    Answers decided = result.merged;
    for (const UnitConflict& conflict : result.conflicts) {
        pick = pick * 6364136223846793005ULL + 1442695040888963407ULL;
        if ((pick >> 40U) % 2 == 0)
            one.typed.erase(conflict.unit.id());
        else
            take_unit(*data_set_, decided, one.mine, conflict.unit);
    }
    const Merge again = merge(*data_set_, answers_, decided, answers_);
    require(again.conflicts.empty() && again.taken.empty() && same_answers(*data_set_, again.merged, decided),
            "merging again changes something");
    one.base = answers_;
    one.mine = std::move(decided);
    one.version = version_;
    one.saw = theirs;
    return !conflicts.empty();
}

// Exactly what this person typed changed, and only over what this person had seen.
void SharedPlan::check_publish(const Person& one) const {
    const Contents before = contents_of(*data_set_, answers_);
    const Contents after = contents_of(*data_set_, one.mine);
    for (const Contents* each : {&before, &after})
        for (const auto& [unit, content] : *each) {
            const auto typed = one.typed.find(unit);
            if (typed == one.typed.end())
                require(at(after, unit) == at(before, unit), unit + " changed from " + at(before, unit) +
                                                                 " to " + at(after, unit) +
                                                                 ", and nobody typed it");
            else
                require(at(after, unit) == typed->second, one.name + " typed " + typed->second + " in " +
                                                              unit + ", and " + at(after, unit) +
                                                              " is published");
            require(at(one.saw, unit) == at(before, unit), unit + " was overwritten unseen");
        }
    for (const auto& [unit, content] : one.typed)
        require(at(after, unit) == content, one.name + "'s edit of " + unit + " is lost");
}

Outcome SharedPlan::publish(int person, std::uint64_t pick) {
    Person& one = people_.at(static_cast<std::size_t>(person));
    if (!one.open) return Outcome::nothing;
    if (status_ != PlanStatus::active) return Outcome::refused;
    bool asked = false;
    if (one.version != version_) asked = meet(one, pick);
    // Who was asked may think on, and be overtaken again.
    if (asked && (pick & 2U) != 0) return Outcome::decided;
    one.open = false;
    check_publish(one);
    if (same_answers(*data_set_, one.mine, answers_)) return asked ? Outcome::decided : Outcome::nothing;
    answers_ = one.mine;
    ++version_;
    return asked ? Outcome::decided : Outcome::stands;
}

Outcome SharedPlan::change_status(Operation operation) {
    static const std::map<Operation, std::pair<PlanStatus, PlanStatus>> moves{
        {Operation::withdraw_consent, {PlanStatus::active, PlanStatus::on_hold}},
        {Operation::give_consent, {PlanStatus::on_hold, PlanStatus::active}},
        {Operation::close, {PlanStatus::active, PlanStatus::completed}},
        {Operation::reopen, {PlanStatus::completed, PlanStatus::active}},
        {Operation::remove, {PlanStatus::active, PlanStatus::entered_in_error}}};
    const auto& [from, to] = moves.at(operation);
    if (status_ == to) return Outcome::nothing;
    // Giving consent does not open a closed plan, and reopening one gives no consent.
    if (to == PlanStatus::active && status_ != from) return Outcome::refused;
    if (!act_between(status_, to)) return Outcome::refused;
    set_status(to);
    return Outcome::stands;
}

Outcome SharedPlan::act(int person, Operation operation, std::uint64_t pick) {
    if (changes_status(operation)) return change_status(operation);
    if (operation == Operation::note)
        return status_ == PlanStatus::active ? Outcome::stands : Outcome::refused;
    if (operation == Operation::publish) return publish(person, pick);
    Person& one = people_.at(static_cast<std::size_t>(person));
    if (operation == Operation::discard || operation == Operation::submit) {
        if (!one.open) return Outcome::nothing;
        if (operation == Operation::submit && status_ != PlanStatus::active) return Outcome::refused;
        one.open = false;
        return Outcome::stands;
    }
    if (!one.open && status_ != PlanStatus::active) return Outcome::refused;
    edit(editor(person), operation, pick);
    return Outcome::stands;
}

}  // namespace histories
