#include "faults/calls.h"

#include <signal.h>

#include <map>
#include <stdexcept>
#include <thread>

namespace careplug::test {
namespace {

using Results = careplug_status(CAREPLUG_CALL*)(careplug_handle, careplug_handle*, careplug_handle*);

constexpr const char* ann = "9990000034";

careplug_status released(careplug_status status, careplug_handle result, careplug_handle problem) {
    if (result != 0) careplug_release(result);
    if (problem != 0) careplug_release(problem);
    return status;
}

template <class Call>
careplug_status with_outs(const Call& call) {
    careplug_handle result = 0;
    careplug_handle problem = 0;
    const careplug_status status = call(&result, &problem);
    return released(status, result, problem);
}

template <class Call>
careplug_status with_problem(const Call& call) {
    careplug_handle problem = 0;
    const careplug_status status = call(&problem);
    return released(status, 0, problem);
}

careplug_handle panel(Desk& desk) {
    return desk.first().open.panel;
}
careplug_handle patient(Desk& desk) {
    return desk.first().open.patient;
}
careplug_handle session(Desk& desk) {
    return desk.first().host->session();
}

careplug_status open_session(Desk& desk) {
    return with_problem([&](auto* problem) {
        return careplug_session_open(desk.loader(), "gp", 2, "desk 3", 6, &desk.made, problem);
    });
}

careplug_status open_ann(Desk& desk) {
    const auto key = patient_key(ann, "1960-02-03");
    return with_problem([&](auto* problem) {
        return careplug_patient_open(session(desk), &key, "Test, Ann", 9, CAREPLUG_BASIS_REGISTERED, nullptr,
                                     0, &desk.made, problem);
    });
}

// Of a patient who is opened the record is asked for: the handle of the request.
void ask_for_record(Desk& desk) {
    const auto key = patient_key(ann, "1960-02-03");
    desk.first().host->watch({desk.first().key, key});
    desk.first().host->pump_until(
        [&] { return desk.first().host->flags(key).knowledge == CAREPLUG_KNOWLEDGE_NO_PLAN; });
    open_ann(desk);
    for (int tries = 0; tries < 500; ++tries) {
        careplug_event event{};
        event.size = sizeof event;
        careplug_next_event(session(desk), &event);
        if (event.body != 0) careplug_release(event.body);
        if (event.kind == CAREPLUG_EVENT_REQUEST) {
            desk.made = event.subject;
            return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    throw std::runtime_error("no record was asked for");
}

careplug_status answer_with_record(Desk& desk) {
    const std::string body = record_bundle(ann, "1960-02-03", "Test", "Ann").dump();
    return with_problem([&](auto* problem) {
        return careplug_complete(session(desk), desk.made, CAREPLUG_OK, body.data(), body.size(), problem);
    });
}

// A change of the second seat that was shared.
void share(Desk& desk) {
    Seat& seat = desk.second();
    const careplug_status status = with_problem([&](auto* problem) {
        return careplug_panel_submit(seat.open.panel, CAREPLUG_INTENT_PUBLISH, &desk.operation, problem);
    });
    if (status >= 100) throw std::runtime_error("the change could not be submitted");
    seat.words.clear();
    careplug_operation_record record{};
    record.size = sizeof record;
    seat.host->pump_until([&] {
        return careplug_operation(desk.operation, &record) == CAREPLUG_OK &&
               record.state == CAREPLUG_OPERATION_DONE;
    });
}

careplug_status open_another_loader(Desk& desk) {
    const careplug_offer offer{sizeof(careplug_offer), CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR,
                               CAREPLUG_ABI_CANDIDATE};
    careplug_answer answer{};
    answer.size = sizeof answer;
    careplug_handle loader = 0;
    const std::string settings = (desk.first().host->folder() / "settings.json").string();
    const careplug_status status = with_problem([&](auto* problem) {
        return careplug_open(&offer, &answer, "another", 7, settings.data(), settings.size(), &loader,
                             problem);
    });
    if (loader != 0) careplug_close(loader);
    return status;
}

careplug_status kill_engine(Desk&) {
    for (const pid_t engine : engines()) ::kill(engine, SIGKILL);
    return CAREPLUG_OK;
}

Row reading(Results function) {
    Row row;
    row.call = [function](Desk& desk) {
        return with_outs([&](auto* result, auto* problem) { return function(panel(desk), result, problem); });
    };
    return row;
}

Row calling(std::function<careplug_status(Desk&)> call, std::function<void(Desk&)> prepare = {}) {
    Row row;
    row.call = std::move(call);
    row.prepare = std::move(prepare);
    return row;
}

Row closing(std::function<careplug_status(Desk&)> call, std::function<void(Desk&)> prepare = {}) {
    Row row = calling(std::move(call), std::move(prepare));
    row.tells_status = false;
    return row;
}

std::map<std::string, Row> written() {
    std::map<std::string, Row> all;
    all["careplug_session_open"] = calling([](Desk& desk) {
        const careplug_status status = open_session(desk);
        if (status < 100) careplug_session_close(desk.made);
        return status;
    });
    all["careplug_session_close"] = closing([](Desk& desk) { return careplug_session_close(desk.made); },
                                            [](Desk& desk) { open_session(desk); });
    all["careplug_session_state"] = calling([](Desk& desk) {
        return with_outs([&](auto* result, auto* problem) {
            return careplug_session_state(session(desk), result, problem);
        });
    });
    all["careplug_complete"] = calling(&answer_with_record, &ask_for_record);
    all["careplug_watch"] = calling([](Desk& desk) {
        return with_problem([&](auto* problem) {
            return careplug_watch(session(desk), &desk.first().key, sizeof(careplug_patient_key), 1, problem);
        });
    });
    all["careplug_flag_details"] = calling([](Desk& desk) {
        return with_outs([&](auto* result, auto* problem) {
            return careplug_flag_details(session(desk), &desk.first().key, result, problem);
        });
    });
    all["careplug_receipt"] = calling([](Desk& desk) {
        return with_problem([&](auto* problem) {
            return careplug_receipt(session(desk), &desk.first().key, CAREPLUG_RECEIPT_SHOWN, nullptr, 0,
                                    problem);
        });
    });
    all["careplug_patient_open"] = calling(&open_ann);
    all["careplug_patient_may_close"] = calling([](Desk& desk) {
        return with_problem(
            [&](auto* problem) { return careplug_patient_may_close(patient(desk), problem); });
    });
    all["careplug_patient_close"] = closing([](Desk& desk) { return careplug_patient_close(desk.made); },
                                            [](Desk& desk) { open_ann(desk); });
    all["careplug_actions"] = calling([](Desk& desk) {
        return with_outs(
            [&](auto* result, auto* problem) { return careplug_actions(patient(desk), result, problem); });
    });
    all["careplug_panel_open"] = calling([](Desk& desk) {
        careplug_handle form = 0;
        return with_problem(
            [&](auto* problem) { return careplug_panel_open(patient(desk), "read", 4, &form, problem); });
    });
    all["careplug_panel_view"] = reading(careplug_panel_view);
    all["careplug_panel_form"] = reading(careplug_panel_form);
    all["careplug_panel_response"] = reading(careplug_panel_response);
    all["careplug_panel_summary"] = reading(careplug_panel_summary);
    Row update = calling([](Desk& desk) {
        return TestHost::update(panel(desk), nlohmann::json::array({worded("dx.primary", "just typed")}))
            .status;
    });
    update.typed = "just typed";
    all["careplug_panel_update"] = update;
    all["careplug_panel_validate"] = calling([](Desk& desk) {
        return with_outs([&](auto* result, auto* problem) {
            return careplug_panel_validate(panel(desk), CAREPLUG_INTENT_PUBLISH, result, problem);
        });
    });
    all["careplug_panel_submit"] = calling([](Desk& desk) {
        return with_problem([&](auto* problem) {
            return careplug_panel_submit(panel(desk), CAREPLUG_INTENT_PUBLISH, &desk.operation, problem);
        });
    });
    all["careplug_panel_resolve"] = calling([](Desk& desk) {
        return with_outs([&](auto* result, auto* problem) {
            return careplug_panel_resolve(panel(desk), "x", 1, CAREPLUG_KEEP_MINE, result, problem);
        });
    });
    all["careplug_panel_reveal"] = calling([](Desk& desk) {
        return with_outs([&](auto* result, auto* problem) {
            return careplug_panel_reveal(panel(desk), "x", 1, result, problem);
        });
    });
    Row discarding = calling([](Desk& desk) {
        return with_problem([&](auto* problem) { return careplug_panel_discard(panel(desk), problem); });
    });
    discarding.may_end_draft = true;
    all["careplug_panel_discard"] = discarding;
    all["careplug_panel_close"] = closing([](Desk& desk) { return careplug_panel_close(panel(desk)); });
    all["careplug_operation_cancel"] = calling(
        [](Desk& desk) {
            return with_problem(
                [&](auto* problem) { return careplug_operation_cancel(desk.operation, problem); });
        },
        &share);
    return all;
}

std::vector<Row> make_rows() {
    auto all = written();
    std::vector<Row> list;
    for (const auto& signature : wire::signatures) {
        const auto found = all.find(std::string(signature.name));
        if (found == all.end()) throw std::logic_error("no row for " + std::string(signature.name));
        Row row = found->second;
        row.name = signature.name;
        row.creates = wire::has(signature, wire::Parameter::created);
        if (signature.deadline == wire::Deadline::switching) row.deadline = std::chrono::milliseconds(1000);
        list.push_back(std::move(row));
    }
    Row table = calling([](Desk& desk) {
        const careplug_status status = open_session(desk);
        if (status < 100) careplug_session_close(desk.made);
        return status;
    });
    table.name = giving_a_table;
    list.push_back(table);
    Row open = calling(&open_another_loader);
    open.name = greeting;
    // Its libraries are loaded and its store is opened.
    open.deadline = std::chrono::milliseconds(10000);
    list.push_back(open);
    Row resume = calling(&kill_engine);
    resume.name = resuming;
    list.push_back(resume);
    return list;
}

}  // namespace

const std::vector<Row>& rows() {
    static const std::vector<Row> all = make_rows();
    return all;
}

}  // namespace careplug::test
