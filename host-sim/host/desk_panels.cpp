// Panels of a desk: read and edit.
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "desk.h"

namespace careplug::sim {
namespace {

using nlohmann::json;

}  // namespace

Desk::OpenPanel& Desk::panel_of(const std::string& id) {
    const auto found = panels_.find(id);
    if (found == panels_.end())
        throw std::out_of_range("This panel is closed. Open the plan again from the record.");
    return found->second;
}

// Every answer names the patient it belongs to, so that a page can drop one that comes late (hazard H1).
json Desk::panel_json(const std::string& id, const std::string& view) const {
    const OpenPanel& panel = panels_.at(id);
    return {{"panel", id}, {"patient", panel.patient}, {"action", panel.action}, {"view", json::parse(view)}};
}

json Desk::open_panel(const std::string& patient, const std::string& action) {
    const careplug_patient_key& key = roster_.keys()[roster_.index_of(patient)];
    const std::lock_guard lock(calls_);
    const auto found = patients_.find(patient);
    if (found == patients_.end()) throw std::out_of_range("This record is not open. Open the patient first.");
    OpenPanel panel;
    panel.patient = patient;
    panel.action = action;
    careplug_handle problem = 0;
    check(careplug_panel_open(found->second.opened.handle.get(), action.data(), action.size(),
                              panel.handle.out(), &problem),
          problem);
    const std::string view = result_of(careplug_panel_view, panel.handle.get());
    problem = 0;
    careplug_receipt(session_.get(), &key, CAREPLUG_RECEIPT_OPENED, nullptr, 0, &problem);
    take_text(problem);
    const std::string id = "panel-" + std::to_string(++last_panel_);
    panels_.emplace(id, std::move(panel));
    return panel_json(id, view);
}

json Desk::view(const std::string& panel) {
    const std::lock_guard lock(calls_);
    return panel_json(panel, result_of(careplug_panel_view, panel_of(panel).handle.get()));
}

json Desk::update(const std::string& panel, const std::string& items) {
    const std::lock_guard lock(calls_);
    return panel_json(panel, result_of(careplug_panel_update, panel_of(panel).handle.get(), items));
}

json Desk::validate(const std::string& panel, std::int32_t intent) {
    const std::lock_guard lock(calls_);
    careplug_handle result = 0;
    careplug_handle problem = 0;
    const careplug_status status =
        careplug_panel_validate(panel_of(panel).handle.get(), intent, &result, &problem);
    std::string outcome = take_text(result);
    if (outcome.empty()) check(status, problem);
    std::string sentence = outcome.empty() ? "" : take_text(problem);
    return {{"ok", status < CAREPLUG_REFUSED},
            {"sentence", sentence},
            {"outcome", outcome.empty() ? json::object() : json::parse(outcome)}};
}

json Desk::submit(const std::string& panel, std::int32_t intent) {
    const std::lock_guard lock(calls_);
    const OpenPanel& open = panel_of(panel);
    Sent sent;
    sent.panel = panel;
    sent.patient = open.patient;
    careplug_handle problem = 0;
    check(careplug_panel_submit(open.handle.get(), intent, sent.handle.out(), &problem), problem);
    const careplug_handle operation = sent.handle.get();
    sent_.emplace(operation, std::move(sent));
    return {{"operation", std::to_string(operation)}, {"panel", panel}, {"patient", open.patient}};
}

json Desk::resolve(const std::string& panel, const std::string& unit, std::int32_t keep) {
    const std::lock_guard lock(calls_);
    const careplug_handle handle = panel_of(panel).handle.get();
    careplug_handle result = 0;
    careplug_handle problem = 0;
    check(careplug_panel_resolve(handle, unit.data(), unit.size(), keep, &result, &problem), problem);
    take_text(result);
    return panel_json(panel, result_of(careplug_panel_view, handle));
}

json Desk::reveal(const std::string& panel, const std::string& link_id) {
    const std::lock_guard lock(calls_);
    const std::string item = result_of(careplug_panel_reveal, panel_of(panel).handle.get(), link_id);
    return {{"panel", panel}, {"patient", panel_of(panel).patient}, {"item", json::parse(item)}};
}

json Desk::summary(const std::string& panel) {
    const std::lock_guard lock(calls_);
    return json::parse(result_of(careplug_panel_summary, panel_of(panel).handle.get()));
}

json Desk::discard(const std::string& panel) {
    const std::lock_guard lock(calls_);
    careplug_handle problem = 0;
    check(careplug_panel_discard(panel_of(panel).handle.get(), &problem), problem);
    panels_.erase(panel);
    return {{"discarded", true}};
}

json Desk::close_panel(const std::string& panel) {
    const std::lock_guard lock(calls_);
    panels_.erase(panel);
    return {{"closed", true}};
}

}  // namespace careplug::sim
