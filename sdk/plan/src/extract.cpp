#include <careplug/controls/controls.h>
#include <careplug/plan/extract.h>
#include <careplug/plan/rules.h>
#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <utility>

#include "well_known.h"

namespace careplug::plan {

namespace {

constexpr const char* not_recorded = "not recorded";
constexpr const char* other_answer = "another answer";
constexpr const char* research = "con.research";
constexpr const char* permitted = "permitted";
constexpr std::array<std::pair<int, const char*>, 7> bands{{{18, "under 18"},
                                                            {50, "18 to 49"},
                                                            {65, "50 to 64"},
                                                            {75, "65 to 74"},
                                                            {85, "75 to 84"},
                                                            {95, "85 to 94"},
                                                            {1000, "95 or over"}}};

// Closed lists of codes alone: what somebody could have typed is in no extract, nor what is masked on a
// screen.
bool is_counted(const Field& field) {
    return field.type == ItemType::choice && !field.repeats && !field.hidden && field.sensitive.empty() &&
           field.unsupported.empty() && !field.options.empty() && field.merge_unit != "consent" &&
           field.merge_unit != "identity" && field.link_id != research;
}

std::string band_of(const Answers& answers, const std::string& today) {
    const Value* born = answers.first("dem.dob");
    const auto* date = born != nullptr ? std::get_if<Date>(born) : nullptr;
    const auto years = date != nullptr ? age(date->text, today) : std::nullopt;
    if (!years) return not_recorded;
    for (const auto& [below, words] : bands)
        if (*years < below) return words;
    return not_recorded;
}

std::string answer_of(const DataSet& data_set, const Field& field, const Answers& answers) {
    const Value* value = answers.first(field.link_id);
    if (value == nullptr) return not_recorded;
    const auto* coding = std::get_if<Coding>(value);
    if (coding == nullptr) return other_answer;
    const std::string code = meaning(data_set, coding->code);
    for (const Option& option : field.options)
        if (option.coding.code == code) return option.coding.display;
    return other_answer;
}

void add(ExtractTable& table, const std::string& answer) {
    const auto found = std::find_if(table.cells.begin(), table.cells.end(),
                                    [&](const ExtractTable::Cell& cell) { return cell.answer == answer; });
    if (found != table.cells.end())
        ++found->persons;
    else
        table.cells.push_back({answer, 1});
}

std::int64_t rounded(std::int64_t number, int to) {
    return to > 1 ? (number + to / 2) / to * to : number;
}

std::string quoted(const std::string& text) {
    std::string made = "\"";
    for (const char letter : text) made += letter == '"' ? std::string("\"\"") : std::string(1, letter);
    return made + "\"";
}

}  // namespace

Extract::Extract(const DataSet& data_set, ExtractRules rules) : data_set_(data_set), rules_(rules) {
    ExtractTable ages{"age", "Age", {}};
    for (const auto& [below, words] : bands) ages.cells.push_back({words});
    ages.cells.push_back({not_recorded});
    tables_ = {std::move(ages), {"month-published", "Month in which the plan was first published", {}}};
    for (const Field* field : data_set.fields()) {
        if (!is_counted(*field)) continue;
        ExtractTable table{field->link_id, field->text, {}};
        for (const Option& option : field->options) table.cells.push_back({option.coding.display});
        table.cells.push_back({other_answer});
        table.cells.push_back({not_recorded});
        tables_.push_back(std::move(table));
        fields_.push_back(field);
    }
}

bool Extract::may_count(const Plan& plan, const Answers& answers, bool consent_active) const {
    if ((plan.status != PlanStatus::active || !consent_active) && control::on("H18.states-honoured"))
        return false;
    if (!control::on("H18.research-consent")) return true;
    const Value* answer = answers.first(research);
    const auto* coding = answer != nullptr ? std::get_if<Coding>(answer) : nullptr;
    return coding != nullptr && coding->code == permitted;
}

void Extract::count(const Plan& plan, const Answers& answers, const std::string& today) {
    ++persons_;
    add(tables_[0], band_of(answers, today));
    add(tables_[1], plan.created.size() < 7 ? not_recorded : plan.created.substr(0, 7));
    for (std::size_t at = 0; at < fields_.size(); ++at)
        add(tables_[at + 2], answer_of(data_set_, *fields_[at], answers));
}

void suppress(ExtractTable& table, const ExtractRules& rules) {
    std::vector<ExtractTable::Cell*> by_size;
    for (auto& cell : table.cells) by_size.push_back(&cell);
    std::stable_sort(by_size.begin(), by_size.end(),
                     [](const auto* a, const auto* b) { return a->persons < b->persons; });
    std::size_t hidden = 0;
    std::int64_t in_hidden = 0;
    for (const auto* cell : by_size) {
        // Nobody is a small number too: that nobody gave an answer tells something of everybody.
        const bool small = cell->persons < rules.smallest && control::on("H18.small-numbers");
        // What is hidden is at least two cells, and together no small number: else the total gives it back.
        const bool alone =
            hidden > 0 && (hidden < 2 || in_hidden < rules.smallest) && control::on("H18.not-by-difference");
        if (!small && !alone) break;
        ++hidden;
        in_hidden += cell->persons;
    }
    for (std::size_t at = 0; at < by_size.size(); ++at)
        by_size[at]->shown =
            at < hidden ? std::nullopt : std::optional(rounded(by_size[at]->persons, rules.rounding));
}

std::vector<ExtractTable> Extract::tables() const {
    auto tables = tables_;
    for (auto& table : tables) {
        if (table.question == "month-published")
            std::sort(table.cells.begin(), table.cells.end(),
                      [](const auto& a, const auto& b) { return a.answer < b.answer; });
        suppress(table, rules_);
    }
    return tables;
}

std::optional<std::int64_t> Extract::total() const {
    if (persons_ < rules_.smallest && control::on("H18.small-numbers")) return std::nullopt;
    return rounded(persons_, rules_.rounding);
}

std::string write_extract(const Extract& extract, const DataSet& data_set, const std::string& month) {
    const auto& rules = extract.rules();
    std::string out = "# Careplug anonymous extract, " + month + ", " + data_set.canonical() + "\n";
    out +=
        "# Counted: persons with an active plan whose consent to share stands, who permitted the use of "
        "anonymised "
        "data for audit and research.\n"
        "# Not asked is not counted; a person whose record is restricted is not counted. No text that "
        "anybody "
        "typed, no identity, no day.\n";
    out +=
        "# A cell of fewer than " + std::to_string(rules.smallest) +
        " persons is suppressed (*), none included; so are as many others as keep it from being computed.\n";
    out += "# Every number is rounded to a multiple of " + std::to_string(rules.rounding) +
           ". Each table counts each person once; no two answers are crossed.\n";
    out += "question,label,answer,persons\n";
    const auto number = [](const std::optional<std::int64_t>& shown) {
        return shown ? std::to_string(*shown) : std::string("*");
    };
    out += "total,\"All persons counted\",," + number(extract.total()) + "\n";
    for (const auto& table : extract.tables())
        for (const auto& cell : table.cells)
            out += table.question + "," + quoted(table.label) + "," + quoted(cell.answer) + "," +
                   number(cell.shown) + "\n";
    return out;
}

}  // namespace careplug::plan
