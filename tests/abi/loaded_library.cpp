#include "loaded_library.h"

#include <dlfcn.h>
#include <poll.h>
#include <stdlib.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

namespace {

std::filesystem::path make_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "careplug-loader-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()));
    return name;
}

}  // namespace

void* LoadedLibrary::symbol(const char* name) {
    if (!library) {
        folder = make_folder();
        std::filesystem::copy_file(LOADER_FILE, folder / "libcareplug.so");
        std::filesystem::copy_file(SCRIPTED_ENGINE_FILE, folder / "careplug-engine");
        library = ::dlopen((folder / "libcareplug.so").c_str(), RTLD_NOW | RTLD_LOCAL);
        INFO(::dlerror());
        REQUIRE(library);
    }
    void* found = ::dlsym(library, name);
    INFO(name);
    REQUIRE(found);
    return found;
}

LoadedLibrary::LoadedLibrary() = default;

LoadedLibrary::~LoadedLibrary() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
}

std::string LoadedLibrary::take(careplug_handle handle) {
    if (handle == 0) return {};
    const char* data = nullptr;
    uint64_t length = 0;
    REQUIRE(result(handle, &data, &length) == CAREPLUG_OK);
    std::string text(data, length);
    CHECK(data[length] == 0);
    CHECK(release(handle) == CAREPLUG_OK);
    return text;
}

LoadedLibrary& library() {
    static LoadedLibrary loaded;
    return loaded;
}

careplug_patient_key patient_key(const char* number, const char* born) {
    careplug_patient_key key{};
    key.size = sizeof key;
    key.number_status = 1;
    std::memcpy(key.nhs_number, number, std::strlen(number));
    std::memcpy(key.birth_date, born, std::strlen(born));
    return key;
}

careplug_status open_loader(const std::string& settings, careplug_handle& loader, careplug_answer& answer,
                            std::string& sentence) {
    const careplug_offer offer{sizeof(careplug_offer), CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR,
                               CAREPLUG_ABI_CANDIDATE};
    answer = {};
    answer.size = sizeof answer;
    careplug_handle problem = 0;
    const auto status = library().open(&offer, &answer, "loader tests", 12, settings.data(), settings.size(),
                                       &loader, &problem);
    CHECK((problem != 0) == (status >= CAREPLUG_REFUSED));
    sentence = library().take(problem);
    return status;
}

OpenPanel::OpenPanel(const std::string& settings) {
    careplug_answer answer{};
    REQUIRE(open_loader(settings, loader, answer, sentence) == CAREPLUG_OK);
    REQUIRE(library().session_open(loader, "gp", 2, "desk", 4, &session, nullptr) == CAREPLUG_OK);
    const auto key = patient_key();
    REQUIRE(library().patient_open(session, &key, "Foster, Ann", 11, CAREPLUG_BASIS_REGISTERED, nullptr, 0,
                                   &patient, nullptr) == CAREPLUG_OK);
    REQUIRE(library().panel_open(patient, "edit", 4, &panel, nullptr) == CAREPLUG_OK);
}

OpenPanel::~OpenPanel() {
    library().close(loader);
}

careplug_status OpenPanel::script(const std::string& command) {
    careplug_handle result = 0;
    careplug_handle problem = 0;
    const auto status = library().panel_update(panel, command.data(), command.size(), &result, &problem);
    CHECK((problem != 0) == (status >= CAREPLUG_REFUSED));
    if (status == CAREPLUG_OK) CHECK(library().take(result) == command);
    sentence = library().take(problem);
    return status;
}

careplug_status script_when_free(careplug_handle panel, const std::string& command) {
    for (;;) {
        careplug_handle result = 0;
        const auto status = library().panel_update(panel, command.data(), command.size(), &result, nullptr);
        if (result != 0) library().release(result);
        if (status != CAREPLUG_REFUSED_BUSY) return status;
        std::this_thread::yield();
    }
}

void wait_until_busy(careplug_handle panel) {
    for (;;) {
        careplug_handle result = 0;
        const auto status = library().panel_view(panel, &result, nullptr);
        if (result != 0) library().release(result);
        if (status == CAREPLUG_REFUSED_BUSY) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

careplug_event OpenPanel::wait_event(std::int32_t kind) {
    int64_t handle = -1;
    REQUIRE(library().wait_handle(session, &handle) == CAREPLUG_OK);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(40);
    for (;;) {
        REQUIRE(std::chrono::steady_clock::now() < end);
        careplug_event event{};
        event.size = sizeof event;
        const auto status = library().next_event(session, &event);
        if (status == CAREPLUG_OK && event.kind == kind) return event;
        if (status == CAREPLUG_OK) {
            library().take(event.body);
            continue;
        }
        REQUIRE(status == CAREPLUG_OK_NONE);
        pollfd item{static_cast<int>(handle), POLLIN, 0};
        REQUIRE(::poll(&item, 1, 20000) == 1);
    }
}
