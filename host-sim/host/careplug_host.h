// A thin C++ face on careplug/host.h, as a vendor would write one: handles that release themselves, texts
// as strings, refusals as exceptions.
#pragma once

#include <careplug/host.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace careplug::sim {

// A status of 100 or more, with the sentence for a person.
class Refusal : public std::runtime_error {
public:
    Refusal(careplug_status status, const std::string& sentence)
        : std::runtime_error(sentence), status_(status) {}
    careplug_status status() const { return status_; }

private:
    careplug_status status_;
};

// The text of a result or problem, which is released.
std::string take_text(careplug_handle result);

// A handle whose owner gives it back with Close.
template <careplug_status(CAREPLUG_CALL* Close)(careplug_handle)>
class Owned {
public:
    Owned() = default;
    explicit Owned(careplug_handle handle) : handle_(handle) {}
    Owned(Owned&& other) noexcept : handle_(std::exchange(other.handle_, 0)) {}
    Owned& operator=(Owned&& other) noexcept {
        if (this != &other) {
            reset();
            handle_ = std::exchange(other.handle_, 0);
        }
        return *this;
    }
    ~Owned() { reset(); }
    careplug_handle get() const { return handle_; }
    careplug_handle* out() { return &handle_; }
    void reset() {
        if (handle_ != 0) Close(std::exchange(handle_, 0));
    }

private:
    careplug_handle handle_ = 0;
};

using LoaderHandle = Owned<careplug_close>;
using SessionHandle = Owned<careplug_session_close>;
using PatientHandle = Owned<careplug_patient_close>;
using PanelHandle = Owned<careplug_panel_close>;
using OperationHandle = Owned<careplug_release>;

LoaderHandle open_loader(std::string_view host_name, std::string_view settings_path);
SessionHandle open_session(const LoaderHandle& loader, std::string_view host_kind,
                           std::string_view workstation);

struct Event {
    careplug_event record{};
    std::string body;
};
std::optional<Event> next_event(const SessionHandle& session);

careplug_patient_key patient_key(std::string_view nhs_number, std::string_view birth_date, int number_status);
std::vector<careplug_flags_record> read_flags(const SessionHandle& session,
                                              const std::vector<careplug_patient_key>& patients);
careplug_word_record word(const SessionHandle& session, std::uint32_t word);

struct OpenedPatient {
    PatientHandle handle;
    bool different_name = false;
};
OpenedPatient open_patient(const SessionHandle& session, const careplug_patient_key& key,
                           std::string_view name, std::int32_t basis);

// Throws Refusal when `status` is 100 or more; releases `problem`. Returns the status.
careplug_status check(careplug_status status, const careplug_handle& problem);

// A call of the form f(handle, &result, &problem).
template <typename Function>
std::string result_of(Function function, careplug_handle handle) {
    careplug_handle result = 0;
    careplug_handle problem = 0;
    check(function(handle, &result, &problem), problem);
    return take_text(result);
}

// A call of the form f(handle, text, length, &result, &problem).
template <typename Function>
std::string result_of(Function function, careplug_handle handle, std::string_view text) {
    careplug_handle result = 0;
    careplug_handle problem = 0;
    check(function(handle, text.data(), text.size(), &result, &problem), problem);
    return take_text(result);
}

}  // namespace careplug::sim
