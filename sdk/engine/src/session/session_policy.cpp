// What a session asks its policy, and what it does where no answer comes: flags in the engine's order,
// reading and drafts as ever, and everything made again once the policy answers.
#include <careplug/plan/nhs_number.h>
#include <careplug/plan/rows.h>

#include <nlohmann/json.hpp>

#include "editing/restricted.h"
#include "session/session.h"
#include "system/times.h"

namespace careplug::engine {

using nlohmann::json;

namespace {

std::vector<std::string> texts(const json& document, const char* name) {
    std::vector<std::string> all;
    for (const auto& one : document.value(name, json::array()))
        if (one.is_string()) all.push_back(one.get<std::string>());
    return all;
}

// Reading and one's own draft: what nobody may be kept from.
json plain_actions(const json& asked, bool may_edit) {
    const std::string knowledge = asked.at("knowledge");
    const bool plan = knowledge == "plan";
    const bool last_known =
        knowledge == "not-known" && asked.at("last_knowledge") == "plan" && asked.at("revision") > 0;
    const bool open = plan || knowledge == "no-plan" || knowledge == "not-known";
    json actions = json::array();
    if (asked.at("own_draft") && may_edit && !asked.at("queued") && open)
        actions.push_back({{"id", "continue"}, {"label", "Continue draft"}, {"primary", true}});
    if (plan || last_known)
        actions.push_back({{"id", "read"}, {"label", "Read plan"}, {"primary", actions.empty()}});
    return {{"actions", actions}};
}

void plain_layout(Panel& one) {
    one.plain = true;
    one.title = one.data_set->title;
    one.mode_words = one.mode == Panel::Mode::read ? "Read only" : "All questions, in the order of the form";
    one.core.clear();
    one.more.clear();
    if (one.mode != Panel::Mode::note) return;  // forms and readings draw the whole data set
    for (const plan::Field* field : one.data_set->fields())
        for (const plan::Field& question : field->items)
            if (!question.hidden && question.entry != "off") one.core.push_back(question.link_id);
}

}  // namespace

void Session::without_policy(const PluginFailure& failure) {
    const bool comes_back = dynamic_cast<const PluginUnavailable*>(&failure) != nullptr;
    if (!policy_awaited_) hub_.log().say(failure.what());
    policy_awaited_ = policy_awaited_ || comes_back;
}

void Session::look_again_at_policy() {
    const std::uint64_t now = plugin_->replaced();
    const bool replaced = std::exchange(policy_replaced_, now) != now;
    if (!replaced && (!policy_awaited_ || !plugin_->answers())) return;
    policy_awaited_ = false;
    // Buttons may be others too: the host is told to look again, also where the flags are the same.
    last_table_.clear();
    publish_flags(false);
    for (auto& [id, one] : panels_) {
        if (!one.plain || one.operation != 0) continue;
        try {
            apply_policy(one, patients_.at(one.patient), one.base_plan.has_value());
        } catch (const PluginRefusal& refusal) {
            hub_.log().say(refusal.what());
        }
        panel_changed(one);
    }
}

json Session::offered_actions(const json& asked) {
    try {
        json answer = policy_->actions(asked, now_ms());
        for (const json& action : answer.at("actions"))
            if (!action.at("id").is_string() || !action.at("label").is_string())
                throw PluginFailure("The plugin answered with actions that have no id and label.");
        return answer;
    } catch (const PluginRefusal&) {
        throw;
    } catch (const PluginFailure& failure) {
        without_policy(failure);
    } catch (const json::exception&) {
        without_policy(PluginFailure("The plugin answered with something else than actions."));
    }
    return plain_actions(asked, plan::may_edit(identity_->actor) || plan::may_edit_own(identity_->actor));
}

void Session::apply_policy(Panel& one, OpenPatient& owner, bool with_published) {
    if (one.mode == Panel::Mode::state || one.shows_history() || one.shows_looks()) return;
    // To a policy, what completes a submission is an edit of a plan, or a new one.
    const bool completes = one.action == "approve" || one.action == "revise" || one.action == "take-over";
    const bool follows = completes || one.action == "resume" || one.action == came_back_action;
    const char* edits = one.base_plan || one.loading ? "edit" : "create";
    const bool given = one.resumed || (one.submitted && !one.loading);
    json request{{"action", follows ? edits : one.action}, {"data_set", one.data_set->canonical()}};
    request["identity"] = {{"nhs_number", owner.checked.digits},
                           {"birth_date", owner.checked.birth_date},
                           {"family", owner.family},
                           {"given", owner.given}};
    const bool restricted = is_restricted_person(owner);
    const auto visible = [&](const plan::Answers& answers) {
        return as_response(*one.data_set, restricted ? without_whereabouts(*one.data_set, answers) : answers);
    };
    if (with_published && one.base_plan) request["published"] = visible(one.base);
    if (given) request["draft"] = visible(one.answers);
    if (owner.record)
        request["record"] = restricted ? record_without_whereabouts(*owner.record) : *owner.record;
    try {
        take_layout(one, owner, policy_->panel(request, now_ms()));
        one.plain = false;
    } catch (const PluginRefusal&) {
        throw;
    } catch (const PluginFailure& failure) {
        without_policy(failure);
        plain_layout(one);
    }
    if (completes)
        one.title = one.action == "approve"  ? "Approve a submitted change"
                    : one.action == "revise" ? "Change and submit again"
                                             : "Take over a colleague's change";
}

void Session::take_layout(Panel& one, const OpenPatient& owner, const json& answer) try {
    const std::string title = answer.value("title", std::string());
    const std::string mode_words = answer.value("mode_words", std::string());
    plan::Answers initial;
    const bool first = one.mode != Panel::Mode::read && !one.loading && !one.resumed && !one.submitted;
    if (first && answer.contains("initial") && !answer["initial"].is_null())
        initial = plan::fhir::read_answers(*one.data_set, answer["initial"]);
    if (initial.has("dem.nhs") &&
        plan::parse_nhs_number(initial.text("dem.nhs")).digits != owner.checked.digits)
        throw PluginFailure("The plugin answered with first answers of another person.");
    if (is_restricted_person(owner)) initial = without_whereabouts(*one.data_set, std::move(initial));
    plan::name_rows(*one.data_set, initial);
    one.title = title;
    one.mode_words = mode_words;
    one.core = texts(answer, "core");
    one.more = texts(answer, "more");
    // First answers stand only where nobody answered: never over what is published or typed.
    for (const plan::Field* field : one.data_set->fields()) {
        if (!initial.has(field->link_id) || one.touched.contains(field->link_id)) continue;
        if (one.base.has(field->link_id)) continue;
        plan::take_field(one.answers, initial, field->link_id);
        one.prefilled.insert(field->link_id);
    }
} catch (const json::exception&) {
    throw PluginFailure("The plugin answered with something else than a panel.");
} catch (const std::invalid_argument&) {
    throw PluginFailure("The plugin answered with first answers that cannot be read.");
}

}  // namespace careplug::engine
