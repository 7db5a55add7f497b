#include <careplug/plan/changes.h>
#include <careplug/plan/flags.h>
#include <careplug/plan/merge.h>
#include <careplug/plan/rows.h>

#include <algorithm>

#include "well_known.h"

namespace careplug::plan {

namespace {

using Kind = AnswerChange::Kind;

std::string codes_of(const Answers& answers, const std::string& link_id) {
    std::string codes;
    for (const Value* value : answers.values(link_id))
        if (const auto* coding = std::get_if<Coding>(value))
            codes += (codes.empty() ? " (" : ", ") + coding->code;
    return codes.empty() ? codes : codes + ")";
}

Answers alone(const Item* row) {
    Answers answers;
    if (row != nullptr) answers.items.push_back(*row);
    return answers;
}

class Comparing {
public:
    Comparing(const DataSet& set, const Answers& before, const Answers& after)
        : set_(set), before_(before), after_(after) {}

    std::vector<AnswerChange> run() {
        for (const Field* field : set_.fields()) {
            if (field->hidden || same(before_, after_, field->link_id)) continue;
            if (field->type != ItemType::group)
                add(field->link_id, before_, after_);
            else if (field->repeats && field->has_row_id)
                rows(*field);
            else if (field->repeats)
                add(field->link_id, before_, after_);
            else
                questions(*field, first(before_, *field), first(after_, *field), {}, {});
        }
        return std::move(changes_);
    }

private:
    static const Item* first(const Answers& answers, const Field& field) {
        const auto all = answers.all(field.link_id);
        return all.empty() ? nullptr : all.front();
    }

    void add(const std::string& link_id, const Answers& was, const Answers& is, const std::string& row = {},
             const std::string& words = {}) {
        AnswerChange change{
            link_id, row, words, Kind::changed, display(set_, was, link_id), display(set_, is, link_id)};
        if (!was.has(link_id)) change.kind = Kind::added;
        if (!is.has(link_id)) change.kind = Kind::removed;
        // The same words for two codes are a change all the same (hazard H20).
        if (change.kind == Kind::changed && change.before == change.after) {
            change.before += codes_of(was, link_id);
            change.after += codes_of(is, link_id);
        }
        changes_.push_back(std::move(change));
    }

    // The questions of one group or row that differ.
    void questions(const Field& group, const Item* was, const Item* is, const std::string& row,
                   const std::string& words) {
        const Answers in_was = alone(was);
        const Answers in_is = alone(is);
        const Answers of_was{was == nullptr ? std::vector<Item>{} : was->items};
        const Answers of_is{is == nullptr ? std::vector<Item>{} : is->items};
        for (const Field& question : group.items)
            if (!question.hidden && !same(of_was, of_is, question.link_id))
                add(question.link_id, in_was, in_is, row, words);
    }

    // The first thing that a row says: a name, a medicine, a problem.
    std::string words_of(const Field& group, const Item& row) const {
        const Answers only = alone(&row);
        for (const Field& question : group.items)
            if (!question.hidden && question.type != ItemType::integer && only.has(question.link_id))
                return display(set_, only, question.link_id);
        return {};
    }

    void rows(const Field& group) {
        const auto was = before_.all(group.link_id);
        const auto is = after_.all(group.link_id);
        const auto find = [](const auto& list, const std::string& id) -> const Item* {
            for (const Item* row : list)
                if (row_id(*row) == id) return row;
            return nullptr;
        };
        const std::size_t found_before = changes_.size();
        for (const Item* row : was)
            if (find(is, row_id(*row)) == nullptr)
                changes_.push_back({group.link_id, row_id(*row), words_of(group, *row), Kind::removed,
                                    display(set_, alone(row), group.link_id), ""});
        for (const Item* row : is) {
            const std::string id = row_id(*row);
            if (const Item* old = find(was, id))
                questions(group, old, row, id, words_of(group, *row));
            else
                changes_.push_back({group.link_id, id, words_of(group, *row), Kind::added, "",
                                    display(set_, alone(row), group.link_id)});
        }
        if (changes_.size() == found_before)
            changes_.push_back(
                {group.link_id, "", "order", Kind::changed, order(group, was), order(group, is)});
    }

    std::string order(const Field& group, const std::vector<const Item*>& rows) const {
        std::string words;
        for (const Item* row : rows) words += (words.empty() ? "" : ", ") + words_of(group, *row);
        return words;
    }

    const DataSet& set_;
    const Answers& before_;
    const Answers& after_;
    std::vector<AnswerChange> changes_;
};

std::string unit_of(const DataSet& set, const char* link_id) {
    const Field* field = set.find(link_id);
    return field != nullptr ? field->merge_unit : std::string();
}

}  // namespace

const char* code(AnswerChange::Kind kind) {
    if (kind == Kind::added) return "added";
    return kind == Kind::removed ? "removed" : "changed";
}

std::vector<AnswerChange> changes(const DataSet& data_set, const Answers& before, const Answers& after) {
    return Comparing(data_set, before, after).run();
}

Restored restore(const DataSet& data_set, const Answers& now, const Answers& earlier,
                 const std::vector<std::string>& stays) {
    Restored made{now, {}, {}};
    const auto always = {unit_of(data_set, well_known::nhs_number), unit_of(data_set, well_known::family),
                         unit_of(data_set, well_known::birth_date), unit_of(data_set, well_known::consent),
                         unit_of(data_set, well_known::consent_date)};
    for (const std::string& unit : data_set.merge_units()) {
        std::vector<std::string> differing;
        bool must_stay = std::find(always.begin(), always.end(), unit) != always.end();
        for (const Field* field : data_set.fields()) {
            if (field->merge_unit != unit || same(now, earlier, field->link_id)) continue;
            differing.push_back(field->link_id);
            must_stay = must_stay || field->hidden || field->read_only ||
                        std::find(stays.begin(), stays.end(), field->link_id) != stays.end();
        }
        if (!must_stay && !differing.empty()) take_unit(data_set, made.answers, earlier, {unit, {}});
        auto& list = must_stay ? made.kept : made.taken;
        list.insert(list.end(), differing.begin(), differing.end());
    }
    return made;
}

}  // namespace careplug::plan
