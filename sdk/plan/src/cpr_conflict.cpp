#include <careplug/base.h>

#include <careplug/controls/controls.h>
#include <careplug/plan/cpr_conflict.h>
#include <careplug/plan/flags.h>
#include <careplug/plan/rules.h>
#include <algorithm>

#include "cpr.h"
#include "dates.h"
#include "words.h"

namespace careplug::plan {

namespace {

struct Said {
    CprStatement statement;
    std::string day;   // YYYY-MM-DD where it is signed and dated in full
    std::string code;  // what it means; empty for what is no CPR decision
    std::string flag;  // that it raises
};

// "cpr.decision" and "date" give "cpr.date".
std::string beside(const std::string& link_id, const char* name) {
    return link_id.substr(0, link_id.rfind('.') + 1) + name;
}

std::string date_in(const CprSource& source, const std::string& link_id) {
    const Value* value = source.answers.first(link_id);
    const auto* date = value == nullptr ? nullptr : std::get_if<Date>(value);
    return date == nullptr ? source.date : date->text;
}

Said said(const CprSource& source, const std::string& words, const std::string& date, const std::string& by) {
    Said one;
    one.statement = {words, source.name, date_words(date.substr(0, 10)), by, false};
    const auto parsed = parse_date(date.substr(0, 10));
    if (!by.empty() && parsed && !parsed->partial()) one.day = date.substr(0, 10);
    return one;
}

// The flag of the CPR slot that these answers raise; empty for one that they would raise without an answer,
// too.
std::string decision_flag(const DataSet& data_set, const Answers& answers) {
    const Answers none;
    for (const FlagDefinition& flag : data_set.flags) {
        if (flag.slot != CAREPLUG_SLOT_CPR || flag.by_program) continue;
        if (!holds(flag.rule, {data_set, answers, {}, nullptr})) continue;
        return holds(flag.rule, {data_set, none, {}, nullptr}) ? std::string() : flag.id;
    }
    return {};
}

std::optional<Said> decision(const CprSource& source) {
    const DataSet& data_set = *source.data_set;
    const CprReading reading = read_cpr(data_set, source.answers);
    if (reading.state == CprReading::State::no_question || reading.state == CprReading::State::not_recorded)
        return std::nullopt;
    const std::string question = cpr_field(data_set);
    std::string by = display(data_set, source.answers, beside(question, "by"));
    if (by.empty()) by = source.by;
    const std::string date = date_in(source, beside(question, "date"));
    if (reading.state == CprReading::State::unreadable) {
        Said one = said(source, "\"" + reading.text + "\"", date, by);
        one.code = "\"" + reading.text;
        return one;
    }
    const std::string flag = decision_flag(data_set, source.answers);
    if (flag.empty()) return std::nullopt;
    const Coding& coding = std::get<Coding>(*source.answers.first(question));
    std::string words = display(data_set, source.answers, question);
    const auto legacy = data_set.legacy_displays.find(coding.code);
    if (words == coding.code && legacy != data_set.legacy_displays.end()) words = legacy->second;
    Said one = said(source, words, date, by);
    one.code = meaning(data_set, coding.code);
    one.flag = flag;
    return one;
}

bool same_decision(const Said& a, const Said& b) {
    return a.code == b.code || (!a.flag.empty() && a.flag == b.flag);
}

// What this source says against that decision by a rule that forbids both.
std::vector<Said> against(const CprSource& source, const Answers& decided, const std::string& decided_by) {
    std::vector<Said> found;
    const DataSet& data_set = *source.data_set;
    const std::string question = cpr_field(data_set);
    if (question.empty()) return found;
    Answers both = source.answers;
    std::vector<Item> rows;
    for (const Item* item : decided.all(decided_by)) rows.push_back({question, item->answers, item->items});
    both.replace(question, std::move(rows));
    for (const LintRule& lint : data_set.lint) {
        if (!contradicts_cpr(data_set, lint) || !holds(lint.rule, {data_set, both, {}, nullptr})) continue;
        for (const Condition& condition : lint.rule.conditions) {
            if (condition.question == question || !source.answers.has(condition.question)) continue;
            found.push_back(said(source, display(data_set, source.answers, condition.question),
                                 date_in(source, condition.question + "_date"), source.by));
        }
    }
    return found;
}

void mark_newest(std::vector<Said>& all) {
    std::stable_sort(all.begin(), all.end(), [](const Said& a, const Said& b) { return a.day > b.day; });
    if (all.size() > 1 && !all[0].day.empty() && all[0].day > all[1].day) all[0].statement.newest = true;
}

}  // namespace

bool contradicts_cpr(const DataSet& data_set, const LintRule& lint) {
    const std::string question = cpr_field(data_set);
    if (!lint.blocks || lint.rule.any || question.empty()) return false;
    const auto asks = [&](const Condition& condition) { return condition.question == question; };
    const auto& conditions = lint.rule.conditions;
    return std::any_of(conditions.begin(), conditions.end(), asks) &&
           !std::all_of(conditions.begin(), conditions.end(), asks);
}

CprSource source_of(const DataSet& data_set, const Plan& plan) {
    return {&data_set, plan.summary, data_set.title, plan.amended, plan.approver};
}

std::vector<CprStatement> cpr_conflict(const std::vector<CprSource>& sources) {
    std::vector<Said> decisions;
    std::vector<Said> others;
    bool differ = false;
    for (const CprSource& source : sources) {
        auto one = decision(source);
        if (!one) continue;
        for (const CprSource& other : sources)
            for (Said& said : against(other, source.answers, cpr_field(*source.data_set))) {
                const auto same = [&](const Said& known) { return known.statement == said.statement; };
                if (std::none_of(others.begin(), others.end(), same)) others.push_back(std::move(said));
            }
        for (const Said& before : decisions) differ = differ || !same_decision(before, *one);
        decisions.push_back(std::move(*one));
    }
    if ((!differ && others.empty()) || !control::on("H6.conflict")) return {};
    std::move(others.begin(), others.end(), std::back_inserter(decisions));
    mark_newest(decisions);
    std::vector<CprStatement> conflict;
    for (Said& one : decisions) conflict.push_back(std::move(one.statement));
    return conflict;
}

std::string words_of(const std::vector<CprStatement>& conflict) {
    std::string text;
    for (const CprStatement& one : conflict) {
        if (!text.empty()) text += &one == &conflict[1] ? " against " : "; also ";
        text += one.words + (one.newest ? ", newest signed" : "") + " (" + one.source + ", " +
                (one.date.empty() ? not_recorded : one.date) + ", " +
                (one.by.empty() ? "signer " + std::string(not_recorded) : one.by) + ")";
    }
    return text;
}

}  // namespace careplug::plan
