#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <thread>
#include <vector>

#include "loaded_library.h"

namespace {

// The engine is gone, then another one has this session.
std::string wait_until_resumed(OpenPanel& open) {
    const auto lost = open.wait_event(CAREPLUG_EVENT_ENGINE);
    CHECK(lost.status == CAREPLUG_FAILED_ENGINE);
    CHECK_FALSE(library().take(lost.body).empty());
    const auto back = open.wait_event(CAREPLUG_EVENT_ENGINE);
    CHECK(back.status == CAREPLUG_OK);
    return library().take(back.body);
}

}  // namespace

TEST_CASE("H16: an engine that breaks the protocol of replies is replaced, and handles stay valid") {
    for (const char* command :
         {"noise", "wrong-sequence", "wrong-kind", "bad-text", "no-result", "negative-status"}) {
        INFO(command);
        OpenPanel open;
        CHECK(open.script(command) == CAREPLUG_FAILED_ENGINE);
        CHECK_FALSE(open.sentence.empty());
        wait_until_resumed(open);
        CHECK(open.script("hello") == CAREPLUG_OK);
        CHECK(library().session_close(open.session) == CAREPLUG_OK);
    }
}

TEST_CASE(
    "H1: an answer that is another patient's, or does not say whose, reaches nobody, and its engine is "
    "replaced") {
    for (const char* command : {"other-patient", "no-patient"}) {
        INFO(command);
        OpenPanel open;
        CHECK(open.script("mine") == CAREPLUG_OK);
        careplug_handle result = 0;
        REQUIRE(library().panel_update(open.panel, command, std::strlen(command), &result, nullptr) ==
                CAREPLUG_FAILED_ENGINE);
        CHECK(result == 0);
        wait_until_resumed(open);
        CHECK(open.script("mine") == CAREPLUG_OK);
    }
}

TEST_CASE("H16: an engine that sends noise among the events is replaced") {
    OpenPanel open;
    open.script("event-noise");
    wait_until_resumed(open);
    CHECK(open.script("hello") == CAREPLUG_OK);
}

TEST_CASE("H4, H16: an engine that dies is replaced: the new one learns what is open and watched") {
    OpenPanel open;
    const auto key = patient_key();
    REQUIRE(library().watch(open.session, &key, sizeof key, 1, nullptr) == CAREPLUG_OK);
    careplug_handle other = 0;
    REQUIRE(library().patient_open(open.session, &key, "Foster, Ann", 11, CAREPLUG_BASIS_REGISTERED, nullptr,
                                   0, &other, nullptr) == CAREPLUG_OK);
    CHECK(library().patient_close(other) == CAREPLUG_OK);
    CHECK(open.script("die") == CAREPLUG_FAILED_ENGINE);
    CHECK(wait_until_resumed(open) == "made 3; open: 1 2; watched: 1");
    CHECK(open.script("hello") == CAREPLUG_OK);
    careplug_event event{};
    event.size = sizeof event;
    while (library().next_event(open.session, &event) == CAREPLUG_OK) {
        CHECK(event.kind != CAREPLUG_EVENT_ENGINE);
        library().take(event.body);
    }
    CHECK(library().patient_close(open.patient) == CAREPLUG_OK);
    CHECK(library().patient_close(open.patient) == CAREPLUG_REFUSED_HANDLE);
}

TEST_CASE("H3, H16: flags of an engine that died are last known until the next one has said them") {
    OpenPanel open;
    const auto key = patient_key();
    REQUIRE(library().watch(open.session, &key, sizeof key, 1, nullptr) == CAREPLUG_OK);
    open.wait_event(CAREPLUG_EVENT_FLAGS);
    careplug_flags_record record{};
    REQUIRE(library().flags(open.session, &key, sizeof key, &record, sizeof record, 1) == CAREPLUG_OK);
    REQUIRE(record.knowledge == CAREPLUG_KNOWLEDGE_PLAN);
    open.script("die");
    // The scripted engine says nothing about flags that it was not asked for.
    for (const bool resumed : {false, true}) {
        INFO(resumed);
        if (resumed) wait_until_resumed(open);
        REQUIRE(library().flags(open.session, &key, sizeof key, &record, sizeof record, 1) == CAREPLUG_OK);
        CHECK(record.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN);
        CHECK(record.reason == CAREPLUG_REASON_ENGINE);
        CHECK(record.last_knowledge == CAREPLUG_KNOWLEDGE_PLAN);
        CHECK(record.since != 0);
        REQUIRE(record.count == 2);
        CHECK((record.flags[1].state & CAREPLUG_FLAG_LAST_KNOWN) != 0);
    }
}

TEST_CASE("H16: a call past its deadline is refused, and the engine that hangs is replaced") {
    OpenPanel open;
    OpenPanel other;
    CHECK(open.script("sleep 60000") == CAREPLUG_REFUSED_TIMEOUT);
    CHECK_FALSE(open.sentence.empty());
    wait_until_resumed(open);
    CHECK(open.script("hello") == CAREPLUG_OK);
    CHECK(other.script("hello") == CAREPLUG_OK);
}

TEST_CASE("H16: an engine that cannot start again is tried again, without plugins, and said so") {
    const auto started = library().folder / "started";
    OpenPanel open("once " + started.string());
    CHECK(open.script("die") == CAREPLUG_FAILED_ENGINE);
    const auto lost = open.wait_event(CAREPLUG_EVENT_ENGINE);
    CHECK(lost.status == CAREPLUG_FAILED_ENGINE);
    library().take(lost.body);
    CHECK(open.script("hello") == CAREPLUG_FAILED_ENGINE);
    CHECK_FALSE(open.sentence.empty());
    careplug_handle session = 0;
    CHECK(library().session_open(open.loader, "gp", 2, nullptr, 0, &session, nullptr) ==
          CAREPLUG_FAILED_ENGINE);
    // The engine of this script starts again in safe mode alone.
    const auto back = open.wait_event(CAREPLUG_EVENT_ENGINE);
    CHECK(back.status == CAREPLUG_OK);
    library().take(back.body);
    CHECK(open.script("hello") == CAREPLUG_OK);
    std::filesystem::remove(started);
}

TEST_CASE(
    "H16: an engine that refuses the session of a former one leaves it without an engine, and says why") {
    OpenPanel open;
    careplug_handle kept = 0;
    REQUIRE(library().session_open(open.loader, "once", 4, nullptr, 0, &kept, nullptr) == CAREPLUG_OK);
    open.script("die");
    wait_until_resumed(open);
    CHECK(open.script("hello") == CAREPLUG_OK);
    careplug_handle result = 0;
    CHECK(library().session_state(kept, &result, nullptr) == CAREPLUG_FAILED_ENGINE);
    careplug_event event{};
    event.size = sizeof event;
    std::string sentence;
    while (library().next_event(kept, &event) == CAREPLUG_OK) {
        const std::string body = library().take(event.body);
        if (event.kind == CAREPLUG_EVENT_ENGINE) sentence = body;
    }
    CHECK(sentence == "No plugin for this kind.");
    CHECK(library().session_close(kept) == CAREPLUG_OK);
    CHECK(open.script("hello") == CAREPLUG_OK);
}

TEST_CASE("an idle host learns by its wait handle that the engine died") {
    OpenPanel open;
    OpenPanel other;
    other.script("die");
    wait_until_resumed(other);
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
