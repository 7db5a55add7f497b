#include <careplug/controls/controls.h>
#include <careplug/plan/rows.h>
#include <careplug/plan/validate.h>
#include <algorithm>
#include <set>

#include "value_check.h"
#include "words.h"

namespace careplug::plan {

namespace {

std::string quoted(const std::string& text) {
    return "\"" + text + "\"";
}

class Validator {
public:
    Validator(const DataSet& set, const Answers& given, Intent wanted, const std::string& on)
        : data_set(set), answers(given), intent(wanted), today(on) {}

    std::vector<Issue> run() {
        for (const Item& item : answers.items)
            if (!is_field(item.link_id)) unknown(item, "");
        for (const Field* field : data_set.fields()) {
            std::vector<const Item*> rows;
            for (const Item& item : answers.items)
                if (item.link_id == field->link_id && answered(item)) rows.push_back(&item);
            check_question(*field, rows, nullptr);
            check_row_ids(*field, rows);
        }
        if (intent == Intent::publish && control::on("H20.lint")) check_lint();
        return std::move(issues);
    }

private:
    bool is_field(const std::string& link_id) const {
        const auto fields = data_set.fields();
        return std::any_of(fields.begin(), fields.end(),
                           [&](const Field* field) { return field->link_id == link_id; });
    }

    void add(Severity severity, const char* code, const Field& field, const Item* row,
             const std::string& words) {
        issues.push_back({severity, code, field.link_id, row != nullptr ? row_id(*row) : "", words});
    }

    void unknown(const Item& item, const std::string& row) {
        issues.push_back(
            {Severity::error, "structure", item.link_id, row,
             quoted(item.link_id) + " is not a question of this plan, or stands in the wrong place."});
    }

    // `items` are the items of this question: in the whole plan, or in `row` of its group.
    void check_question(const Field& field, const std::vector<const Item*>& items, const Item* row) {
        if (items.size() > 1 && !(field.repeats && field.type == ItemType::group))
            add(Severity::error, "duplicate", field, row, quoted(field.text) + " is given more than once.");
        for (const Item* item : items) {
            check_answers(field, *item, row);
            check_children(field, *item);
        }
        const RuleContext context{data_set, answers, today, row};
        const bool is_enabled = enabled(field, context);
        if (intent == Intent::publish && !items.empty() && !is_enabled)
            add(Severity::error, "invariant", field, row,
                quoted(field.text) +
                    " is answered although it does not apply. Clear it, or correct what it depends on.");
        if (!is_enabled || !items.empty()) return;
        const bool now = intent == Intent::publish || (row != nullptr && intent == Intent::submit);
        if (now && required(field, context))
            add(Severity::error, "required", field, row,
                quoted(field.text) +
                    (row != nullptr ? " is needed in each entry." : " is needed to publish."));
        else if (intent == Intent::publish && field.prompt_if_empty)
            add(Severity::information, "informational", field, row,
                quoted(field.text) + " is empty. Is that right?");
    }

    void check_answers(const Field& field, const Item& item, const Item* row) {
        if (item.answers.size() > 1 && !field.repeats)
            add(Severity::error, "structure", field, row, quoted(field.text) + " takes one answer.");
        for (auto value = item.answers.begin(); value != item.answers.end(); ++value) {
            if (const std::string wrong = wrong_with(data_set, field, *value); !wrong.empty())
                add(Severity::error, "value", field, row, quoted(field.text) + " " + wrong);
            else if (const std::string doubt = doubtful_in(field, *value); !doubt.empty())
                add(Severity::warning, "value", field, row, quoted(field.text) + " " + doubt);
            if (std::find(item.answers.begin(), value, *value) != value)
                add(Severity::error, "duplicate", field, row,
                    quoted(field.text) + " has the same answer twice: " + quoted(value_words(*value)) + ".");
            check_code(field, *value, row);
        }
        check_exclusive(field, item, row);
    }

    void check_code(const Field& field, const Value& value, const Item* row) {
        const auto* coding = std::get_if<Coding>(&value);
        if (coding == nullptr || intent == Intent::save_draft) return;
        const std::string code = meaning(data_set, coding->code);
        for (const Option& option : field.options)
            if (option.coding.code == code &&
                !holds(option.enable_when, RuleContext{data_set, answers, today, row}))
                add(Severity::error, "value", field, row,
                    quoted(field.text) + " cannot be " + quoted(option.coding.display) + " for this person.");
        if (intent == Intent::publish && control::on("H8.consent-to-publish") &&
            !permits_publishing(data_set, field, code))
            add(Severity::error, "business-rule", field, row,
                quoted(field.text) + " is " + quoted(value_words(value)) +
                    ": this does not permit publishing.");
    }

    void check_exclusive(const Field& field, const Item& item, const Item* row) {
        if (item.answers.size() < 2) return;
        for (const Value& value : item.answers) {
            const auto* coding = std::get_if<Coding>(&value);
            if (coding == nullptr || std::find(field.exclusive.begin(), field.exclusive.end(),
                                               meaning(data_set, coding->code)) == field.exclusive.end())
                continue;
            add(Severity::error, "invariant", field, row,
                quoted(field.text) + ": " + quoted(value_words(value)) + " excludes every other answer.");
            return;
        }
    }

    void check_children(const Field& field, const Item& row) {
        for (const Item& child : row.items) {
            const bool known = std::any_of(field.items.begin(), field.items.end(),
                                           [&](const Field& each) { return each.link_id == child.link_id; });
            const bool is_row_id = field.has_row_id && child.link_id == row_link_id(field.link_id);
            if (!known && !is_row_id) unknown(child, row_id(row));
        }
        for (const Field& question : field.items) {
            std::vector<const Item*> items;
            for (const Item& child : row.items)
                if (child.link_id == question.link_id && answered(child)) items.push_back(&child);
            check_question(question, items, &row);
        }
    }

    void check_row_ids(const Field& field, const std::vector<const Item*>& rows) {
        std::set<std::string> seen;
        for (const Item* row : rows)
            if (const std::string id = row_id(*row); !id.empty() && !seen.insert(id).second)
                add(Severity::error, "duplicate", field, row,
                    "Two entries of " + quoted(field.text) + " have one row id.");
    }

    void check_lint() {
        for (const LintRule& lint : data_set.lint) {
            if (!holds(lint.rule, RuleContext{data_set, answers, today, nullptr})) continue;
            issues.push_back({lint.blocks ? Severity::error : Severity::warning, "business-rule",
                              lint.rule.conditions.front().question, "", lint.words});
        }
    }

    const DataSet& data_set;
    const Answers& answers;
    const Intent intent;
    const std::string& today;
    std::vector<Issue> issues;
};

std::string who_may(const Field& field) {
    std::string words;
    for (const std::string& role : field.may_edit) {
        if (role == "system") continue;
        if (!words.empty()) words += ", ";
        words += role_words(role);
    }
    return words.empty() ? "It comes from the record and cannot be edited here."
                         : "These can: " + words + ".";
}

}  // namespace

std::vector<Issue> validate(const DataSet& data_set, const Answers& answers, Intent intent,
                            const std::string& today) {
    return Validator(data_set, answers, intent, today).run();
}

std::vector<Issue> check_edit_rights(const DataSet& data_set, const Actor& actor, const Answers& before,
                                     const Answers& after, const Answers* submitted) {
    if (!control::on("H9.fields-by-role")) return {};
    if (!may_edit(actor) && !may_edit_own(actor))
        return {{Severity::error, "forbidden", "", "", "Your role cannot edit plans. " + who_may_edit()}};
    std::vector<Issue> issues;
    for (const Field* field : data_set.fields()) {
        if (same(before, after, field->link_id) || may_edit_field(actor, *field)) continue;
        if (submitted != nullptr && same(*submitted, after, field->link_id)) continue;
        // What the host's record fills in on first use is nobody's edit.
        if (field->prefill && !before.has(field->link_id)) continue;
        issues.push_back({Severity::error, "forbidden", field->link_id, "",
                          "Your role cannot change " + quoted(field->text) + ". " + who_may(*field)});
    }
    return issues;
}

bool blocks(const std::vector<Issue>& issues) {
    return std::any_of(issues.begin(), issues.end(),
                       [](const Issue& issue) { return issue.severity == Severity::error; });
}

}  // namespace careplug::plan
