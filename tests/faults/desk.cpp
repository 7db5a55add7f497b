#include "faults/desk.h"

#include <algorithm>
#include <stdexcept>

namespace careplug::test {
namespace {

// Of one event, or a moment in which none came.
void go_on(TestHost& host) {
    bool tried = false;
    host.pump_until([&] { return std::exchange(tried, true); });
}

void open_form(Seat& seat) {
    if (seat.open.patient == 0 &&
        seat.host->open_patient(seat.key, "Test, Patient", seat.open.patient).status >= 100)
        throw std::runtime_error("the patient could not be opened");
    const bool opened = seat.host->pump_until([&] {
        for (const char* action : {"edit", "continue"})
            if (seat.host->open_panel(seat.open.patient, action, seat.open.panel).status < 100) return true;
        return false;
    });
    if (!opened) throw std::runtime_error("the form could not be opened");
    seat.host->pump_until([&] {
        const Outcome view = TestHost::view(seat.open.panel);
        return view.status < 100 && view.json().at("plan") != "loading" &&
               view.json().at("record") != "awaited";
    });
}

}  // namespace

void type(Seat& seat, const std::string& words) {
    open_form(seat);
    const Outcome typed =
        TestHost::update(seat.open.panel, nlohmann::json::array({worded("dx.primary", words)}));
    if (typed.status >= 100) throw std::runtime_error("nothing could be typed: " + typed.problem);
    seat.words = words;
}

std::string draft(Seat& seat) {
    Outcome response;
    seat.host->pump_until([&] {
        response = TestHost::call(careplug_panel_response, seat.open.panel);
        return response.status < 100 || response.status == CAREPLUG_REFUSED_HANDLE;
    });
    if (response.status == CAREPLUG_REFUSED_HANDLE) {
        if (TestHost::call(careplug_actions, seat.open.patient).status == CAREPLUG_REFUSED_HANDLE)
            seat.open.patient = 0;
        open_form(seat);
        response = TestHost::call(careplug_panel_response, seat.open.panel);
    }
    return response.text;
}

void discard(Seat& seat) {
    careplug_handle problem = 0;
    careplug_panel_discard(seat.open.panel, &problem);
    careplug_release(problem);
}

Desk::Desk(TestHost& host, const std::string& words) : host_(host), order_(host.folder() / "settings.json") {
    host_.open();
    beside_ = std::make_unique<TestHost>(host_, TestHost::Beside::same_loader);
    first_.host = &host_;
    second_.host = beside_.get();
    first_.key = patient_key(mary, "1944-06-19");
    second_.key = patient_key(john, "1950-01-01");
    for (Seat* seat : {&first_, &second_}) seat->host->watch({seat->key});
    if (!go_on_until([&] { return fresh(); })) throw std::runtime_error("the plans stayed not known");
    type(first_, words);
    type(second_, words + " beside");
}

Desk::~Desk() {
    discard(first_);
    discard(second_);
    if (operation != 0) careplug_release(operation);
    // Of a change whose submission was answered too late the host hears by its event alone.
    for (const Seat* seat : {&first_, &second_})
        while (const auto told = seat->host->kept(CAREPLUG_EVENT_OPERATION))
            if (told->record.subject != operation) careplug_release(told->record.subject);
    beside_->close();
    host_.close();
}

bool Desk::fresh() {
    return first_.host->flags(first_.key).knowledge == CAREPLUG_KNOWLEDGE_PLAN &&
           second_.host->flags(second_.key).knowledge == CAREPLUG_KNOWLEDGE_PLAN;
}

void Desk::look_at_flags() {
    for (Seat* seat : {&first_, &second_}) {
        const auto flags = seat->host->flags(seat->key);
        const bool last_known = flags.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN &&
                                flags.last_knowledge == CAREPLUG_KNOWLEDGE_PLAN;
        const auto ids = seat->host->flag_ids(flags);
        const auto cpr = std::find(ids.begin(), ids.end(), "dnacpr");
        const bool drawn = cpr != ids.end();
        const bool marked = drawn && (flags.flags[cpr - ids.begin()].state & CAREPLUG_FLAG_LAST_KNOWN) != 0;
        if (!drawn || marked != last_known || !(last_known || flags.knowledge == CAREPLUG_KNOWLEDGE_PLAN))
            honest_ = false;
    }
}

bool Desk::go_on_until(const std::function<bool()>& done, std::chrono::seconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    bool seen = fresh();
    while (!done()) {
        if (std::chrono::steady_clock::now() > end) return false;
        go_on(*first_.host);
        go_on(*second_.host);
        seen = seen || fresh();
        if (seen) look_at_flags();
    }
    return true;
}

}  // namespace careplug::test
