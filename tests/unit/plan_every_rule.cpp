// One plan that raises each flag and each lint rule of the data sets, and one that does not: a definition
// that is added without its row fails here.
#include <careplug/base.h>

#include <careplug/plan/fhir.h>
#include <careplug/plan/person_flags.h>
#include <catch2/catch.hpp>
#include <functional>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "plan_fixture.h"

using namespace plan_test;

namespace {

const std::vector<std::string> views{"gp", "ooh", "ae", "nhs111", "ambulance", "patient"};

using Change = std::function<void(Answers&)>;

Change choose(const char* link_id, const char* code) {
    return [=](Answers& answers) { answers.set(link_id, option(urgent_care_plan(), link_id, code)); };
}

Change both(Change one, Change two) {
    return [=](Answers& answers) {
        one(answers);
        two(answers);
    };
}

Change write(const char* link_id, Value value) {
    return [=](Answers& answers) { answers.set(link_id, value); };
}

Change clear(const char* link_id) {
    return [=](Answers& answers) { answers.clear(link_id); };
}

void nothing(Answers&) {}

Change device(const char* state) {
    return [=](Answers& answers) {
        const DataSet& set = urgent_care_plan();
        answers.items.push_back({"med.devices",
                                 {},
                                 {{"med.devices.kind", {Value(option(set, "med.devices.kind", "icd"))}, {}},
                                  {"med.devices.icd", {Value(option(set, "med.devices.icd", state))}, {}}}});
    };
}

const Change box =
    both(choose("med.antic", "376201000000102"), write("med.antic_where", std::string("Fridge")));

// By the content of a plan.
struct ByAnswers {
    Change raises;
    Change does_not;
};

const std::map<std::string, ByAnswers> by_answers{
    {"dnacpr", {choose("cpr.decision", "450476008"), choose("cpr.decision", "450475007")}},
    {"cpr-modified", {choose("cpr.decision", "modified-cpr"), choose("cpr.decision", "450476008")}},
    {"for-cpr", {choose("cpr.decision", "450475007"), choose("cpr.decision", "450476008")}},
    {"cpr-none", {clear("cpr.decision"), choose("cpr.decision", "450476008")}},
    {"cpr-unreadable",
     {write("cpr.decision", std::string("no heroics")), choose("cpr.decision", "450476008")}},
    {"adrt", {choose("leg.adrt", "816321000000109"), choose("leg.adrt", "820621000000107")}},
    {"lpa", {choose("leg.lpa", "816361000000101"), choose("leg.lpa", "none-known")}},
    {"ceiling", {choose("tep.level", "comfort-care-only"), choose("tep.level", "not-decided")}},
    {"anticipatory", {box, choose("med.antic", "not-prescribed")}},
    {"anticipatory-expired",
     {both(box, write("med.antic_exp", Date{"2026-11-20"})),
      both(box, write("med.antic_exp", Date{"2026-11-21"}))}},
    {"icd-active", {device("icd-active"), device("icd-deactivated")}},
    {"staff-note", {write("risk.staff", std::string("Dog bites")), nothing}},
    {"review-overdue", {write("meta.review", Date{"2026-11-20"}), write("meta.review", Date{"2026-11-21"})}},
    {"suspended", {choose("con.status", "882941000000102"), choose("con.status", "882921000000109")}},
};

// By what is known of the plan, and by what is this reader's own.
struct Situation {
    PlanStatus status = PlanStatus::active;
    std::vector<CprSource> record;
    FlagContext context;
};
const std::map<std::string, std::function<void(Situation&)>> by_situation{
    {"plan", [](Situation&) {}},
    {"closed", [](Situation& now) { now.status = PlanStatus::completed; }},
    {"removed", [](Situation& now) { now.status = PlanStatus::entered_in_error; }},
    {"not-sent", [](Situation& now) { now.context.not_sent = "queued"; }},
    {"awaiting-approval", [](Situation& now) { now.context.awaiting_author = "Nurse D. Hill"; }},
    {"own-draft", [](Situation& now) { now.context.has_own_draft = true; }},
    {"cpr-conflict",
     [](Situation& now) {
         Answers entry;
         entry.set("cpr.decision", option(urgent_care_plan(), "cpr.decision", "450475007"));
         now.record = {{&urgent_care_plan(), entry, "this record", "2026-01-01", "Dr R. Ecord"}};
     }},
};

// What is said where there is no plan to read.
const std::set<std::string> without_plan{"not-known", "no-plan"};

std::vector<Flag> flags_in(const Situation& now, const Change& change) {
    Answers answers = complete_answers();
    change(answers);
    Plan plan = active_plan(urgent_care_plan(), answers);
    plan.status = now.status;
    return flags_of_person({{&urgent_care_plan(), &plan}}, now.record, {}, now.context);
}

Situation seen_from(const std::string& view) {
    Situation now;
    now.context.view = view;
    now.context.today = today;
    now.context.checked = "14:02";
    return now;
}

bool shown_in(const FlagDefinition& flag, const std::string& view) {
    if (flag.views.empty()) return view != "patient";
    return std::find(flag.views.begin(), flag.views.end(), view) != flag.views.end();
}

// As the data set has it: slot, rank, and words without anything left to fill in.
void check_drawn(const FlagDefinition& definition, const std::vector<Flag>& flags, bool shown) {
    const Flag* flag = find(flags, definition.id);
    CHECK((flag != nullptr) == shown);
    if (flag == nullptr || !shown) return;
    CHECK(flag->slot == definition.slot);
    CHECK(flag->rank == definition.rank);
    CHECK_FALSE(flag->short_words.empty());
    CHECK(flag->short_words.find('{') == std::string::npos);
    CHECK(flag->long_words.find('{') == std::string::npos);
    const auto fixed = [](const std::string& words) { return words.substr(0, words.find('{')); };
    CHECK(flag->short_words.starts_with(fixed(definition.short_words)));
    CHECK(flag->long_words.starts_with(fixed(definition.long_words)));
}

}  // namespace

TEST_CASE("H3, H15: every flag of the data set is raised by a plan and not by another, in its views alone") {
    std::set<std::string> covered;
    for (const FlagDefinition& definition : urgent_care_plan().flags) {
        INFO(definition.id);
        if (without_plan.count(definition.id) != 0) {
            CHECK(find(flags_in(seen_from("ae"), nothing), definition.id) == nullptr);
            const Flag flag = definition.id == "no-plan"
                                  ? flags_of_no_plan(urgent_care_plan(), seen_from("ae").context).front()
                                  : not_known_flag(urgent_care_plan(), "no answer", "14:02");
            check_drawn(definition, {flag}, true);
            covered.insert(definition.id);
            continue;
        }
        const auto answers = by_answers.find(definition.id);
        const auto situation = by_situation.find(definition.id);
        const bool has_row = (answers != by_answers.end()) != (situation != by_situation.end());
        CHECK(has_row);
        if (!has_row) continue;
        covered.insert(definition.id);
        for (const std::string& view : views) {
            INFO(view);
            Situation now = seen_from(view);
            if (situation != by_situation.end()) {
                situation->second(now);
                check_drawn(definition, flags_in(now, nothing), shown_in(definition, view));
                if (definition.id != "plan")
                    CHECK(find(flags_in(seen_from(view), nothing), definition.id) == nullptr);
            } else {
                check_drawn(definition, flags_in(now, answers->second.raises), shown_in(definition, view));
                CHECK(find(flags_in(now, answers->second.does_not), definition.id) == nullptr);
            }
        }
    }
    std::cout << "flag definitions covered: " << covered.size() << " of " << urgent_care_plan().flags.size()
              << "\n";
    CHECK(covered.size() == urgent_care_plan().flags.size());
    CHECK(by_answers.size() + by_situation.size() + without_plan.size() == covered.size());
}

TEST_CASE("H12: a staff note is flagged without a word of it") {
    for (const Flag& flag : flags_in(seen_from("ae"), write("risk.staff", std::string("Dog bites"))))
        CHECK(flag.long_words.find("Dog") == std::string::npos);
}

namespace {

const std::map<std::string, ByAnswers> lint_rows{
    {"consent-best-interests",
     {choose("con.status", "882961000000101"), choose("con.status", "882921000000109")}},
    {"consent-attorney",
     {choose("con.status", "883001000000106"),
      both(choose("con.status", "883001000000106"), choose("leg.lpa", "816381000000105"))}},
    {"adrt-against-cpr",
     {both(choose("cpr.decision", "450475007"), choose("leg.adrt", "816321000000109")),
      choose("leg.adrt", "816321000000109")}},
    {"ceiling-against-icu",
     {both(choose("tep.level", "comfort-care-only"), choose("tep.icu", "recommended-would-want")),
      choose("tep.icu", "recommended-would-want")}},
    {"allergy-none-and-list",
     {[](Answers& answers) {
          answers.items.push_back(
              {"alg.list", {}, {{"alg.list.substance", {Value(std::string("Penicillin"))}, {}}}});
      },
      nothing}},
    {"dnacpr-not-discussed", {clear("cpr.reason"), nothing}},
    {"icd-with-dnacpr", {device("icd-active"), device("icd-deactivated")}},
    {"code-in-access",
     {write("dem.access", std::string("Key safe 4711")), write("dem.access", std::string("Ring twice"))}},
};

const Issue* issue_of(const std::vector<Issue>& issues, const LintRule& lint) {
    for (const Issue& issue : issues)
        if (issue.words == lint.words) return &issue;
    return nullptr;
}

}  // namespace

TEST_CASE("H14, H20: every lint rule blocks or warns as the data set says, beside its field, at publish") {
    const DataSet& set = urgent_care_plan();
    std::set<std::string> covered;
    for (const LintRule& lint : set.lint) {
        INFO(lint.id);
        const auto row = lint_rows.find(lint.id);
        CHECK(row != lint_rows.end());
        if (row == lint_rows.end()) continue;
        covered.insert(lint.id);
        const auto found = [&](const Change& change, Intent intent) {
            Answers answers = complete_answers();
            change(answers);
            return validate(set, answers, intent, today);
        };
        const auto raised = found(row->second.raises, Intent::publish);
        const Issue* issue = issue_of(raised, lint);
        REQUIRE(issue != nullptr);
        CHECK(issue->severity == (lint.blocks ? Severity::error : Severity::warning));
        CHECK(set.find(issue->link_id) != nullptr);
        CHECK(lint.words.find(' ') != std::string::npos);
        CHECK(issue_of(found(row->second.does_not, Intent::publish), lint) == nullptr);
        // A nurse may start what a doctor completes.
        CHECK(issue_of(found(row->second.raises, Intent::submit), lint) == nullptr);
    }
    std::cout << "lint rules covered: " << covered.size() << " of " << set.lint.size() << "\n";
    CHECK(covered.size() == set.lint.size());
    CHECK(lint_rows.size() == set.lint.size());
}

TEST_CASE(
    "H15: anticipatory medicines are read with place, chart and expiry, out of hours on the first screen") {
    const auto& ooh = urgent_care_plan().summaries.at("ooh");
    for (const char* field : {"med.antic", "med.antic_where", "med.antic_chart", "med.antic_exp"})
        CHECK(std::find(ooh.begin(), ooh.end(), field) != ooh.end());
    Answers answers = complete_answers();
    box(answers);
    const auto unknown_expiry = flags(urgent_care_plan(), answers, "ooh");
    CHECK(find(unknown_expiry, "anticipatory")->long_words.find("Fridge; expiry not recorded") !=
          std::string::npos);
    CHECK(find(unknown_expiry, "anticipatory-expired") == nullptr);
    answers.set("med.antic_exp", Date{"2026-10"});
    const auto expired = in_slot(flags(urgent_care_plan(), answers, "ooh"), CAREPLUG_SLOT_MEDICINES);
    REQUIRE(expired.size() == 2);
    CHECK(expired.front().id == "anticipatory-expired");
    CHECK(expired.front().long_words == "Anticipatory medicines expired 2026-10; where: Fridge");
}
