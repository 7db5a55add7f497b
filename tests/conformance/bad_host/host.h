// A small host that does everything right, but for the one fault that its argument names.
#pragma once

#include <careplug/host.h>

#include <string>
#include <vector>

namespace careplug::bad_host {

// Whether this run is to break that requirement.
bool breaks(const char* requirement);
void set_fault(const std::string& requirement);

// What the host gives for an identity and for a record.
std::string identity();
std::string record(const std::string& nhs_number);

careplug_patient_key patient(const char* nhs_number, const char* birth_date);

// The text of a result or a problem, which is given back.
std::string take(careplug_handle handle);
// The sentence of a refusal, read as it should be. By reference: the call beside it sets the problem.
careplug_status told(careplug_status status, const careplug_handle& problem);

class Session {
public:
    explicit Session(careplug_handle session);
    careplug_handle handle() const { return session_; }

    // Pulls events and answers requests until `done` holds, the engine ended, or the time is over.
    template <class Done>
    bool pump(Done done, int milliseconds = 3000) {
        for (int waited = 0; !done(); waited += 20) {
            if (ended_ || waited > milliseconds) return false;
            pull_all();
        }
        return true;
    }
    void pull_all();
    bool signed_in() const { return signed_in_; }
    bool refused() const { return refused_; }
    bool ended() const { return ended_; }
    bool panel_changed() const { return panel_changed_; }
    void panel_was_shown() { panel_changed_ = false; }
    bool flags_changed() const { return flags_changed_; }
    void flags_were_read() { flags_changed_ = false; }
    // 0 until the event came.
    bool completed() const { return completed_; }
    careplug_status outcome() const { return outcome_; }
    void submitted() { completed_ = false; }

private:
    void answer(careplug_handle request, const std::string& asked);

    careplug_handle session_;
    bool signed_in_ = false, refused_ = false, ended_ = false, completed_ = false;
    bool panel_changed_ = false, flags_changed_ = false;
    careplug_status outcome_ = 0;
};

// A day at the desk. The exit status.
int day(careplug_handle loader);

}  // namespace careplug::bad_host
