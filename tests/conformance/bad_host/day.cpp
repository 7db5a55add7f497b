#include <cstring>
#include <thread>

#include "host.h"

namespace careplug::bad_host {

namespace {

using namespace std::chrono_literals;

const std::vector<careplug_patient_key>& board() {
    static const std::vector<careplug_patient_key> patients = {patient("9990318468", "1944-06-19"),
                                                               patient("9990000018", "1951-02-03")};
    return patients;
}

// A call with a result: its text, empty where it was refused.
template <class Call>
std::string text_of(Call call) {
    careplug_handle result = 0, problem = 0;
    const careplug_status status = told(call(&result, &problem), problem);
    return status < CAREPLUG_REFUSED || result != 0 ? take(result) : "";
}

void show_flags(Session& session) {
    std::vector<careplug_patient_key> shown = board();
    if (breaks("HOST-301")) shown.push_back(patient("9990005095", "1960-01-01"));
    if (breaks("HOST-307")) {
        careplug_handle problem = 0;
        told(careplug_receipt(session.handle(), &shown[0], CAREPLUG_RECEIPT_SHOWN, nullptr, 0, &problem),
             problem);
    }
    std::vector<careplug_flags_record> flags(shown.size());
    for (auto& record : flags) record.size = sizeof record;
    careplug_flags(session.handle(), shown.data(), sizeof shown[0], flags.data(), sizeof flags[0],
                   shown.size());
    session.flags_were_read();
    for (const auto& record : flags) {
        if (breaks("HOST-304") && record.reason == CAREPLUG_REASON_UNREACHABLE) continue;
        if (breaks("HOST-305") && record.reason == CAREPLUG_REASON_OTHER) continue;
        for (std::uint32_t i = 0; i < record.count; ++i) {
            if (breaks("HOST-303") && i > 1 && record.reason == CAREPLUG_REASON_NONE) continue;
            careplug_word_record word{};
            word.size = sizeof word;
            careplug_word(session.handle(), record.flags[i].word, &word);
        }
    }
    for (const auto& key : board()) {
        if (breaks("HOST-306") || breaks("HOST-307")) continue;
        careplug_handle problem = 0;
        const auto send = [&](std::int32_t receipt) {
            told(careplug_receipt(session.handle(), &key, receipt, nullptr, 0, &problem), problem);
        };
        send(CAREPLUG_RECEIPT_SHOWN);
        if (breaks("HOST-103")) send(99);
    }
}

careplug_handle open_patient(Session& session, const careplug_patient_key& key) {
    careplug_handle opened = 0, problem = 0;
    const char* const name = breaks("HOST-102") ? "Test, \xff" : "Test, Patient";
    told(careplug_patient_open(session.handle(), &key, name, std::strlen(name), CAREPLUG_BASIS_REGISTERED,
                               nullptr, 0, &opened, &problem),
         problem);
    return opened;
}

bool update(careplug_handle panel, const std::string& items) {
    return !text_of([&](careplug_handle* result, careplug_handle* problem) {
                return careplug_panel_update(panel, items.data(), items.size(), result, problem);
            }).empty();
}

std::string view(Session& session, careplug_handle panel) {
    session.panel_was_shown();
    return text_of([&](careplug_handle* result, careplug_handle* problem) {
        return careplug_panel_view(panel, result, problem);
    });
}

careplug_handle submit(Session& session, careplug_handle panel) {
    careplug_handle operation = 0, problem = 0;
    if (!breaks("HOST-506"))
        text_of([&](careplug_handle* result, careplug_handle* why) {
            return careplug_panel_validate(panel, CAREPLUG_INTENT_PUBLISH, result, why);
        });
    session.submitted();
    told(careplug_panel_submit(panel, CAREPLUG_INTENT_PUBLISH, &operation, &problem), problem);
    return operation;
}

void finish(Session& session, careplug_handle panel, careplug_handle operation) {
    if (breaks("HOST-507")) careplug_release(submit(session, panel));
    const auto done = [&] { return session.completed(); };
    if (breaks("HOST-005"))
        while (!session.pump(done)) {
        }
    session.pump(done);
    if (session.completed() && session.outcome() == CAREPLUG_REFUSED_CONFLICT && breaks("HOST-509"))
        careplug_release(submit(session, panel));
    if (!breaks("HOST-109")) careplug_release(operation);
}

void edit(Session& session, careplug_handle panel) {
    const std::string items = R"({"item": [{"linkId": "dx.primary", "answer": [{"valueString": "x"}]}]})";
    if (breaks("HOST-502")) update(panel, items);
    std::string shown = view(session, panel);
    if (breaks("HOST-504")) update(panel, items);
    const auto on_its_way = [&] {
        return shown.find("\"awaited\"") != std::string::npos ||
               shown.find("\"loading\"") != std::string::npos;
    };
    while (!breaks("HOST-503") && on_its_way() && session.pump([&] { return session.panel_changed(); }))
        shown = view(session, panel);
    // Who ignores the event is seen to do so only once it came, which may take long on a busy machine.
    const int patience = breaks("HOST-503") ? 2000 : 100;
    if (session.pump([&] { return session.panel_changed(); }, patience) && !breaks("HOST-503"))
        view(session, panel);
    const bool kept = breaks("HOST-503") || update(panel, breaks("HOST-505") ? R"({"answers": []})" : items);
    if (!kept && !breaks("HOST-508")) return;
    const careplug_handle operation = submit(session, panel);
    if (operation != 0) finish(session, panel, operation);
}

void leave(careplug_handle open) {
    careplug_handle problem = 0;
    if (!breaks("HOST-403")) told(careplug_patient_may_close(open, &problem), problem);
    if (!breaks("HOST-405")) careplug_patient_close(open);
}

void visit(Session& session, careplug_handle open, bool edits) {
    const std::string actions = text_of([&](careplug_handle* result, careplug_handle* problem) {
        return careplug_actions(open, result, problem);
    });
    const std::string action = breaks("HOST-501") ? "print" : edits ? "edit" : "read";
    if (actions.find("\"" + action + "\"") == std::string::npos && !breaks("HOST-501")) return;
    careplug_handle panel = 0, problem = 0;
    told(careplug_panel_open(open, action.data(), action.size(), &panel, &problem), problem);
    if (panel == 0) return;
    if (edits)
        edit(session, panel);
    else
        view(session, panel);
    careplug_panel_close(panel);
    if (breaks("HOST-104")) view(session, panel);
}

void overlap(Session& session) {
    const auto ask = [&] {
        for (int i = 0; i < 300; ++i)
            text_of([&](careplug_handle* result, careplug_handle* problem) {
                return careplug_session_state(session.handle(), result, problem);
            });
    };
    std::thread other(ask);
    ask();
    other.join();
}

int work(Session& session) {
    careplug_handle problem = 0;
    if (breaks("HOST-209")) open_patient(session, board()[0]);
    if (breaks("HOST-201")) std::this_thread::sleep_for(5500ms);
    session.pump([&] { return session.signed_in() || session.refused(); });
    if (!session.signed_in()) return 2;
    std::vector<careplug_patient_key> shown = board();
    if (breaks("HOST-401")) shown.push_back(patient("9990000019", "1951-02-03"));
    told(careplug_watch(session.handle(), shown.data(), sizeof shown[0], shown.size(), &problem), problem);
    session.pump([&] { return session.flags_changed(); });
    show_flags(session);
    if (breaks("HOST-106")) overlap(session);
    for (int i = 0; breaks("HOST-202") && i < 3000; ++i) {
        careplug_event event{};
        event.size = sizeof event;
        careplug_next_event(session.handle(), &event);
    }
    bool first = true;
    careplug_handle before = 0;
    for (const auto& key : board()) {
        const careplug_handle open = open_patient(session, key);
        for (int i = 0; breaks("HOST-402") && open == 0 && i < 4; ++i) open_patient(session, key);
        if (open == 0) continue;
        visit(session, open, first);
        if (breaks("HOST-406") && first)
            before = open;
        else
            leave(open);
        first = false;
    }
    if (before != 0) leave(before);
    if (breaks("HOST-302")) session.pump([] { return false; }, 1500);
    if (session.flags_changed() && !breaks("HOST-302")) show_flags(session);
    session.pull_all();
    for (int i = 0; breaks("HOST-010") && session.ended() && i < 40; ++i)
        text_of([&](careplug_handle* result, careplug_handle* why) {
            return careplug_session_state(session.handle(), result, why);
        });
    return session.ended() ? 2 : 0;
}

}  // namespace

int day(careplug_handle loader) {
    careplug_handle handle = 0, problem = 0;
    told(careplug_session_open(loader, "gp", 2, "desk 1", 6, &handle, &problem), problem);
    if (handle == 0) {
        if (breaks("HOST-008")) careplug_watch(handle, nullptr, 0, 0, nullptr);
        return 2;
    }
    Session session(handle);
    const int status = work(session);
    careplug_session_close(handle);
    return status;
}

}  // namespace careplug::bad_host
