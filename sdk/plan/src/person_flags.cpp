#include <careplug/base.h>

#include <careplug/plan/person_flags.h>
#include <careplug/plan/rules.h>
#include <algorithm>
#include <map>
#include <tuple>

#include "cpr.h"
#include "flag_definitions.h"
#include "words.h"

namespace careplug::plan {

namespace {

bool contains(const std::vector<std::string>& list, const std::string& text) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

bool gives_content(const std::vector<Flag>& flags) {
    return std::any_of(flags.begin(), flags.end(),
                       [](const Flag& flag) { return flag.slot == CAREPLUG_SLOT_CPR; });
}

enum class Says { nothing, no_decision, decision };

Says what_of_cpr(const PlanOfKind& one) {
    switch (read_cpr(*one.data_set, one.plan->summary).state) {
        case CprReading::State::no_question:
            return Says::nothing;
        case CprReading::State::not_recorded:
            return Says::no_decision;
        case CprReading::State::unreadable:
            return Says::decision;
        case CprReading::State::readable:
            break;
    }
    const Answers none;
    for (const FlagDefinition& flag : one.data_set->flags)
        if (flag.slot == CAREPLUG_SLOT_CPR && !flag.by_program &&
            holds(flag.rule, {*one.data_set, one.plan->summary, {}, nullptr}))
            return holds(flag.rule, {*one.data_set, none, {}, nullptr}) ? Says::no_decision : Says::decision;
    return Says::no_decision;
}

// Two kinds may word one flag each in its way: neither's words are dropped.
void add(std::vector<Flag>& all, const Flag& flag, const std::string& kind) {
    const auto same = std::find_if(all.begin(), all.end(), [&](const Flag& known) {
        return known.slot == flag.slot && known.id == flag.id;
    });
    if (same == all.end())
        all.push_back(flag);
    else if (same->long_words != flag.long_words)
        same->long_words += " " + kind + ": " + flag.long_words;
}

bool hidden(const PlanOfKind& one, const std::string& view) {
    const Field* field = one.data_set->field_of(cpr_field(*one.data_set));
    return field != nullptr && !field->shown_in.empty() && !contains(field->shown_in, view);
}

void add_conflict(std::vector<Flag>& flags, const std::vector<PlanOfKind>& shown,
                  const std::vector<CprSource>& record, const std::string& view) {
    std::vector<CprSource> sources = record;
    for (const PlanOfKind& one : shown) sources.push_back(source_of(*one.data_set, *one.plan));
    const auto conflict = cpr_conflict(sources);
    if (conflict.size() < 2) return;
    const DataSet& data_set = *shown.front().data_set;
    const FlagDefinition flag = definition_of(data_set, "cpr-conflict");
    if (flag.views.empty() ? view == "patient" : !contains(flag.views, view)) return;
    std::map<std::string, std::string> variables;
    const auto put = [&](const std::string& name, const CprStatement& one) {
        variables[name] = one.words + (one.newest ? ", newest signed" : "");
        variables[name + ".source"] = one.source;
        variables[name + ".date"] = one.date;
        variables[name + ".by"] = one.by;
    };
    put("a", conflict[0]);
    put("b", conflict[1]);
    std::string words = fill_words(data_set, flag.long_words, {}, variables);
    if (conflict.size() > 2) words += "; also " + words_of({conflict.begin() + 2, conflict.end()});
    if (std::any_of(shown.begin(), shown.end(), [&](const PlanOfKind& one) { return hidden(one, view); }))
        words = "CPR: decisions differ; not shown here";
    flags.push_back({flag.id, flag.slot, flag.rank, flag.short_words, words, false});
}

}  // namespace

std::vector<Flag> flags_of_person(const std::vector<PlanOfKind>& plans, const std::vector<CprSource>& record,
                                  const std::vector<std::string>& unreadable, const FlagContext& context) {
    FlagContext of_another;
    of_another.view = context.view;
    of_another.today = context.today;
    of_another.checked = context.checked;
    std::vector<std::vector<Flag>> each;
    std::vector<PlanOfKind> shown;
    Says most = Says::nothing;
    for (const PlanOfKind& one : plans) {
        each.push_back(flags_of(*one.data_set, *one.plan, each.empty() ? context : of_another));
        if (!gives_content(each.back())) continue;
        shown.push_back(one);
        most = std::max(most, what_of_cpr(one));
    }
    std::vector<Flag> all;
    bool has_cpr = false;
    for (std::size_t at = 0; at < plans.size(); ++at) {
        const Says says = gives_content(each[at]) ? what_of_cpr(plans[at]) : Says::nothing;
        for (const Flag& flag : each[at]) {
            if (at > 0 && flag.slot == CAREPLUG_SLOT_KNOWLEDGE) continue;
            const bool is_cpr = flag.slot == CAREPLUG_SLOT_CPR;
            if (is_cpr && says < most) continue;
            if (is_cpr && says != Says::decision && has_cpr) continue;
            has_cpr = has_cpr || is_cpr;
            add(all, flag, plans[at].data_set->title);
        }
    }
    if (!shown.empty()) add_conflict(all, shown, record, context.view);
    for (const std::string& kind : unreadable) {
        const DataSet& data_set = *plans.front().data_set;
        const FlagDefinition flag = definition_of(data_set, "cpr-unreadable");
        add(all,
            {flag.id, flag.slot, flag.rank, flag.short_words,
             "A plan of another kind (" + kind +
                 ") exists that this system cannot read: what it says of CPR is not known.",
             false},
            kind);
    }
    std::stable_sort(all.begin(), all.end(), [](const Flag& a, const Flag& b) {
        return std::tie(a.slot, a.rank) < std::tie(b.slot, b.rank);
    });
    return all;
}

}  // namespace careplug::plan
