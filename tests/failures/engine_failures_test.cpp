// One save after the other, and at each the next write, sync or allocation of the engine fails: in typing, in
// submitting, or in sending.
#include <catch2/catch.hpp>
#include <iostream>

#include "engine/scene.h"
#include "failures/orders.h"
#include "failures/steps.h"

using namespace careplug::test;
using nlohmann::json;

namespace {

const std::filesystem::path program =
    std::filesystem::path(CAREPLUG_BUILD_DIR) / "tests/failures/careplug-engine";
constexpr std::chrono::seconds patience{40};

// CAREPLUG_FAILURE_FROM=N begins with the n-th.
long first() {
    const char* given = std::getenv("CAREPLUG_FAILURE_FROM");
    return given ? std::stol(given) : 1;
}

class Desk {
public:
    explicit Desk(Scene& scene) : gp_(scene.gp()) {
        publish_plan(*gp_, key_);
        watch_again();
    }

    // False where nothing failed.
    bool save(Failures& failures, const Step& step, long nth) {
        const std::string text = step.name + std::string(" ") + std::to_string(nth);
        const std::uint32_t before = gp_->flags(key_).revision;
        REQUIRE(open_form());
        failures.order(step.kind, nth);
        try_until_done([&] { return TestHost::update(panel_, json::array({worded("dx.primary", text)})); });
        careplug_handle operation = 0;
        // Where the answer to the first try was lost, it may be on its way already.
        bool taken = false;
        try_until_done([&] {
            // Without a draft it is not published again: then it is on its way.
            const Outcome view = TestHost::view(panel_);
            if (view.status < 100 && !view.json().contains("draft")) {
                taken = gp_->flags(key_).revision == before + 1;
                return taken ? Outcome{} : Outcome{CAREPLUG_REFUSED, {}, "it is being sent"};
            }
            careplug_handle problem = 0;
            const careplug_status status =
                careplug_panel_submit(panel_, CAREPLUG_INTENT_PUBLISH, &operation, &problem);
            const char* words = "";
            std::uint64_t length = 0;
            if (problem != 0) careplug_result(problem, &words, &length);
            const Outcome outcome{status, {}, std::string(words, length)};
            careplug_release(problem);
            return outcome;
        });
        if (!taken) {
            std::optional<PulledEvent> told;
            REQUIRE(gp_->pump_until([&] { return (told = gp_->kept(CAREPLUG_EVENT_OPERATION)).has_value(); },
                                    patience));
            INFO(told->body);
            CHECK(told->record.status == CAREPLUG_OK);
            careplug_release(operation);
        }
        seen_ = failures.seen();
        const bool failed = failures.end();
        const bool shown = gp_->pump_until([&] { return gp_->flags(key_).revision == before + 1; }, patience);
        INFO("revision " << before << ", then " << gp_->flags(key_).revision << ", knowledge "
                         << gp_->flags(key_).knowledge << ", reason " << gp_->flags(key_).reason);
        REQUIRE(shown);
        REQUIRE(open_form());
        // One that was opened again while the change was on its way stands on the revision before, and says
        // so.
        if (TestHost::view(panel_).json().contains("newer")) {
            careplug_panel_close(panel_);
            panel_ = 0;
            REQUIRE(open_form());
        }
        CHECK(contains(TestHost::call(careplug_panel_response, panel_).text, text));
        const json state = TestHost::call(careplug_session_state, gp_->session()).json();
        CHECK(state.at("queued") == 0);
        if (state.at("engine").at("restarts") >= 2) {
            restarts_ += state.at("engine").at("restarts").get<long>();
            gp_->close();
            gp_->open();
            patient_ = panel_ = 0;
            watch_again();
        }
        return failed;
    }

    void print(const Step& step, long cells) {
        std::cout << "engine, " << step.name << ": " << seen_ << " in a save; failed in turn " << cells
                  << ", calls refused " << refused_ << ", engines replaced " << restarts_ << std::endl;
        seen_ = refused_ = restarts_ = 0;
    }

private:
    void watch_again() {
        gp_->watch({key_});
        REQUIRE(wait_for_knowledge(*gp_, key_, CAREPLUG_KNOWLEDGE_PLAN));
    }

    // What is refused says why, and goes well soon after.
    void try_until_done(const std::function<Outcome()>& call) {
        std::string last;
        REQUIRE(gp_->pump_until(
            [&] {
                const Outcome outcome = call();
                if (outcome.status < 100) return true;
                ++refused_;
                last = outcome.problem;
                CHECK_FALSE(outcome.problem.empty());
                if (outcome.status == CAREPLUG_REFUSED_HANDLE || outcome.status == CAREPLUG_REFUSED)
                    open_form();
                return false;
            },
            patience));
    }

    bool open_form() {
        return gp_->pump_until(
            [&] {
                const Outcome view =
                    panel_ != 0 ? TestHost::view(panel_) : Outcome{CAREPLUG_REFUSED_HANDLE, {}, {}};
                if (view.status < 100 && view.json().at("mode") == "edit")
                    return view.json().at("plan") != "loading" && view.json().at("record") != "awaited";
                if (view.status >= 100 && view.status != CAREPLUG_REFUSED_HANDLE) return false;
                if (panel_ != 0) careplug_panel_close(panel_);
                panel_ = 0;
                if (patient_ == 0 ||
                    TestHost::call(careplug_actions, patient_).status == CAREPLUG_REFUSED_HANDLE)
                    if (gp_->open_patient(key_, "Test, Patient", patient_).status >= 100) return false;
                for (const char* action : {"continue", "edit"})
                    if (gp_->open_panel(patient_, action, panel_).status < 100) break;
                return false;
            },
            patience);
    }

    const careplug_patient_key key_ = patient_key(mary, "1944-06-19");
    std::unique_ptr<TestHost> gp_;
    careplug_handle patient_ = 0;
    careplug_handle panel_ = 0;
    long seen_ = 0;
    long refused_ = 0;
    long restarts_ = 0;
};

}  // namespace

TEST_CASE(
    "H4: whichever write, sync or allocation of the engine fails, what is typed and sent is refused in words "
    "or "
    "kept, and shared once") {
    Failures failures(program);
    Scene scene;
    Desk desk(scene);
    for (const Step& step : steps) {
        long cells = 0;
        for (long nth = first();; nth += step.engine_step()) {
            INFO(step.name << " " << nth);
            if (!desk.save(failures, step, nth)) break;
            ++cells;
        }
        desk.print(step, cells);
        CHECK(cells > 0);
    }
}
