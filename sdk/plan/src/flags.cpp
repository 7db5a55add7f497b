#include <careplug/base.h>

#include <careplug/controls/controls.h>
#include <careplug/plan/flags.h>
#include <careplug/plan/rules.h>
#include <careplug/plan/withhold.h>
#include <algorithm>
#include <map>
#include <tuple>

#include "cpr.h"
#include "dates.h"
#include "flag_definitions.h"
#include "well_known.h"
#include "wire_flags.h"
#include "words.h"

namespace careplug::plan {

namespace {

using Variables = std::map<std::string, std::string>;

bool contains(const std::vector<std::string>& list, const std::string& text) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

// Collects the flags of one patient for one view.
class Collector {
public:
    // Without a view nothing is left out.
    Collector(const DataSet& set, const Answers& given, std::string on, const std::string* for_view)
        : data_set(set), answers(given), today(std::move(on)), view(for_view) {}

    bool in_view(const FlagDefinition& flag) const {
        if (view == nullptr) return true;
        return flag.views.empty() ? *view != "patient" : contains(flag.views, *view);
    }

    void add(const FlagDefinition& flag, const Variables& variables) {
        if (!in_view(flag)) return;
        flags.push_back({flag.id, flag.slot, flag.rank,
                         fill_words(data_set, flag.short_words, answers, variables),
                         fill_words(data_set, flag.long_words, answers, variables), flag.on_wire});
    }

    void add_content() {
        const CprReading cpr = read_cpr(data_set, answers);
        const bool by_rule =
            cpr.state == CprReading::State::readable || cpr.state == CprReading::State::not_recorded;
        bool cpr_withheld = false;
        for (const FlagDefinition& flag : data_set.flags) {
            const bool is_cpr = flag.slot == CAREPLUG_SLOT_CPR;
            if (flag.by_program || (is_cpr && !by_rule) || !holds(flag.rule, context())) continue;
            if (withheld(flag))
                cpr_withheld = cpr_withheld || is_cpr;
            else
                add(flag, {{"date", earliest_passed(flag.rule)}});
        }
        if (has_cpr() || !control::on("H3.cpr-slot")) return;
        // Never an empty CPR slot: it would read as "for CPR".
        std::string text = cpr.text;
        if (cpr_withheld || cpr_hidden())
            text = "not shown here";
        else if (text.empty())
            text = not_recorded;
        add(definition_of(data_set, "cpr-unreadable"), {{"text", text}});
    }

    std::vector<Flag> take() {
        std::stable_sort(flags.begin(), flags.end(), [](const Flag& a, const Flag& b) {
            return std::tie(a.slot, a.rank) < std::tie(b.slot, b.rank);
        });
        return std::move(flags);
    }

private:
    RuleContext context() const { return {data_set, answers, today, nullptr}; }

    bool has_cpr() const {
        return std::any_of(flags.begin(), flags.end(),
                           [](const Flag& flag) { return flag.slot == CAREPLUG_SLOT_CPR; });
    }

    bool hidden_here(std::string_view link_id) const {
        if (view == nullptr || !control::on("H12.hidden-in-flags")) return false;
        const Field* field = data_set.field_of(link_id);
        if (field == nullptr) return false;
        if (!field->shown_in.empty() && !contains(field->shown_in, *view)) return true;
        return *view == "patient" && withheld_from_patient(data_set, link_id, answers, today);
    }

    bool cpr_hidden() const {
        const std::string question = definition_of(data_set, "cpr-unreadable").question;
        return hidden_here(question.empty() ? well_known::cpr_decision : question);
    }

    bool withheld(const FlagDefinition& flag) const {
        for (const Condition& condition : flag.rule.conditions)
            if (hidden_here(condition.question)) return true;
        for (const std::string* words : {&flag.short_words, &flag.long_words})
            for (const std::string& name : names_in(*words))
                if (hidden_here(name.ends_with(".short") ? name.substr(0, name.size() - 6) : name))
                    return true;
        return false;
    }

    // Of the dates that a rule compares with today, the earliest that has passed.
    std::string earliest_passed(const Rule& rule) const {
        std::string earliest;
        for (const Condition& condition : rule.conditions) {
            if (!contains(condition.answers, "$today")) continue;
            for (const Value* value : answers.values(condition.question)) {
                const auto* date = std::get_if<Date>(value);
                if (date == nullptr || last_day(date->text).empty() || last_day(date->text) >= today)
                    continue;
                if (earliest.empty() || last_day(date->text) < last_day(earliest)) earliest = date->text;
            }
        }
        return date_words(earliest);
    }

    const DataSet& data_set;
    const Answers& answers;
    std::string today;
    const std::string* view;
    std::vector<Flag> flags;
};

// What the change of status says comes before what the revision of that time said.
std::string since(const Plan& plan, const char* link_id) {
    if (!plan.status_since.empty()) return date_words(plan.status_since);
    if (const Value* value = plan.summary.first(link_id)) return value_words(*value);
    return date_time_words(plan.status_date);
}

// A plan that is active while its consent does not permit sharing is treated as suspended (hazard H8).
PlanStatus effective_status(const DataSet& data_set, const Plan& plan) {
    const Field* consent = data_set.find(well_known::consent);
    if (plan.status != PlanStatus::active || consent == nullptr || !control::on("H8.consent-suspends"))
        return plan.status;
    for (const Value* value : plan.summary.values(well_known::consent))
        if (const auto* coding = std::get_if<Coding>(value);
            coding != nullptr && !permits_publishing(data_set, *consent, coding->code))
            return PlanStatus::on_hold;
    return plan.status;
}

bool gives_content(PlanStatus status) {
    return status == PlanStatus::active || !control::on("H8.no-content");
}

void add_knowledge(Collector& collector, const DataSet& data_set, const Plan& plan, PlanStatus status,
                   const std::string& checked) {
    switch (status) {
        case PlanStatus::active:
            collector.add(definition_of(data_set, "plan"), {{"amended", date_time_words(plan.amended)},
                                                            {"approver", plan.approver},
                                                            {"author", plan.author},
                                                            {"checked", checked}});
            return;
        case PlanStatus::on_hold:
            collector.add(definition_of(data_set, "suspended"),
                          {{"date", since(plan, well_known::consent_date)}, {"checked", checked}});
            return;
        case PlanStatus::completed:
            collector.add(definition_of(data_set, "closed"),
                          {{"date", since(plan, well_known::death_date)},
                           {"who", plan.status_by.empty() ? plan.author : plan.status_by},
                           {"checked", checked}});
            return;
        case PlanStatus::entered_in_error:
            collector.add(definition_of(data_set, "removed"),
                          {{"time", date_time_words(plan.status_date)}, {"checked", checked}});
            return;
    }
}

void add_own_state(Collector& collector, const DataSet& data_set, const FlagContext& context) {
    if (!context.not_sent.empty())
        collector.add(definition_of(data_set, "not-sent"),
                      {{"outcome", context.not_sent}, {"time", context.not_sent_time}});
    if (!context.awaiting_author.empty())
        for (const FlagDefinition& flag : data_set.flags)
            if (flag.id == "awaiting-approval")
                collector.add(
                    flag, {{"author", context.awaiting_author}, {"date", date_words(context.awaiting_date)}});
    if (!context.has_own_draft) return;
    for (const FlagDefinition& flag : data_set.flags)
        if (flag.id == "own-draft") collector.add(flag, {{"time", context.draft_time}});
}

}  // namespace

std::vector<Flag> flags_of(const DataSet& data_set, const Plan& plan, const FlagContext& context) {
    Collector collector(data_set, plan.summary, context.today, &context.view);
    const PlanStatus status = effective_status(data_set, plan);
    add_knowledge(collector, data_set, plan, status, context.checked);
    if (gives_content(status)) collector.add_content();
    add_own_state(collector, data_set, context);
    return collector.take();
}

std::vector<Flag> wire_flags(const DataSet& data_set, const Plan& plan, const std::string& today) {
    Collector collector(data_set, plan.summary, today, nullptr);
    const PlanStatus status = effective_status(data_set, plan);
    add_knowledge(collector, data_set, plan, status, {});
    if (gives_content(status)) collector.add_content();
    std::vector<Flag> flags = collector.take();
    flags.erase(std::remove_if(flags.begin(), flags.end(), [](const Flag& flag) { return !flag.on_wire; }),
                flags.end());
    return flags;
}

std::vector<Flag> flags_of_no_plan(const DataSet& data_set, const FlagContext& context) {
    const Answers none;
    Collector collector(data_set, none, context.today, &context.view);
    collector.add(definition_of(data_set, "no-plan"), {{"checked", context.checked}});
    add_own_state(collector, data_set, context);
    return collector.take();
}

Flag not_known_flag(const DataSet& data_set, const std::string& reason, const std::string& since) {
    const FlagDefinition flag = definition_of(data_set, "not-known");
    const Variables variables{{"reason", reason}, {"time", since}};
    return {flag.id,
            flag.slot,
            flag.rank,
            fill_words(data_set, flag.short_words, {}, variables),
            fill_words(data_set, flag.long_words, {}, variables),
            flag.on_wire};
}

}  // namespace careplug::plan
