#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <thread>
#include <vector>

#include "loaded_library.h"

TEST_CASE("H16: a reply that breaks the protocol ends the session, not the host") {
    for (const char* command :
         {"noise", "wrong-sequence", "wrong-kind", "bad-text", "no-result", "negative-status"}) {
        INFO(command);
        OpenPanel open;
        CHECK(open.script(command) == CAREPLUG_FAILED_ENGINE);
        CHECK_FALSE(open.sentence.empty());
        CHECK(open.script("hello") == CAREPLUG_FAILED_ENGINE);
        CHECK(open.wait_event(CAREPLUG_EVENT_ENGINE).status == CAREPLUG_FAILED_ENGINE);
        CHECK(library().session_close(open.session) == CAREPLUG_OK);
    }
}

TEST_CASE("noise among the events ends the session") {
    OpenPanel open;
    open.script("event-noise");
    open.wait_event(CAREPLUG_EVENT_ENGINE);
    CHECK(open.script("hello") == CAREPLUG_FAILED_ENGINE);
}

TEST_CASE("H16: an engine that dies ends the call and is told once") {
    OpenPanel open;
    CHECK(open.script("die") == CAREPLUG_FAILED_ENGINE);
    const auto told = open.wait_event(CAREPLUG_EVENT_ENGINE);
    CHECK_FALSE(library().take(told.body).empty());
    careplug_event event{};
    event.size = sizeof event;
    CHECK(library().next_event(open.session, &event) == CAREPLUG_OK_NONE);
    CHECK(event.kind == CAREPLUG_EVENT_NONE);
    CHECK(open.script("hello") == CAREPLUG_FAILED_ENGINE);
    CHECK(library().patient_close(open.patient) == CAREPLUG_FAILED_ENGINE);
    CHECK(library().patient_close(open.patient) == CAREPLUG_REFUSED_HANDLE);
    careplug_handle session = 0;
    CHECK(library().session_open(open.loader, "gp", 2, nullptr, 0, &session, nullptr) ==
          CAREPLUG_FAILED_ENGINE);
    CHECK(library().close(open.loader) == CAREPLUG_OK);
}

TEST_CASE("an idle host learns that the engine died by its wait handle") {
    OpenPanel open;
    OpenPanel other;
    other.script("die");
    other.wait_event(CAREPLUG_EVENT_ENGINE);
    CHECK(open.script("hello") == CAREPLUG_OK);
}

TEST_CASE("closing the loader ends a call that waits in another thread") {
    OpenPanel open;
    careplug_status status = CAREPLUG_OK;
    std::thread caller([&] { status = script_when_free(open.panel, "sleep 1900"); });
    wait_until_busy(open.panel);
    CHECK(library().close(open.loader) == CAREPLUG_OK);
    caller.join();
    CHECK(status == CAREPLUG_FAILED_ENGINE);
}

TEST_CASE("sessions of one loader and several loaders run side by side") {
    std::vector<std::unique_ptr<OpenPanel>> open;
    for (int i = 0; i < 4; ++i) open.push_back(std::make_unique<OpenPanel>());
    std::atomic<int> done = 0;
    std::vector<std::thread> threads;
    for (const auto& each : open)
        threads.emplace_back([&done, panel = each->panel] {
            for (int k = 0; k < 50; ++k)
                if (script_when_free(panel, "hello " + std::to_string(k)) == CAREPLUG_OK) ++done;
        });
    for (auto& thread : threads) thread.join();
    CHECK(done == 200);
}
