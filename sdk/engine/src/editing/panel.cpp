#include "editing/panel.h"

#include <careplug/base.h>
#include <careplug/controls/controls.h>
#include <careplug/plan/fhir.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace careplug::engine {

using nlohmann::json;

bool Panel::undecided() const {
    return std::any_of(conflicts.begin(), conflicts.end(),
                       [](const Conflict& one) { return one.resolved == 0; });
}

json as_response(const plan::DataSet& data_set, const plan::Answers& answers) {
    return {{"resourceType", "QuestionnaireResponse"},
            {"questionnaire", data_set.canonical()},
            {"status", "in-progress"},
            {"item", plan::fhir::write_items(data_set, answers)}};
}

void bring_together(Panel& panel, const plan::Answers& base, const plan::Answers& theirs) {
    plan::Merge merge = plan::merge(*panel.data_set, base, panel.answers, theirs);
    panel.mine = panel.answers;
    panel.theirs = theirs;
    panel.answers = std::move(merge.merged);
    panel.merged = std::move(merge.taken);
    panel.conflicts.clear();
    for (auto& unit : merge.conflicts) panel.conflicts.push_back({std::move(unit), 0});
}

std::string mode_name(Panel::Mode mode) {
    switch (mode) {
        case Panel::Mode::read:
            return "read";
        case Panel::Mode::edit:
            return "edit";
        case Panel::Mode::note:
            return "note";
        case Panel::Mode::state:
            return "state";
        case Panel::Mode::history:
            return "history";
        case Panel::Mode::looks:
            return "looked-at";
    }
    return "read";
}

namespace {

void put_not_shared(json& body, const NotShared& why) {
    body["not_shared"] = why.sentence;
    body["not_shared_of"] = why.digits;
    body["not_shared_since"] = why.since;
    body["in_conflict"] = why.conflict;
}

NotShared read_not_shared(const json& body) {
    return {body.value("not_shared", std::string()), body.value("not_shared_of", std::string()),
            body.value("not_shared_since", std::int64_t{0}), body.value("in_conflict", false)};
}

}  // namespace

std::string draft_name(Panel::Mode mode) {
    if (mode == Panel::Mode::note) return "note";
    return mode == Panel::Mode::state ? "state" : "plan";
}

std::string aside_name(Panel::Mode mode, const std::string& change) {
    return draft_name(mode) + "-aside-" + change;
}

std::optional<Panel::Mode> mode_of_aside(const std::string& name) {
    for (const auto mode : {Panel::Mode::edit, Panel::Mode::note})
        if (name.starts_with(aside_name(mode, ""))) return mode;
    return std::nullopt;
}

std::string not_shared_draft(const std::string& draft, const NotShared& why) {
    json body = json::parse(draft);
    put_not_shared(body, why);
    return body.dump();
}

NotShared not_shared(const std::string& draft) {
    const json body = json::parse(draft, nullptr, false);
    return body.is_object() ? read_not_shared(body) : NotShared{};
}

std::string write_draft(const Panel& panel) {
    json body{{"digits", panel.digits},
              {"data_set", panel.data_set->canonical()},
              {"base_care_plan", panel.base_care_plan},
              {"base", plan::fhir::write_items(*panel.data_set, panel.base)},
              {"answers", plan::fhir::write_items(*panel.data_set, panel.answers)},
              {"prefilled", panel.prefilled},
              {"touched", panel.touched},
              {"restored", panel.restored},
              {"taken", panel.taken},
              {"submission", panel.submission ? panel.submission->resource : std::string()}};
    put_not_shared(body, panel.not_shared);
    return body.dump();
}

std::string without_published(const std::string& draft) {
    json body = json::parse(draft);
    // Of a new plan: what its author did not type comes from the host's own record.
    if (body.at("base_care_plan") == "" && body.at("base").empty() && body.value("submission", "").empty())
        return draft;
    const auto typed = body.value("touched", std::set<std::string>());
    json sections = json::array();
    for (auto& section : body.at("answers")) {
        const auto is_typed = [&](const json& item) {
            return typed.contains(item.value("linkId", std::string()));
        };
        if (is_typed(section)) {
            sections.push_back(section);
            continue;
        }
        json kept = json::array();
        for (const auto& item : section.value("item", json::array()))
            if (is_typed(item)) kept.push_back(item);
        if (kept.empty()) continue;
        section["item"] = std::move(kept);
        sections.push_back(section);
    }
    body["answers"] = std::move(sections);
    body["base"] = json::array();
    body["base_care_plan"] = "";
    body["prefilled"] = json::array();
    body["submission"] = "";
    return body.dump();
}

std::string without_submission(const std::string& draft) {
    json body = json::parse(draft);
    body["submission"] = "";
    return body.dump();
}

void read_draft(const std::string& body, const plan::DataSet& data_set, Panel& panel) {
    const json draft = json::parse(body);
    const json base{{"resourceType", "QuestionnaireResponse"}, {"item", draft.at("base")}};
    const json answers{{"resourceType", "QuestionnaireResponse"}, {"item", draft.at("answers")}};
    panel.base = plan::fhir::read_answers(data_set, base);
    panel.answers = plan::fhir::read_answers(data_set, answers);
    draft.at("base_care_plan").get_to(panel.base_care_plan);
    draft.at("prefilled").get_to(panel.prefilled);
    draft.at("touched").get_to(panel.touched);
    panel.not_shared = read_not_shared(draft);
    panel.restored = draft.value("restored", std::string());
    panel.taken = draft.value("taken", std::vector<std::string>());
    if (const auto submission = draft.value("submission", std::string()); !submission.empty()) {
        const json resource = json::parse(submission);
        panel.submission = plan::fhir::read_submission(resource);
        panel.submitted = plan::fhir::read_revision(data_set, resource);
    }
    panel.base_plan.reset();
    if (!panel.base_care_plan.empty())
        panel.base_plan = plan::fhir::read_plan(data_set, json::parse(panel.base_care_plan));
}

bool is_masked(const Panel& panel, const plan::Field& field) {
    return control::on("H12.masked-until-asked") && !field.sensitive.empty() &&
           !panel.revealed.contains(field.link_id);
}

plan::Answers unmasked(const Panel& panel) {
    plan::Answers shown = panel.answers;
    for (const plan::Field* field : panel.data_set->fields())
        if (is_masked(panel, *field)) shown.clear(field->link_id);
    return shown;
}

}  // namespace careplug::engine
