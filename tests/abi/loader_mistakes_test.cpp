// What a host does wrong is refused with a sentence that names the function and what was wrong with the call.
#include <stdlib.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <thread>

#include "loaded_library.h"

namespace {

struct Refused {
    careplug_status status;
    std::string sentence;
};

template <class Call>
Refused refused(Call call) {
    careplug_handle problem = 0;
    const careplug_status status = call(&problem);
    return {status, library().take(problem)};
}

Refused view(careplug_handle panel) {
    return refused([&](careplug_handle* problem) {
        careplug_handle result = 7;
        const auto status = library().panel_view(panel, &result, problem);
        CHECK(result == 0);
        return status;
    });
}

// The trace of the calls that `work` makes.
template <class Work>
std::string traced(Work work) {
    const auto file = library().folder / "trace";
    std::filesystem::remove(file);
    const auto reopen = [] {
        careplug_answer answer{};
        careplug_handle loader = 0;
        std::string sentence;
        open_loader("refuse it", loader, answer, sentence);
    };
    ::setenv("CAREPLUG_TRACE", file.c_str(), 1);
    reopen();
    work();
    ::unsetenv("CAREPLUG_TRACE");
    reopen();
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("a handle that something closed names what closed it") {
    const auto sentence = [](auto close) {
        const OpenPanel open;
        close(open);
        const Refused answer = view(open.panel);
        CHECK(answer.status == CAREPLUG_REFUSED_HANDLE);
        return answer.sentence;
    };
    const std::string start = "The host called careplug_panel_view with a handle that ";
    CHECK(sentence([](auto& open) { library().panel_close(open.panel); }) ==
          start + "careplug_panel_close has already closed.");
    CHECK(sentence([](auto& open) { library().patient_close(open.patient); }) ==
          start + "careplug_patient_close has already closed.");
    CHECK(sentence([](auto& open) { library().session_close(open.session); }) ==
          start + "careplug_session_close has already closed.");
    CHECK(sentence([](auto& open) { library().close(open.loader); }) ==
          start + "careplug_close has already closed.");
}

TEST_CASE("a handle of another kind, 0 and one never given are named") {
    const OpenPanel open;
    CHECK(view(open.patient).sentence ==
          "The host called careplug_panel_view with the handle of a patient for the handle of a panel.");
    CHECK(view(0).sentence == "The host called careplug_panel_view with 0 for the handle of a panel.");
    CHECK(view(12345).sentence ==
          "The host called careplug_panel_view with a handle that Careplug never gave to this program.");
}

TEST_CASE("a request of another session, and one that was answered, are named") {
    OpenPanel open;
    OpenPanel other;
    REQUIRE(open.script("event 1 70 0 body") == CAREPLUG_OK);
    const auto asked = open.wait_event(CAREPLUG_EVENT_REQUEST);
    library().release(asked.body);
    const auto complete = [&](careplug_handle session) {
        return refused([&](careplug_handle* problem) {
            return library().complete(session, asked.subject, CAREPLUG_OK, "{}", 2, problem);
        });
    };
    CHECK(complete(other.session).status == CAREPLUG_REFUSED_HANDLE);
    CHECK(complete(other.session).sentence ==
          "The host called careplug_complete with a request that another session asked.");
    CHECK(complete(open.session).status == CAREPLUG_OK);
    CHECK(complete(open.session).sentence ==
          "The host called careplug_complete with a handle that careplug_complete has already answered.");
}

TEST_CASE("an operation outlives its session, but cannot be cancelled there") {
    const OpenPanel open;
    careplug_handle operation = 0;
    REQUIRE(library().panel_submit(open.panel, CAREPLUG_INTENT_SUBMIT, &operation, nullptr) == CAREPLUG_OK);
    REQUIRE(library().session_close(open.session) == CAREPLUG_OK);
    careplug_operation_record record{};
    record.size = sizeof record;
    CHECK(library().operation(operation, &record) == CAREPLUG_OK);
    CHECK(record.state == CAREPLUG_OPERATION_UNKNOWN);
    const auto cancel =
        refused([&](careplug_handle* problem) { return library().operation_cancel(operation, problem); });
    CHECK(cancel.status == CAREPLUG_REFUSED_HANDLE);
    CHECK(cancel.sentence ==
          "The host called careplug_operation_cancel in a session that careplug_session_close has already "
          "closed.");
    CHECK(library().release(operation) == CAREPLUG_OK);
}

TEST_CASE("an overlapping call names both functions") {
    const OpenPanel open;
    std::thread slow([&] { script_when_free(open.panel, "sleep 600"); });
    wait_until_busy(open.panel);
    const Refused answer = view(open.panel);
    slow.join();
    CHECK(answer.status == CAREPLUG_REFUSED_BUSY);
    CHECK(answer.sentence ==
          "The host called careplug_panel_view while careplug_panel_update of the same session had not "
          "returned: a session takes one call at a time.");
}

TEST_CASE("an argument that breaks the rules is named") {
    const OpenPanel open;
    const auto update = [&](const char* text, std::uint64_t length) {
        return refused([&](careplug_handle* problem) {
            careplug_handle result = 0;
            return library().panel_update(open.panel, text, length, &result, problem);
        });
    };
    const std::string start = "The host called careplug_panel_update wrongly: items ";
    CHECK(update(nullptr, 4).sentence == start + "is null with a length.");
    CHECK(update("\xC3\x28", 2).sentence == start + "is not UTF-8, or holds NUL.");
    CHECK(update("a\0b", 3).sentence == start + "is not UTF-8, or holds NUL.");
    CHECK(update("{}", (std::uint64_t{16} << 20) + 1).sentence == start + "is longer than 16 MiB.");
    for (const auto& answer : {update(nullptr, 4), update("\xC3\x28", 2)})
        CHECK(answer.status == CAREPLUG_REFUSED_ARGUMENT);

    const auto key = patient_key();
    const auto watch = [&](const void* base, std::uint64_t stride, std::uint64_t count) {
        return refused([&](careplug_handle* problem) {
            return library().watch(open.session, static_cast<const careplug_patient_key*>(base), stride,
                                   count, problem);
        });
    };
    const std::string watched = "The host called careplug_watch wrongly: ";
    CHECK(watch(&key, sizeof key - 1, 1).sentence ==
          watched + "the stride of patients is not the size of the host's records.");
    CHECK(watch(nullptr, sizeof key, 1).sentence == watched + "patients is null.");
    CHECK(watch(&key, sizeof key, 1001).sentence == watched + "more than 1000 patients.");
    const auto null_out =
        refused([&](careplug_handle* problem) { return library().panel_view(open.panel, nullptr, problem); });
    CHECK(null_out.sentence == "The host called careplug_panel_view wrongly: result is null.");
}

TEST_CASE("the trace has each call and, where a function has no problem, the sentence") {
    OpenPanel open;
    careplug_handle result = 0;
    careplug_event small{};
    const std::string text = traced([&] {
        CHECK(library().panel_view(open.panel, &result, nullptr) == CAREPLUG_OK);
        CHECK(library().release(result) == CAREPLUG_OK);
        CHECK(library().release(result) == CAREPLUG_REFUSED_HANDLE);
        CHECK(library().release(open.session) == CAREPLUG_REFUSED_HANDLE);
        small.size = 4;
        CHECK(library().next_event(open.session, &small) == CAREPLUG_REFUSED_ARGUMENT);
        CHECK(open.script("secret words") == CAREPLUG_OK);
    });
    const auto has = [&](const char* words) { return text.find(words) != std::string::npos; };
    CHECK(has(" careplug_panel_view 0 "));
    CHECK(has(" careplug_release 103 "));
    CHECK(
        has("mistake: The host called careplug_release with a handle that careplug_release has already "
            "released.\n"));
    CHECK(
        has("mistake: The host called careplug_release with the handle of a session for the handle of a "
            "result, problem or operation.\n"));
    CHECK(
        has("mistake: The host called careplug_next_event wrongly: size of event is not set to the size of "
            "the record.\n"));
    CHECK_FALSE(has("secret"));
    const std::string off = traced([] {});
    CHECK(library().release(result) == CAREPLUG_REFUSED_HANDLE);
    std::ifstream in(library().folder / "trace");
    CHECK(std::string(std::istreambuf_iterator<char>(in), {}) == off);
}
