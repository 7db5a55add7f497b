// Requirements about checks, summaries and entries for the host's record.
#include <careplug/plan/rules.h>

#include <algorithm>
#include <regex>
#include <set>

#include "requirement_tests.h"
#include "scene.h"
#include "text.h"

namespace careplug::tools::output {

namespace {

struct Summary {
    std::string text;
    std::string html;
    std::string valid_as_of;
    std::string all() const { return text + "\n" + html; }
};

Summary summary_of(const Scene& scene, const json& plan) {
    const json document = answered(scene.policy.summary(plan), "summary");
    for (const char* name : {"text", "html", "valid_as_of"})
        expect(document.contains(name) && document[name].is_string(),
               std::string("summary gives no ") + name + ".");
    return {document["text"], document["html"], document["valid_as_of"]};
}

Summary summary_of(const Scene& scene, const plan::Answers& answers) {
    return summary_of(scene, scene.documents.plan_document(answers));
}

json entries_of(const Scene& scene, const json& plan) {
    const json document = answered(scene.policy.write_back(plan), "write_back");
    expect(document.contains("entries") && document["entries"].is_array(),
           "write_back gives no list of entries.");
    for (const json& entry : document["entries"])
        expect(entry.is_object() && entry.contains("code") && entry["code"].is_object(),
               "An entry has no code.");
    return document["entries"];
}

std::vector<json> checks(const Scene& scene) {
    std::vector<json> outcomes;
    for (const plan::Answers& answers :
         {scene.documents.answers(), scene.documents.answers(other_person()), plan::Answers{}})
        outcomes.push_back(answered(scene.policy.check(scene.documents.response(answers)), "check"));
    return outcomes;
}

const std::vector<plan::Option>& cpr_options(const Scene& scene) {
    return scene.documents.plan_set().find("cpr.decision")->options;
}

}  // namespace

void check_gives_an_outcome(const Trial& trial) {
    const Scene scene(trial);
    const std::set<std::string> severities = {"fatal", "error", "warning", "information"};
    for (const json& outcome : checks(scene)) {
        expect(outcome.value("resourceType", "") == "OperationOutcome",
               "check answered no OperationOutcome.");
        expect(outcome.contains("issue") && outcome["issue"].is_array() && !outcome["issue"].empty(),
               "check's OperationOutcome has no issue; FHIR wants at least one.");
        for (const json& issue : outcome["issue"]) {
            expect(issue.is_object() && severities.count(issue.value("severity", "")) == 1,
                   "An issue has no severity that FHIR knows.");
            expect(!issue.value("code", "").empty(), "An issue has no code.");
        }
    }
}

void check_speaks(const Trial& trial) {
    const Scene scene(trial);
    for (const json& outcome : checks(scene))
        for (const json& issue : outcome.value("issue", json::array()))
            expect(!issue.value("/details/text"_json_pointer, "").empty() ||
                       !issue.value("diagnostics", "").empty(),
                   "An issue has no words for a person.");
}

void check_names_known_fields(const Trial& trial) {
    const Scene scene(trial);
    const std::regex named("linkId='([^']*)'");
    for (const json& outcome : checks(scene))
        for (const json& issue : outcome.value("issue", json::array()))
            for (const json& expression : issue.value("expression", json::array())) {
                const std::string text = expression;
                for (std::sregex_iterator at(text.begin(), text.end(), named), end; at != end; ++at)
                    expect(scene.documents.plan_set().find((*at)[1].str()) != nullptr,
                           "check names the field " + excerpt((*at)[1].str()) +
                               ", which the data set does not have.");
            }
}

void summary_is_whole(const Trial& trial) {
    const Scene scene(trial);
    const Summary summary = summary_of(scene, scene.documents.answers());
    expect(!summary.text.empty() && !words_of_html(summary.html).empty(),
           "The summary has no text or no HTML.");
}

void summary_says_cpr(const Trial& trial) {
    const Scene scene(trial);
    for (const plan::Option& option : cpr_options(scene)) {
        plan::Answers answers = scene.documents.answers();
        answers.set("cpr.decision", option.coding);
        const Summary summary = summary_of(scene, answers);
        expect(contains(summary.text, option.coding.display),
               "The summary's text does not say: " + option.coding.display);
        expect(contains(words_of_html(summary.html), option.coding.display),
               "The summary's HTML does not say: " + option.coding.display);
    }
}

void summary_invents_no_cpr(const Trial& trial) {
    const Scene scene(trial);
    plan::Answers answers = scene.documents.answers();
    answers.clear("cpr.decision");
    const Summary summary = summary_of(scene, answers);
    for (const plan::Option& option : cpr_options(scene))
        if (option.coding.code != "no-decision-recorded")
            expect(!contains(summary.all(), option.coding.display),
                   "The summary of a plan without a CPR decision says: " + option.coding.display);
    expect(contains(summary.text, "CPR"),
           "The summary of a plan without a CPR decision does not speak of CPR.");
}

void summary_escapes(const Trial& trial) {
    const Scene scene(trial);
    plan::Answers answers = scene.documents.answers();
    const std::string markup = "<script>alert(1)</script><img src=x onerror=alert(2)>";
    for (const char* field :
         {"dem.family", "dem.given", "tep.text", "cpr.where", "dem.access", "pref.matters"})
        answers.set(field, markup);
    const std::string html = summary_of(scene, answers).html;
    expect(!contains(html, "<script") && !contains(html, "<img"),
           "Markup in an answer is markup in the summary's HTML.");
}

void summary_runs_nothing(const Trial& trial) {
    const Scene scene(trial);
    const std::string html = summary_of(scene, scene.documents.answers()).html;
    static const std::regex active(
        R"(<(script|iframe|object|embed|link|img|form|meta)\b|<[^>]*\s(on\w+|src|href|style)\s*=)",
        std::regex::icase);
    expect(!std::regex_search(html, active), "The summary's HTML loads or runs something.");
}

void summary_says_as_of_when(const Trial& trial) {
    const Scene scene(trial);
    json plan = scene.documents.plan_document(scene.documents.answers());
    const Summary summary = summary_of(scene, plan);
    expect(summary.valid_as_of == "2026-11-21T14:02:00Z",
           "valid_as_of is " + excerpt(summary.valid_as_of) + ", not when the plan was last checked.");
    plan["header"]["checked"] = "";
    expect(summary_of(scene, plan).valid_as_of.empty(), "A plan that was never checked got a valid_as_of.");
}

void summary_names_the_person(const Trial& trial) {
    const Scene scene(trial);
    for (const Person& person : {first_person(), other_person()}) {
        const Summary summary = summary_of(scene, scene.documents.answers(person));
        for (const std::string& text : {summary.text, words_of_html(summary.html)})
            expect(contains(text, person.family) && contains(digits_of(text), person.nhs_number),
                   "The summary does not name the person and the NHS number.");
    }
}

void summary_is_of_this_plan(const Trial& trial) {
    const Scene scene(trial);
    for (const bool first : {true, false, true, true, false}) {
        const Person& person = first ? first_person() : other_person();
        const Person& stranger = first ? other_person() : first_person();
        const std::string all = summary_of(scene, scene.documents.answers(person)).all();
        for (const std::string& part : {stranger.family, stranger.advice, stranger.given})
            expect(!contains(all, part),
                   "The summary holds words of another person's plan, which was asked about before.");
    }
}

void summary_keeps_masked_answers(const Trial& trial) {
    const Scene scene(trial);
    plan::Answers answers = scene.documents.answers();
    answers.set("risk.staff", std::string("Zqmask one"));
    answers.set("risk.safeguard", std::string("Zqmask two"));
    answers.set("dem.keysafe", std::string("Zqmask three"));
    expect(!contains(summary_of(scene, answers).all(), "Zqmask"), "A masked answer leaves with the summary.");
}

void summary_withholds_withdrawn_plans(const Trial& trial) {
    const Scene scene(trial);
    for (const char* status : {"on-hold", "entered-in-error", "a status of a later engine"}) {
        const Answer answer =
            scene.policy.summary(scene.documents.plan_document(scene.documents.answers(), status));
        if (answer.refused()) continue;
        const Summary summary =
            summary_of(scene, scene.documents.plan_document(scene.documents.answers(), status));
        expect(!contains(summary.all(), "Not for attempted") && !contains(summary.all(), "Comfort care"),
               "The summary of a plan of status " + std::string(status) + " gives its content away.");
    }
}

void summary_keeps_long_text(const Trial& trial) {
    const Scene scene(trial);
    plan::Answers answers = scene.documents.answers();
    const std::string advice = "Qfirst " + std::string(20'000, 'a') + " Qlast";
    for (const char* field : {"tep.text", "pref.matters", "dem.access"}) answers.set(field, advice);
    const Summary summary = summary_of(scene, answers);
    if (!contains(summary.text, "Qfirst"))
        throw NotApplicable("This view's summary shows none of these texts.");
    expect(contains(summary.text, advice) && contains(words_of_html(summary.html), advice),
           "A text of 20 000 characters is cut in the summary.");
}

void entries_are_coded(const Trial& trial) {
    const Scene scene(trial);
    static const std::regex date(R"(\d{4}(-\d{2}(-\d{2})?)?)");
    const json entries = entries_of(scene, scene.documents.plan_document(scene.documents.answers()));
    if (entries.empty()) throw NotApplicable("This plugin files nothing.");
    for (const json& entry : entries) {
        for (const char* name : {"system", "code", "display"})
            expect(!entry["code"].value(name, "").empty(),
                   std::string("An entry's code has no ") + name + ".");
        expect(!entry.value("text", "").empty(), "An entry has no words.");
        expect(std::regex_match(entry.value("date", ""), date), "An entry has no date.");
    }
}

void entries_are_of_the_plan(const Trial& trial) {
    const Scene scene(trial);
    const auto& data_set = scene.documents.plan_set();
    const auto judge = [&](const plan::Answers& answers) {
        std::set<std::string> answered_codes = {data_set.plan_type.code};
        for (const plan::Field* field : data_set.fields())
            for (const plan::Value* value : answers.values(field->link_id))
                if (const auto* code = std::get_if<plan::Coding>(value))
                    answered_codes.insert({code->code, plan::meaning(data_set, code->code)});
        const json entries = entries_of(scene, scene.documents.plan_document(answers));
        for (const json& entry : entries)
            expect(answered_codes.count(entry["code"].value("code", "")) == 1,
                   "An entry says what the plan does not: " + excerpt(entry.dump()));
        return !entries.empty();
    };
    plan::Answers without = scene.documents.answers();
    without.clear("cpr.decision");
    without.clear("leg.adrt");
    const bool filed = judge(scene.documents.answers());
    if (!judge(without) && !filed) throw NotApplicable("This plugin files nothing.");
}

void entries_use_current_codes(const Trial& trial) {
    const Scene scene(trial);
    plan::Answers answers = scene.documents.answers();
    answers.set("cpr.decision", plan::Coding{"http://snomed.info/sct", "304253006", "Not for resuscitation"});
    const json entries = entries_of(scene, scene.documents.plan_document(answers));
    if (entries.empty()) throw NotApplicable("This plugin files nothing.");
    for (const json& entry : entries)
        expect(entry["code"].value("code", "") != "304253006",
               "A legacy DNACPR code is filed as it is; other systems look for its current one.");
}

void entries_are_filed_once(const Trial& trial) {
    const Scene scene(trial);
    const json entries = entries_of(scene, scene.documents.plan_document(scene.documents.answers()));
    if (entries.empty()) throw NotApplicable("This plugin files nothing.");
    std::set<std::string> seen;
    for (const json& entry : entries)
        expect(seen.insert(entry["code"].value("code", "")).second,
               "A code is filed twice: " + excerpt(entry.dump()));
}

void nothing_is_filed_of_inactive_plans(const Trial& trial) {
    const Scene scene(trial);
    for (const char* status : {"on-hold", "entered-in-error"}) {
        const Answer answer =
            scene.policy.write_back(scene.documents.plan_document(scene.documents.answers(), status));
        expect(
            answer.refused() ||
                entries_of(scene, scene.documents.plan_document(scene.documents.answers(), status)).empty(),
            "Entries are filed of a plan of status " + std::string(status) + ".");
    }
}

}  // namespace careplug::tools::output
