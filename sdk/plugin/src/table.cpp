#include "table.h"

#include <nlohmann/json.hpp>

#include "barrier.h"
#include "documents.h"
#include "flag_records.h"
#include "handles.h"

namespace careplug::plugin {

namespace {

// The table's functions get no context of their own, so the open policies lie beside them.
Handles& handles() {
    static Handles open_policies;
    return open_policies;
}

Now now_of(std::int64_t milliseconds) {
    constexpr std::int64_t year_1900 = -2'208'988'800'000, year_9999 = 253'402'300'799'999;
    if (milliseconds < year_1900 || milliseconds > year_9999)
        throw EngineMistake(CAREPLUG_REFUSED_ARGUMENT, "with a time outside the years 1900 to 9999");
    return {milliseconds};
}

// Every answer is valid UTF-8, or the plugin has failed: the engine must not have to guess.
std::string checked(std::string answer) {
    if (!valid_utf8(answer)) throw std::logic_error("answer is not UTF-8");
    return answer;
}

careplug_status CAREPLUG_CALL describe(char* out, std::uint64_t capacity, std::uint64_t* length) {
    return guarded("describe", {out, capacity, length}, [] { return checked(write(this_plugin())); });
}

careplug_status CAREPLUG_CALL open(const char* session, std::uint64_t length, std::uint64_t* policy) {
    if (policy == nullptr) return CAREPLUG_REFUSED_ARGUMENT;
    *policy = 0;
    return guarded("open", [&] {
        auto known = std::make_shared<const Session>(read_session(text_in(session, length)));
        auto opened = this_plugin().open(*known);
        if (!opened) throw std::logic_error("no policy was opened");
        *policy = handles().add(std::move(opened), std::move(known));
    });
}

void CAREPLUG_CALL close(std::uint64_t policy) {
    guarded("close", [&] { handles().remove(policy); });
}

careplug_status CAREPLUG_CALL flags(std::uint64_t policy, careplug_policy_flag* records, std::uint64_t stride,
                                    std::uint64_t count, std::int64_t now) {
    return guarded("flags",
                   [&] { order_records(handles().get(policy).policy, records, stride, count, now_of(now)); });
}

careplug_status CAREPLUG_CALL actions(std::uint64_t policy, const char* patient, std::uint64_t patient_length,
                                      std::int64_t now, char* out, std::uint64_t capacity,
                                      std::uint64_t* length) {
    return guarded("actions", {out, capacity, length}, [&] {
        const auto open_policy =
            handles().get(policy).policy.actions(read_patient(text_in(patient, patient_length)), now_of(now));
        return checked(write(open_policy));
    });
}

careplug_status CAREPLUG_CALL panel(std::uint64_t policy, const char* request, std::uint64_t request_length,
                                    std::int64_t now, char* out, std::uint64_t capacity,
                                    std::uint64_t* length) {
    return guarded("panel", {out, capacity, length}, [&] {
        const auto open_policy = handles().get(policy);
        const nlohmann::json document = parse_object(text_in(request, request_length));
        return checked(
            write(open_policy.policy.panel(read_panel_request(open_policy.session, document), now_of(now))));
    });
}

careplug_status CAREPLUG_CALL check(std::uint64_t policy, const char* response, std::uint64_t response_length,
                                    std::int64_t now, char* out, std::uint64_t capacity,
                                    std::uint64_t* length) {
    return guarded("check", {out, capacity, length}, [&] {
        const auto open_policy = handles().get(policy);
        const nlohmann::json document = parse_object(text_in(response, response_length));
        const Response read = read_response(open_policy.session, document, open_policy.session.plan_set());
        return checked(write(open_policy.policy.check(*read.data_set, read.answers, now_of(now))));
    });
}

careplug_status CAREPLUG_CALL summary(std::uint64_t policy, const char* plan, std::uint64_t plan_length,
                                      std::int64_t now, char* out, std::uint64_t capacity,
                                      std::uint64_t* length) {
    return guarded("summary", {out, capacity, length}, [&] {
        const auto open_policy = handles().get(policy);
        return checked(write(open_policy.policy.summary(
            read_plan(open_policy.session, text_in(plan, plan_length)), now_of(now))));
    });
}

careplug_status CAREPLUG_CALL write_back(std::uint64_t policy, const char* plan, std::uint64_t plan_length,
                                         std::int64_t now, char* out, std::uint64_t capacity,
                                         std::uint64_t* length) {
    return guarded("write_back", {out, capacity, length}, [&] {
        const auto open_policy = handles().get(policy);
        return checked(write(open_policy.policy.write_back(
            read_plan(open_policy.session, text_in(plan, plan_length)), now_of(now))));
    });
}

}  // namespace

const careplug_policy& table() noexcept {
    static const careplug_policy functions = {sizeof(careplug_policy),
                                              0,
                                              &describe,
                                              &open,
                                              &close,
                                              &flags,
                                              &actions,
                                              &panel,
                                              &check,
                                              &summary,
                                              &write_back};
    return functions;
}

}  // namespace careplug::plugin
