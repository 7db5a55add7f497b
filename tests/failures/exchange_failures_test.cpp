// One publication after the other, and at each the next write, sync or allocation of the exchange fails.
#include <catch2/catch.hpp>
#include <chrono>
#include <iostream>
#include <thread>

#include "exchange/exchange_fixture.h"
#include "failures/orders.h"
#include "failures/steps.h"

using namespace exchange_test;
using careplug::test::Failing;
using careplug::test::Failures;
using careplug::test::Step;
using careplug::test::steps;

namespace {

const std::filesystem::path program =
    std::filesystem::path(CAREPLUG_BUILD_DIR) / "tests/failures/careplug-exchange";

std::string pointer(const json& care_plan) {
    return care_plan["supportingInfo"][0]["reference"];
}

// What was answered; 0 where the line was cut without an answer.
int status_of(HttpClient& client, const json& bundle, std::string& said) {
    try {
        const Reply reply = post(client, bundle);
        said = reply.status == 200 ? "" : words(reply);
        return reply.status;
    } catch (const std::exception&) {
        return 0;
    }
}

// What cut the line may be on its way to end the exchange.
bool goes_on(Running& running) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    for (int tries = 0; tries < 200 && running.exchange.running(); ++tries) {
        try {
            HttpClient(running.exchange.url()).get("/metadata");
            return true;
        } catch (const std::exception&) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
    }
    return false;
}

}  // namespace

TEST_CASE(
    "H4, H5: whichever write, sync or allocation of the exchange fails, a save is whole or was not made") {
    Failures failures(program);
    Running running(program);
    HttpClient gp = running.client();
    json plan = published(gp, 1);
    int number = 1;
    for (const Step& step : steps) {
        long cells = 0, refused = 0, cut = 0, ended = 0, saved = 0, seen = 0;
        for (long nth = 1;; nth += step.exchange_step()) {
            const std::string id = uuid(1000 + ++number);
            const std::string text = "Revision " + std::to_string(number);
            INFO(step.name << " " << nth);
            const auto bundle = transaction(next(plan, id, text));
            std::string said;
            failures.order(step.kind, nth);
            const int status = status_of(gp, bundle, said);
            seen = failures.seen();
            const bool failed = failures.end();
            if (status == 0 && !goes_on(running)) {
                // nlohmann's json is left in pieces where it becomes an object without memory, and ends the
                // process when it goes. Whoever started the exchange starts it again.
                CHECK(step.kind == Failing::allocation);
                REQUIRE_FALSE(running.exchange.running());
                ++ended;
                running.exchange.start();
            }
            // The line may be cut after the answer, too.
            gp = running.client();
            json now = gp.get("/CarePlan/" + uuid(1)).json();
            const bool there = pointer(now) == "QuestionnaireResponse/" + id;
            // Old or new, and new where that was said.
            if (status == 200) CHECK(there);
            if (status >= 400) {
                CHECK(status >= 500);
                CHECK_FALSE(said.empty());
            }
            if (!there) {
                CHECK(now == plan);
                CHECK(gp.get("/QuestionnaireResponse/" + id).status == 404);
                const Reply again = post(gp, bundle);
                INFO(again.body);
                REQUIRE(again.status == 200);
                now = gp.get("/CarePlan/" + uuid(1)).json();
            }
            CHECK(pointer(now) == "QuestionnaireResponse/" + id);
            CHECK(gp.get("/QuestionnaireResponse/" + id).body.find(text) != std::string::npos);
            plan = now;
            if (!failed) break;
            ++cells;
            ++(status == 200 ? saved : status == 0 ? cut : refused);
        }
        CHECK(total(gp, "/Provenance?target=CarePlan/" + uuid(1)) == static_cast<std::size_t>(number));
        std::cout << "exchange, " << step.name << ": " << seen << " in a save; failed in turn " << cells
                  << ", refused " << refused << ", saved all the same " << saved << ", without an answer "
                  << cut << ", of these the exchange ended at " << ended << std::endl;
        CHECK(cells > 0);
    }
    running.exchange.kill();
    running.exchange.start();
    HttpClient after = running.client();
    CHECK(after.get("/CarePlan/" + uuid(1)).json() == plan);
    CHECK(total(after, "/QuestionnaireResponse?based-on=CarePlan/" + uuid(1)) ==
          static_cast<std::size_t>(number));
}
