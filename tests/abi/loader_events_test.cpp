#include <poll.h>

#include <catch2/catch.hpp>

#include "loaded_library.h"

namespace {

bool readable(const OpenPanel& open) {
    int64_t handle = -1;
    REQUIRE(library().wait_handle(open.session, &handle) == CAREPLUG_OK);
    pollfd item{static_cast<int>(handle), POLLIN, 0};
    return ::poll(&item, 1, 0) == 1;
}

careplug_operation_record state_of(careplug_handle operation) {
    careplug_operation_record record{};
    record.size = sizeof record;
    REQUIRE(library().operation(operation, &record) == CAREPLUG_OK);
    return record;
}

}  // namespace

TEST_CASE("events that came while flags were read still wake the host") {
    OpenPanel open;
    CHECK_FALSE(readable(open));
    REQUIRE(open.script("event 6 0 109") == CAREPLUG_OK);
    const auto key = patient_key();
    careplug_flags_record record{};
    REQUIRE(library().flags(open.session, &key, sizeof key, &record, sizeof record, 1) == CAREPLUG_OK);
    CHECK(readable(open));
    const auto event = open.wait_event(CAREPLUG_EVENT_EXCHANGE);
    CHECK(event.status == CAREPLUG_REFUSED_UNREACHABLE);
    CHECK(event.time > 0);
    CHECK_FALSE(readable(open));
}

TEST_CASE("a request is answered once, and the engine gets its own id") {
    OpenPanel open;
    REQUIRE(open.script("event 1 4242 0 identity") == CAREPLUG_OK);
    const auto request = open.wait_event(CAREPLUG_EVENT_REQUEST);
    CHECK(library().take(request.body) == "identity");
    CHECK(request.subject != 4242);
    OpenPanel other;
    careplug_handle problem = 0;
    CHECK(library().complete(other.session, request.subject, 0, "x", 1, &problem) == CAREPLUG_REFUSED_HANDLE);
    CHECK(library().take(problem).find("another session") != std::string::npos);
    CHECK(library().complete(open.session, request.subject, 3, "x", 1, nullptr) == CAREPLUG_REFUSED_ARGUMENT);
    CHECK(library().complete(open.session, request.subject, 0, "x", 1, nullptr) == CAREPLUG_OK);
    CHECK(library().complete(open.session, request.subject, 0, "x", 1, nullptr) == CAREPLUG_REFUSED_HANDLE);
}

TEST_CASE("events name the host's handles, and those of closed panels are dropped") {
    OpenPanel open;
    REQUIRE(open.script("event 4 2 0") == CAREPLUG_OK);  // the panel is the second id of this session
    CHECK(open.wait_event(CAREPLUG_EVENT_PANEL).subject == open.panel);
    REQUIRE(open.script("event 4 77 0") == CAREPLUG_OK);
    REQUIRE(open.script("event 2 0 0 in") == CAREPLUG_OK);
    careplug_event event{};
    event.size = sizeof event;
    REQUIRE(library().next_event(open.session, &event) == CAREPLUG_OK);
    CHECK(event.kind == CAREPLUG_EVENT_SESSION);
    CHECK(library().take(event.body) == "in");
}

TEST_CASE("an operation has exactly one completion") {
    OpenPanel open;
    careplug_handle operation = 0;
    REQUIRE(library().panel_submit(open.panel, CAREPLUG_INTENT_PUBLISH, &operation, nullptr) == CAREPLUG_OK);
    CHECK(state_of(operation).state == CAREPLUG_OPERATION_QUEUED);
    REQUIRE(open.script("state 3 2 0 8") == CAREPLUG_OK);
    CHECK(state_of(operation).revision == 8);
    REQUIRE(open.script("event 5 3 0 done") == CAREPLUG_OK);
    REQUIRE(open.script("event 5 3 0 again") == CAREPLUG_OK);
    const auto event = open.wait_event(CAREPLUG_EVENT_OPERATION);
    CHECK(event.subject == operation);
    CHECK(library().take(event.body) == "done");
    careplug_event next{};
    next.size = sizeof next;
    CHECK(library().next_event(open.session, &next) == CAREPLUG_OK_NONE);
    CHECK(library().operation_cancel(operation, nullptr) == CAREPLUG_OK);
    CHECK(library().release(operation) == CAREPLUG_OK);
    CHECK(library().release(operation) == CAREPLUG_REFUSED_HANDLE);
}

TEST_CASE("an operation whose engine died is not known, never failed") {
    OpenPanel open;
    careplug_handle waiting = 0;
    careplug_handle done = 0;
    REQUIRE(library().panel_submit(open.panel, CAREPLUG_INTENT_SUBMIT, &waiting, nullptr) == CAREPLUG_OK);
    REQUIRE(library().panel_submit(open.panel, CAREPLUG_INTENT_SUBMIT, &done, nullptr) == CAREPLUG_OK);
    REQUIRE(open.script("state 4 2 0 9") == CAREPLUG_OK);
    open.script("die");
    CHECK(state_of(waiting).state == CAREPLUG_OPERATION_UNKNOWN);
    CHECK(state_of(done).state == CAREPLUG_OPERATION_DONE);
    CHECK(library().release(waiting) == CAREPLUG_OK);
    library().close(open.loader);
    CHECK(state_of(done).revision == 9);
    CHECK(library().release(done) == CAREPLUG_OK);
}

TEST_CASE("unknown kinds of event are given, all of a flood, each once") {
    OpenPanel open;
    REQUIRE(open.script("flood 3000") == CAREPLUG_OK);
    for (int i = 0; i < 3000; ++i) {
        const auto event = open.wait_event(99);
        if (event.status != i) FAIL("event " << i << " came as " << event.status);
    }
    CHECK_FALSE(readable(open));
}

TEST_CASE("a host that never pulls does not make the loader grow without end, nor its calls hang") {
    OpenPanel open;
    REQUIRE(open.script("flood 2000") == CAREPLUG_OK);
    for (int i = 0; i < 20; ++i) CHECK(open.script("hello") == CAREPLUG_OK);
    CHECK(open.wait_event(99).status == 0);
}

TEST_CASE("records of the wrong size are refused and untouched") {
    const OpenPanel open;
    careplug_event event{};
    CHECK(library().next_event(open.session, &event) == CAREPLUG_REFUSED_ARGUMENT);
    careplug_word_record word{};
    word.size = 8;
    CHECK(library().word(open.session, 1, &word) == CAREPLUG_REFUSED_ARGUMENT);
    CHECK(word.size == 8);
    int64_t handle = 5;
    CHECK(library().wait_handle(77, &handle) == CAREPLUG_REFUSED_HANDLE);
    CHECK(handle == -1);
}
