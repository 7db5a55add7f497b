#include <sys/resource.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>

#include "exchange_fixture.h"

using namespace exchange_test;

namespace {

int revision_of(const json& care_plan) {
    for (const auto& extension : care_plan["extension"])
        if (extension["url"] == "urn:x-local:careplug:plan-revision") return extension["valueInteger"];
    return 0;
}

}  // namespace

TEST_CASE("H4: after a kill every acknowledged save is there, and each plan is old or new") {
    Running running;
    auto gp = running.client();
    constexpr int writers = 4;
    for (int writer = 0; writer < writers; ++writer) published(gp, writer);
    std::vector<int> acknowledged(writers, 1);
    for (int round = 0; round < 3; ++round) {
        std::vector<std::thread> threads;
        std::atomic<int> saves = 0;
        for (int writer = 0; writer < writers; ++writer)
            threads.emplace_back([&, writer] {
                const auto slot = static_cast<std::size_t>(writer);
                try {
                    auto client = running.client();
                    auto plan = client.get("/CarePlan/" + uuid(writer)).json();
                    for (;;) {
                        const int revision = revision_of(plan) + 1;
                        const auto publish = next(plan, uuid(10'000 * (writer + 1) + revision),
                                                  "Revision " + std::to_string(revision));
                        const auto bundle = transaction(publish);
                        if (client.send("POST", "", bundle).status != 200) return;
                        acknowledged[slot] = revision;
                        ++saves;
                        plan = client.get("/CarePlan/" + uuid(writer)).json();
                    }
                } catch (const std::exception&) {
                    // The exchange was killed under this writer.
                }
            });
        const auto start = std::chrono::steady_clock::now();
        while (saves < 12 && std::chrono::steady_clock::now() - start < std::chrono::seconds(60))
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        running.exchange.kill();
        for (auto& thread : threads) thread.join();
        REQUIRE(saves >= 12);
        running.exchange.start();

        gp = running.client();
        for (int writer = 0; writer < writers; ++writer) {
            const auto plan = gp.get("/CarePlan/" + uuid(writer)).json();
            const int revision = revision_of(plan);
            INFO("writer " << writer << " revision " << revision);
            // One more may have been saved without its answer reaching the writer.
            CHECK(revision >= acknowledged[static_cast<std::size_t>(writer)]);
            CHECK(revision <= acknowledged[static_cast<std::size_t>(writer)] + 1);
            acknowledged[static_cast<std::size_t>(writer)] = revision;
            const std::string pointer = plan["supportingInfo"][0]["reference"];
            const auto response = gp.get("/" + pointer);
            REQUIRE(response.status == 200);
            if (revision > 1)
                CHECK(response.body.find("Revision " + std::to_string(revision)) != std::string::npos);
            CHECK(total(gp, "/QuestionnaireResponse?based-on=CarePlan/" + uuid(writer)) ==
                  static_cast<std::size_t>(revision));
            CHECK(total(gp, "/Provenance?target=CarePlan/" + uuid(writer)) ==
                  static_cast<std::size_t>(revision));
        }
    }
}

TEST_CASE("H4: a full disk is told, leaves nothing half written, and saving goes on when there is room") {
    Running running;
    auto gp = running.client();
    const auto plan = published(gp, 1);
    const auto limit = [&](rlim_t most) {
        const rlimit wanted{most, RLIM_INFINITY};
        REQUIRE(::prlimit(running.exchange.pid(), RLIMIT_FSIZE, &wanted, nullptr) == 0);
    };
    limit(1);
    const auto bundle = transaction(next(plan, uuid(50), "Pain"));
    const auto refused = post(gp, bundle);
    CHECK(refused.status == 507);
    CHECK(words(refused).find("nothing was saved") != std::string::npos);
    CHECK(gp.get("/CarePlan/" + uuid(1)).json() == plan);
    CHECK(gp.get("/QuestionnaireResponse/" + uuid(50)).status == 404);
    limit(RLIM_INFINITY);
    CHECK(post(gp, bundle).status == 200);
    running.exchange.kill();
    running.exchange.start();
    gp = running.client();
    CHECK(gp.get("/CarePlan/" + uuid(1)).json()["meta"]["versionId"] == "2");
}

TEST_CASE("A restart finds the same data, and old revisions keep their data set") {
    Running running;
    auto gp = running.client();
    const auto plan = published(gp, 1);
    running.exchange.stop();
    running.exchange.start();
    gp = running.client();
    CHECK(gp.get("/CarePlan/" + uuid(1)).json() == plan);
    CHECK(gp.get("/Questionnaire?url=" + contingency_plan().url)
              .json()["entry"][0]["resource"]["meta"]["versionId"] == "1");
}
