#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "loaded_library.h"

namespace {

careplug_status view(careplug_handle panel, std::string* sentence = nullptr) {
    careplug_handle result = 0;
    careplug_handle problem = 0;
    const auto status = library().panel_view(panel, &result, &problem);
    library().take(result);
    const std::string words = library().take(problem);
    if (sentence) *sentence = words;
    return status;
}

std::string state(careplug_handle session) {
    careplug_handle result = 0;
    REQUIRE(library().session_state(session, &result, nullptr) == CAREPLUG_OK);
    return library().take(result);
}

}  // namespace

TEST_CASE("each reading function asks for its own document") {
    const OpenPanel open;
    const auto read = [&](auto function) {
        careplug_handle result = 0;
        REQUIRE(function(open.panel, &result, nullptr) == CAREPLUG_OK);
        return library().take(result);
    };
    CHECK(read(library().panel_view) == "careplug_panel_view");
    CHECK(read(library().panel_form) == "careplug_panel_form");
    CHECK(read(library().panel_response) == "careplug_panel_response");
    CHECK(read(library().panel_summary) == "careplug_panel_summary");
    careplug_handle result = 0;
    REQUIRE(library().actions(open.patient, &result, nullptr) == CAREPLUG_OK);
    CHECK(library().take(result) == "careplug_actions");
    REQUIRE(library().panel_reveal(open.panel, "a.b", 3, &result, nullptr) == CAREPLUG_OK);
    CHECK(library().take(result) == "careplug_panel_reveal");
    REQUIRE(library().panel_resolve(open.panel, "cpr", 3, CAREPLUG_KEEP_MINE, &result, nullptr) ==
            CAREPLUG_OK);
    CHECK(library().take(result) == "careplug_panel_resolve");
    const auto key = patient_key();
    REQUIRE(library().flag_details(open.session, &key, &result, nullptr) == CAREPLUG_OK);
    CHECK(library().take(result) == "careplug_flag_details");
    CHECK(library().panel_discard(open.panel, nullptr) == CAREPLUG_OK);
    CHECK(library().receipt(open.session, &key, CAREPLUG_RECEIPT_SHOWN, nullptr, 0, nullptr) == CAREPLUG_OK);
    CHECK(library().patient_may_close(open.patient, nullptr) == CAREPLUG_OK);
}

TEST_CASE("validate gives its result also when it refuses") {
    const OpenPanel open;
    careplug_handle result = 0;
    careplug_handle problem = 0;
    CHECK(library().panel_validate(open.panel, CAREPLUG_INTENT_PUBLISH, &result, &problem) ==
          CAREPLUG_REFUSED_INVALID);
    CHECK(library().take(result) == "careplug_panel_validate");
    CHECK(library().take(problem) == "Two answers are missing.");
}

TEST_CASE("a refusal carries its sentence, and its detail apart") {
    const OpenPanel open;
    const auto key = patient_key();
    careplug_handle patient = 7;
    careplug_handle problem = 0;
    CHECK(library().patient_open(open.session, &key, "refuse", 6, CAREPLUG_BASIS_CASELOAD, nullptr, 0,
                                 &patient, &problem) == CAREPLUG_REFUSED_IDENTITY);
    CHECK(patient == 0);
    const char* data = nullptr;
    uint64_t length = 0;
    REQUIRE(library().problem_detail(problem, &data, &length) == CAREPLUG_OK);
    CHECK(std::string(data, length) == "birth date");
    CHECK(library().take(problem) == "The birth date differs.");
    CHECK(library().problem_detail(problem, &data, &length) == CAREPLUG_REFUSED_HANDLE);
    CHECK(data == nullptr);
    CHECK(library().patient_open(open.session, &key, "other", 5, CAREPLUG_BASIS_CASELOAD, nullptr, 0,
                                 &patient, nullptr) == CAREPLUG_OK_DIFFERENT_NAME);
    CHECK(patient != 0);
}

TEST_CASE("values outside the contract are refused with the argument's name") {
    const OpenPanel open;
    const auto key = patient_key();
    careplug_handle made = 0;
    careplug_handle problem = 0;
    CHECK(library().patient_open(open.session, &key, nullptr, 0, 9, nullptr, 0, &made, &problem) ==
          CAREPLUG_REFUSED_ARGUMENT);
    CHECK(library().take(problem).find("basis") != std::string::npos);
    CHECK(library().patient_open(open.session, &key, nullptr, 0, CAREPLUG_BASIS_SELF_CLAIMED, nullptr, 0,
                                 &made, nullptr) == CAREPLUG_REFUSED_ARGUMENT);
    CHECK(library().panel_submit(open.panel, CAREPLUG_INTENT_ENTERED_IN_ERROR + 1, &made, nullptr) ==
          CAREPLUG_REFUSED_ARGUMENT);
    CHECK(library().panel_validate(open.panel, 0, &made, nullptr) == CAREPLUG_REFUSED_ARGUMENT);
    CHECK(library().panel_resolve(open.panel, "u", 1, 3, &made, nullptr) == CAREPLUG_REFUSED_ARGUMENT);
    CHECK(library().receipt(open.session, &key, CAREPLUG_RECEIPT_OVERRIDDEN, nullptr, 0, nullptr) ==
          CAREPLUG_REFUSED_ARGUMENT);
    CHECK(library().receipt(open.session, &key, 6, nullptr, 0, nullptr) == CAREPLUG_REFUSED_ARGUMENT);
    CHECK(library().panel_update(open.panel, "a\0b", 3, &made, nullptr) == CAREPLUG_REFUSED_ARGUMENT);
    CHECK(library().panel_view(open.panel, nullptr, nullptr) == CAREPLUG_REFUSED_ARGUMENT);
}

TEST_CASE("handles of the wrong kind, released or never given are refused with the host's mistake") {
    const OpenPanel open;
    std::string sentence;
    CHECK(view(open.patient, &sentence) == CAREPLUG_REFUSED_HANDLE);
    CHECK(sentence.find("a panel") != std::string::npos);
    CHECK(sentence.find("a patient") != std::string::npos);
    CHECK(view(0) == CAREPLUG_REFUSED_HANDLE);
    CHECK(view(12345) == CAREPLUG_REFUSED_HANDLE);
    REQUIRE(library().panel_close(open.panel) == CAREPLUG_OK);
    CHECK(view(open.panel, &sentence) == CAREPLUG_REFUSED_HANDLE);
    CHECK(sentence ==
          "The host called careplug_panel_view with a handle that careplug_panel_close has already closed.");
    CHECK(library().panel_close(open.panel) == CAREPLUG_REFUSED_HANDLE);
    CHECK(library().release(open.session) == CAREPLUG_REFUSED_HANDLE);
    CHECK(library().close(open.session) == CAREPLUG_REFUSED_HANDLE);
}

TEST_CASE("closing a patient refuses every handle under it, whatever the engine says") {
    const OpenPanel open;
    CHECK(library().patient_close(open.patient) == CAREPLUG_OK);
    CHECK(view(open.panel) == CAREPLUG_REFUSED_HANDLE);
    CHECK(library().patient_close(open.patient) == CAREPLUG_REFUSED_HANDLE);
    CHECK(state(open.session) == "closed 1");
}

TEST_CASE("closing a session or the loader refuses every handle under it") {
    {
        const OpenPanel open;
        CHECK(library().session_close(open.session) == CAREPLUG_OK);
        CHECK(view(open.panel) == CAREPLUG_REFUSED_HANDLE);
        CHECK(library().session_close(open.session) == CAREPLUG_REFUSED_HANDLE);
    }
    const OpenPanel open;
    CHECK(library().close(open.loader) == CAREPLUG_OK);
    CHECK(view(open.panel) == CAREPLUG_REFUSED_HANDLE);
    CHECK(library().close(open.loader) == CAREPLUG_REFUSED_HANDLE);
}

TEST_CASE("results outlive the session and the engine") {
    OpenPanel open;
    careplug_handle result = 0;
    REQUIRE(library().panel_view(open.panel, &result, nullptr) == CAREPLUG_OK);
    library().close(open.loader);
    CHECK(library().take(result) == "careplug_panel_view");
    CHECK(library().release(result) == CAREPLUG_REFUSED_HANDLE);
}

TEST_CASE("a second call of a session is busy, instant calls and other sessions are not") {
    OpenPanel open;
    OpenPanel other;
    careplug_status slow_status = CAREPLUG_FAILED;
    std::thread slow([&] { slow_status = script_when_free(open.panel, "sleep 1000"); });
    wait_until_busy(open.panel);
    std::string sentence;
    CHECK(view(open.panel, &sentence) == CAREPLUG_REFUSED_BUSY);
    CHECK_FALSE(sentence.empty());
    const auto key = patient_key();
    careplug_flags_record record{};
    CHECK(library().flags(open.session, &key, sizeof key, &record, sizeof record, 1) == CAREPLUG_OK);
    CHECK(view(other.panel) == CAREPLUG_OK);
    CHECK(library().session_close(open.session) == CAREPLUG_REFUSED_BUSY);
    slow.join();
    CHECK(slow_status == CAREPLUG_OK);
    CHECK(view(open.panel) == CAREPLUG_OK);
}

TEST_CASE("a large update passes whole") {
    OpenPanel open;
    CHECK(open.script("large " + std::string(8U << 20, 'x')) == CAREPLUG_OK);
}
