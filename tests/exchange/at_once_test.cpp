#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <functional>
#include <thread>
#include <vector>

#include "exchange_fixture.h"

using namespace exchange_test;

namespace {

void at_once(int count, const std::function<void(int)>& work) {
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) threads.emplace_back(work, i);
    for (auto& thread : threads) thread.join();
}

}  // namespace

TEST_CASE("H4: of saves at once of one version one is made, and the others are told of the conflict") {
    Running running;
    auto gp = running.client();
    auto made = gp.send("POST", "/Patient", patient(nhs_number(1))).json();
    const std::string id = made["id"];
    constexpr int writers = 6, rounds = 8;
    for (int round = 0; round < rounds; ++round) {
        std::vector<int> statuses(writers);
        at_once(writers, [&](int writer) {
            auto client = running.client();
            auto changed = made;
            changed["name"][0]["family"] = "Writer " + std::to_string(writer);
            changed["name"][0]["text"] = "Round " + std::to_string(round);
            statuses[static_cast<std::size_t>(writer)] =
                client
                    .send("PUT", "/Patient/" + id, changed,
                          {{"If-Match", "W/\"" + made["meta"]["versionId"].get<std::string>() + "\""}})
                    .status;
        });
        CHECK(std::count(statuses.begin(), statuses.end(), 200) == 1);
        CHECK(std::count(statuses.begin(), statuses.end(), 412) == writers - 1);
        made = gp.get("/Patient/" + id).json();
        const auto winner = std::find(statuses.begin(), statuses.end(), 200) - statuses.begin();
        CHECK(made["name"][0]["family"] == "Writer " + std::to_string(winner));
    }
    CHECK(made["meta"]["versionId"] == std::to_string(rounds + 1));
}

TEST_CASE("Saves at once: those refused leave nothing, those acknowledged outlive a kill") {
    Running running;
    constexpr int writers = 6, saves = 10;
    std::vector<std::vector<std::string>> kept(writers);
    std::atomic<int> refused = 0, wrong = 0;
    at_once(writers, [&](int writer) {
        auto client = running.client();
        for (int i = 0; i < saves; ++i) {
            auto person = patient(nhs_number(writer * saves + i));
            const bool bad = i % 2 == 1;
            // Two numbers: refused by a rule, after it was written within the transaction.
            if (bad) person["identifier"].push_back(patient(nhs_number(300 + i))["identifier"][0]);
            const auto reply = client.send("POST", "/Patient", person);
            if (reply.status == 201 && !bad)
                kept[static_cast<std::size_t>(writer)].push_back(reply.json()["id"]);
            else if (reply.status == 422 && bad)
                ++refused;
            else
                ++wrong;
        }
    });
    CHECK(wrong == 0);
    CHECK(refused == writers * saves / 2);
    running.exchange.kill();
    running.exchange.start();
    auto gp = running.client();
    for (const auto& ids : kept)
        for (const auto& id : ids) {
            CHECK(gp.get("/Patient/" + id).status == 200);
            CHECK(total(gp, "/Provenance?target=Patient/" + id) == 1);
        }
    CHECK(total(gp, "/Patient") == static_cast<std::size_t>(writers * saves / 2));
    CHECK(total(gp, "/Provenance") == static_cast<std::size_t>(writers * saves / 2));
}
