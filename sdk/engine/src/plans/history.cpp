#include "plans/history.h"

#include <careplug/plan/changes.h>
#include <careplug/plan/fhir.h>
#include <careplug/plan/states.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>

#include "editing/restricted.h"

namespace careplug::engine {
namespace {

using nlohmann::json;

constexpr std::string_view restore_prefix = "restore.";

std::optional<plan::Answers> read_answers(const plan::DataSet& data_set,
                                          const std::map<std::string, json>& all, const std::string& id) {
    const auto found = all.find(id);
    if (found == all.end()) return std::nullopt;
    try {
        return plan::fhir::read_revision(data_set, found->second);
    } catch (const std::invalid_argument&) {
        return std::nullopt;
    }
}

bool shown(const plan::Field& field, const std::string& view) {
    return !field.hidden && (field.shown_in.empty() || std::find(field.shown_in.begin(), field.shown_in.end(),
                                                                 view) != field.shown_in.end());
}

json draw_change(const plan::DataSet& data_set, const plan::AnswerChange& change) {
    const plan::Field* question = data_set.find(change.link_id);
    const plan::Field* field = data_set.field_of(change.link_id);
    json out{{"linkId", change.link_id},
             {"label", question ? question->text : change.link_id},
             {"change", plan::code(change.kind)},
             {"before", change.before},
             {"after", change.after}};
    if (field && field != question) out["group"] = field->text;
    if (!change.row.empty()) out["row"] = change.row;
    if (!change.row_words.empty()) out["row_words"] = change.row_words;
    const bool masked = (field && !field->sensitive.empty()) || (question && !question->sensitive.empty());
    if (!masked) return out;
    out["masked"] = true;
    out.erase("row_words");
    for (const char* side : {"before", "after"})
        if (!out.at(side).get<std::string>().empty()) out[side] = "recorded (hidden)";
    return out;
}

json draw_changes(const PastState& state, const plan::Answers& before, const HistoryReader& reader) {
    json list = json::array();
    const plan::DataSet& data_set = *state.data_set;
    const auto visible = [&](const plan::Answers& answers) {
        return reader.restricted ? without_whereabouts(data_set, answers) : answers;
    };
    for (const auto& change : plan::changes(data_set, visible(before), visible(*state.answers))) {
        const plan::Field* field = data_set.field_of(change.link_id);
        if (field && shown(*field, reader.view)) list.push_back(draw_change(data_set, change));
    }
    return list;
}

// Whether this organisation has yet to accept it.
bool is_new(const PastState& state, const HistoryReader& reader) {
    const plan::Plan& header = state.header;
    if (!reader.accepted) return false;
    if (state.published)
        return header.revision > reader.accepted->revision && header.organisation != reader.organisation;
    return header.status_organisation != reader.organisation &&
           !reader.accepted->holds_state(plan::fhir::counted_version(header.etag), header.revision);
}

}  // namespace

json draw_state(const plan::Plan& header) {
    json out{{"state", plan::words(header.status)}};
    if (header.status == plan::PlanStatus::active) out["state"] = "open again";
    if (!header.status_date.empty()) out["when"] = header.status_date;
    if (!header.status_by.empty()) out["author"] = header.status_by;
    if (!header.status_since.empty()) out["since"] = header.status_since;
    if (!header.status_reason.empty()) out["reason"] = header.status_reason;
    return out;
}

const PastState* History::revision(std::uint32_t number) const {
    for (const auto& state : states)
        if (state.published && state.header.revision == number) return &state;
    return nullptr;
}

History fetch_states(Exchange& exchange, const std::string& token, const std::string& plan_id,
                     const Catalogue& catalogue) {
    auto versions = exchange.history("CarePlan/" + plan_id, token);
    std::reverse(versions.begin(), versions.end());
    History history;
    for (const json& version : versions) {
        const plan::DataSet* data_set = catalogue.find(plan::fhir::data_set_of(version));
        if (!data_set) throw BadAnswer("the plan had a form that this computer does not have");
        PastState state{plan::fhir::read_plan(*data_set, version), false, data_set, {}};
        const plan::Plan* last = history.states.empty() ? nullptr : &history.states.back().header;
        state.published = !last || last->revision_id != state.header.revision_id;
        if (!state.published && last->status == state.header.status) continue;
        history.states.push_back(std::move(state));
    }
    return history;
}

History fetch_history(Exchange& exchange, const std::string& token, const std::string& plan_id,
                      const Catalogue& catalogue) {
    std::map<std::string, json> responses;
    for (const auto& response :
         exchange.search("QuestionnaireResponse", {{"based-on", "CarePlan/" + plan_id}}, token))
        responses.emplace(response.value("id", std::string()), response);
    History history = fetch_states(exchange, token, plan_id, catalogue);
    for (auto& state : history.states)
        if (state.published)
            state.answers = read_answers(*state.data_set, responses, state.header.revision_id);
    return history;
}

json draw_history(const History& history, const HistoryReader& reader) {
    json list = json::array();
    static const plan::Answers none;
    const plan::Answers* before = &none;
    std::uint32_t newest = 0;
    for (const auto& state : history.states) newest = std::max(newest, state.header.revision);
    for (const auto& state : history.states) {
        if (!state.published) {
            list.push_back(draw_state(state.header));
            if (is_new(state, reader)) list.back()["new"] = true;
            continue;
        }
        const plan::Plan& header = state.header;
        json out{{"revision", header.revision},
                 {"when", header.amended},
                 {"author", header.author},
                 {"approver", header.approver},
                 {"current", header.revision == newest}};
        if (is_new(state, reader)) out["new"] = true;
        if (reader.may_restore && header.revision != newest && state.answers)
            out["restore"] = std::string(restore_prefix) + std::to_string(header.revision);
        if (state.answers && before)
            out["changes"] = draw_changes(state, *before, reader);
        else
            out["problem"] =
                "What changed cannot be told: the answers of this revision or of the one before "
                "cannot be read.";
        before = state.answers ? &*state.answers : nullptr;
        list.push_back(std::move(out));
    }
    std::reverse(list.begin(), list.end());
    return list;
}

std::uint32_t restored_revision(const std::string& action) {
    if (action.rfind(restore_prefix, 0) != 0) return 0;
    std::uint32_t number = 0;
    const char* end = action.data() + action.size();
    const auto read = std::from_chars(action.data() + restore_prefix.size(), end, number);
    return read.ec == std::errc() && read.ptr == end ? number : 0;
}

}  // namespace careplug::engine
