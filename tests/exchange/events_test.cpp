#include <catch2/catch.hpp>
#include <memory>

#include "exchange_fixture.h"

using namespace exchange_test;
using careplug::test::EventStream;

TEST_CASE("A commit is told to every stream, without identity") {
    Running running;
    auto gp = running.client();
    EventStream first_stream(running.exchange.url(), "/$events", running.identity("ae_clinician"));
    EventStream second_stream(running.exchange.url(), "/$events", running.identity());
    REQUIRE(first_stream.status() == 200);
    CHECK(first_stream.next().comment == "beat");
    CHECK(second_stream.next().comment == "beat");
    published(gp, 1);
    for (auto* stream : {&first_stream, &second_stream}) {
        bool plan_seen = false;
        std::int64_t last = 0;
        while (!plan_seen) {
            const auto event = stream->next_event();
            CHECK(event.name == "change");
            CHECK(std::stoll(event.id) > last);
            last = std::stoll(event.id);
            const auto data = json::parse(event.data);
            CHECK(data.size() == 3);
            CHECK(event.data.find(nhs_number(1)) == std::string::npos);
            if (data["type"] != "CarePlan") continue;
            CHECK(data["id"] == uuid(1));
            CHECK(data["version"] == "1");
            plan_seen = true;
        }
    }
}

TEST_CASE("A stream goes on where its reader was, or says that it cannot") {
    Running running;
    auto gp = running.client();
    const auto headers = [&](const std::string& last) {
        auto made = running.identity();
        made["Last-Event-ID"] = last;
        return made;
    };
    std::string last;
    {
        EventStream stream(running.exchange.url(), "/$events", running.identity());
        stream.next();
        published(gp, 1);
        last = stream.next_event().id;
    }
    published(gp, 2);
    EventStream resumed(running.exchange.url(), "/$events", headers(last));
    std::vector<std::string> plans;
    while (plans.size() < 2) {
        const auto data = json::parse(resumed.next_event().data);
        if (data["type"] == "CarePlan") plans.push_back(data["id"]);
    }
    CHECK(plans == std::vector<std::string>{uuid(1), uuid(2)});
    EventStream unknown(running.exchange.url(), "/$events", headers("999999999"));
    CHECK(unknown.next_event().name == "reset");
    CHECK(gp.get("/$events", {{"Last-Event-ID", "yesterday"}}).status == 400);
    CHECK(gp.request("POST", "/$events").status == 405);
}

TEST_CASE("A refused transaction is not told") {
    Running running;
    auto gp = running.client();
    EventStream stream(running.exchange.url(), "/$events", running.identity());
    stream.next();
    auto bundle = transaction(first(1));
    resource_in(bundle, "CarePlan")["status"] = "on-hold";
    REQUIRE(post(gp, bundle).status == 422);
    published(gp, 2);
    for (;;) {
        const auto data = json::parse(stream.next_event().data);
        CHECK(data["id"] != uuid(1));
        if (data["type"] == "CarePlan") break;
    }
}

TEST_CASE("A quiet stream beats, and an open stream stops no request") {
    Running running;
    std::vector<std::unique_ptr<EventStream>> streams;
    for (int n = 0; n < 16; ++n) {
        streams.push_back(
            std::make_unique<EventStream>(running.exchange.url(), "/$events", running.identity()));
        REQUIRE(streams.back()->status() == 200);
    }
    auto gp = running.client();
    published(gp, 1);
    CHECK(streams.back()->next().comment == "beat");
    for (;;) {
        const auto event = streams.back()->next(20);
        if (!event.comment.empty()) break;
    }
    bool throttled = false;
    for (int n = 0; n < 40 && !throttled; ++n) {
        streams.push_back(
            std::make_unique<EventStream>(running.exchange.url(), "/$events", running.identity()));
        throttled = streams.back()->status() == 503;
    }
    CHECK(throttled);
    CHECK(gp.get("/CarePlan/" + uuid(1)).status == 200);
}

TEST_CASE("A stream ends with the token that opened it") {
    Running running;
    auto claims = running.signer.claims("gp");
    claims["exp"] = claims["iat"].get<std::int64_t>() + 3;
    EventStream stream(running.exchange.url(), "/$events",
                       {{"Authorization", "Bearer " + running.signer.sign(claims)}});
    REQUIRE(stream.status() == 200);
    CHECK_THROWS([&] {
        for (int n = 0; n < 10; ++n) stream.next(20);
    }());
}
