#include "desk.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "flags_json.h"

namespace careplug::sim {
namespace {

using nlohmann::json;

std::string today() {
    const auto now = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    const std::chrono::year_month_day day(now);
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(day.year()),
                  static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
    return text;
}

json parse_or_empty(const std::string& text) {
    json out = json::parse(text, nullptr, false);
    return out.is_discarded() ? json::object() : out;
}

}  // namespace

Desk::Desk(const LoaderHandle& loader, const HostContext& context, User user)
    : context_(context),
      user_(std::move(user)),
      roster_(user_.nhs_number.empty() ? context.roster : context.roster.only(user_.nhs_number)),
      session_(open_session(loader, context.profile.kind, context.profile.workstation)) {
    watch();
    pump_ = std::thread([this] { pull_events(); });
}

Desk::~Desk() {
    ending_ = true;
    feed_.close();
    pump_.join();
    const std::lock_guard lock(calls_);
    panels_.clear();
    patients_.clear();
    session_.reset();
}

bool Desk::wait_signed_in(std::chrono::milliseconds timeout) {
    std::unique_lock lock(sign_in_);
    return sign_in_changed_.wait_for(lock, timeout, [this] { return signed_in_; });
}

void Desk::watch() {
    const auto& keys = roster_.keys();
    const std::lock_guard lock(calls_);
    careplug_handle problem = 0;
    check(careplug_watch(session_.get(), keys.data(), sizeof(careplug_patient_key), keys.size(), &problem),
          problem);
}

json Desk::state() {
    const std::lock_guard lock(calls_);
    return parse_or_empty(result_of(careplug_session_state, session_.get()));
}

json Desk::rows() {
    const auto flags = read_flags(session_, roster_.keys());
    json out = json::array();
    for (std::size_t i = 0; i < flags.size(); ++i) {
        json row = roster_.row_json(i);
        row["plan"] = flags_json(session_, flags[i]);
        out.push_back(std::move(row));
    }
    return out;
}

json Desk::patient(const std::string& id) {
    const std::size_t index = roster_.index_of(id);
    const careplug_patient_key& key = roster_.keys()[index];
    json out = roster_.row_json(index);
    out["record"] = roster_.record_json(index);
    if (context_.profile.kind == "gp")
        out["record"]["codes"] = context_.codes->list(roster_.rows()[index].local.nhs_number);
    out["plan"] = flags_json(session_, read_flags(session_, {key}).front());
    const std::lock_guard lock(calls_);
    careplug_handle result = 0;
    careplug_handle problem = 0;
    const careplug_status status = careplug_flag_details(session_.get(), &key, &result, &problem);
    take_text(problem);
    if (status < CAREPLUG_REFUSED) out["details"] = parse_or_empty(take_text(result));
    if (patients_.count(id) != 0) out["actions"] = actions(id);
    return out;
}

json Desk::open_patient(const std::string& id) {
    const std::size_t index = roster_.index_of(id);
    const Person& person = roster_.rows()[index].local;
    const std::lock_guard lock(calls_);
    if (patients_.count(id) == 0) {
        OpenedPatient opened = sim::open_patient(session_, roster_.keys()[index],
                                                 person.family + ", " + person.given, context_.profile.basis);
        patients_.emplace(id, OpenPatient{std::move(opened)});
    }
    return {{"patient", id},
            {"different_name", patients_.at(id).opened.different_name},
            {"actions", actions(id)}};
}

json Desk::actions(const std::string& patient) {
    json out = parse_or_empty(result_of(careplug_actions, patients_.at(patient).opened.handle.get()));
    return out.value("actions", json::array());
}

json Desk::close_patient(const std::string& id) {
    const std::lock_guard lock(calls_);
    const auto found = patients_.find(id);
    if (found == patients_.end()) return {{"closed", true}};
    careplug_handle problem = 0;
    // A request to stay is thrown to the page, which shows why and asks.
    const careplug_status status =
        check(careplug_patient_may_close(found->second.opened.handle.get(), &problem), problem);
    std::erase_if(panels_, [&](const auto& panel) { return panel.second.patient == id; });
    patients_.erase(found);
    return {{"closed", true},
            {"draft_kept", status == CAREPLUG_OK_DRAFT_KEPT},
            {"queued", status == CAREPLUG_OK_QUEUED}};
}

json Desk::enter_code(const std::string& id, const std::string& code, const std::string& text) {
    const Person& person = roster_.rows()[roster_.index_of(id)].local;
    context_.codes->enter(person.nhs_number,
                          {{}, {}, "active", code, text, today(), user_.name, "Entered here", 0});
    return {{"entered", true}};
}

json Desk::end_code(const std::string& id, const std::string& entry) {
    const Person& person = roster_.rows()[roster_.index_of(id)].local;
    context_.codes->end(person.nhs_number, entry);
    return {{"ended", true}};
}

json Desk::acknowledge(const std::string& id) {
    const careplug_patient_key& key = roster_.keys()[roster_.index_of(id)];
    const std::lock_guard lock(calls_);
    careplug_handle problem = 0;
    check(careplug_receipt(session_.get(), &key, CAREPLUG_RECEIPT_ACKNOWLEDGED, nullptr, 0, &problem),
          problem);
    return {{"acknowledged", true}};
}

}  // namespace careplug::sim
