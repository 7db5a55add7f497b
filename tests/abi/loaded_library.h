// A copy of libcareplug.so in a folder of its own, with the scripted engine beside it as careplug-engine:
// loaded as a vendor does, so that what is tested is what ships.
#ifndef CAREPLUG_TESTS_LOADED_LIBRARY_H
#define CAREPLUG_TESTS_LOADED_LIBRARY_H

#include <careplug/host.h>

#include <cstring>
#include <filesystem>
#include <string>

struct LoadedLibrary {
    LoadedLibrary();
    ~LoadedLibrary();
    LoadedLibrary(const LoadedLibrary&) = delete;
    LoadedLibrary& operator=(const LoadedLibrary&) = delete;

    std::filesystem::path folder;
    void* library = nullptr;

#define FUNCTION(name) decltype(&careplug_##name) name = find<decltype(&careplug_##name)>("careplug_" #name)
    FUNCTION(open);
    FUNCTION(close);
    FUNCTION(result);
    FUNCTION(problem_detail);
    FUNCTION(release);
    FUNCTION(session_open);
    FUNCTION(session_close);
    FUNCTION(session_state);
    FUNCTION(wait_handle);
    FUNCTION(next_event);
    FUNCTION(complete);
    FUNCTION(watch);
    FUNCTION(flags);
    FUNCTION(word);
    FUNCTION(flag_details);
    FUNCTION(receipt);
    FUNCTION(patient_open);
    FUNCTION(patient_may_close);
    FUNCTION(patient_close);
    FUNCTION(actions);
    FUNCTION(panel_open);
    FUNCTION(panel_view);
    FUNCTION(panel_form);
    FUNCTION(panel_response);
    FUNCTION(panel_summary);
    FUNCTION(panel_update);
    FUNCTION(panel_validate);
    FUNCTION(panel_submit);
    FUNCTION(panel_resolve);
    FUNCTION(panel_reveal);
    FUNCTION(panel_discard);
    FUNCTION(panel_close);
    FUNCTION(operation);
    FUNCTION(operation_cancel);
#undef FUNCTION

    // The text of a result or problem, which is released.
    std::string take(careplug_handle handle);

private:
    void* symbol(const char* name);
    template <class Function>
    Function find(const char* name) {
        return reinterpret_cast<Function>(symbol(name));
    }
};

LoadedLibrary& library();

careplug_patient_key patient_key(const char* number = "9990000018", const char* born = "1944-06-19");

// A loader, a session, a patient and a panel on the scripted engine.
struct OpenPanel {
    explicit OpenPanel(const std::string& settings = "/settings");
    ~OpenPanel();
    OpenPanel(const OpenPanel&) = delete;
    OpenPanel& operator=(const OpenPanel&) = delete;

    // Runs a command of the script (scripted_session.cpp).
    careplug_status script(const std::string& command);
    std::string sentence;  // of the last problem

    careplug_event wait_event(std::int32_t kind);

    careplug_handle loader = 0;
    careplug_handle session = 0;
    careplug_handle patient = 0;
    careplug_handle panel = 0;
};

// For threads beside the test's own: Catch2's assertions are for one thread. Runs the command when the
// session is free.
careplug_status script_when_free(careplug_handle panel, const std::string& command);
// Returns when another thread's call of this session runs.
void wait_until_busy(careplug_handle panel);

careplug_status open_loader(const std::string& settings, careplug_handle& loader, careplug_answer& answer,
                            std::string& sentence);

#endif
