// One host with two sessions on one loader and one engine, the faulty one: each with a patient open and words
// typed into the plan.
#pragma once

#include "engine/scene.h"
#include "faults/faults.h"

namespace careplug::test {

struct Seat {
    TestHost* host = nullptr;
    careplug_patient_key key{};
    Opened open;
    std::string words;  // typed last, and acknowledged
};

class Desk {
public:
    // The plans are published, the host is closed. Opens both seats and types these words in each.
    Desk(TestHost& host, const std::string& words);
    ~Desk();
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    Seat& first() { return first_; }
    Seat& second() { return second_; }
    careplug_handle loader() const { return first_.host->loader(); }
    const Order& order() const { return order_; }

    // By what a row of calls.h prepares.
    careplug_handle made = 0;
    // It outlives its session, so whoever asked for it lets it go.
    careplug_handle operation = 0;

    // Pulls the events of both until `done`, and looks at the flags meanwhile. False when the time is over.
    bool go_on_until(const std::function<bool()>& done,
                     std::chrono::seconds limit = std::chrono::seconds(20));
    // Whether flags never read as if there were no plan, nor old ones as if they were fresh.
    bool always_honest() const { return honest_; }
    bool fresh();
    // What the second reading finds is what a person sees right after the fault.
    void look_at_flags();

private:
    TestHost& host_;
    std::unique_ptr<TestHost> beside_;
    Seat first_;
    Seat second_;
    Order order_;
    bool honest_ = true;
};

// Opens the patient and the form, with the draft where there is one, and types.
void type(Seat& seat, const std::string& words);
// The draft as it is after whatever happened, opened again where it was closed.
std::string draft(Seat& seat);
// So that the next desk begins anew.
void discard(Seat& seat);

}  // namespace careplug::test
