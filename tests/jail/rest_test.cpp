// What a plugin that fails costs, and when it is tried again.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "jail/jails.h"

using namespace careplug::test;
using namespace careplug::engine;

namespace {

std::string failure_of(Policy& policy, const std::string& function, bool trip) {
    try {
        ask(policy, function, trip);
    } catch (const PluginFailure& failure) {
        return failure.what();
    }
    return {};
}

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

bool soon(const std::function<bool()>& done) {
    for (int turn = 0; turn < 1000 && !done(); ++turn)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return done();
}

// Processor time that a process has taken, in ticks of the kernel.
long ticks_of(pid_t process) {
    std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
    std::string field;
    for (int number = 1; number <= 14; ++number) stat >> field;
    return std::stol(field);
}

}  // namespace

TEST_CASE("H16: a jail that ended between two calls costs no call") {
    const auto plugin = start_plugin(good_file("gp"), jail_options());
    const auto policy = plugin->open(good_session());
    const std::string usual = ask(*policy, "panel", false);
    const auto before = plugin->status();
    REQUIRE(before.process > 1);
    REQUIRE(::kill(static_cast<pid_t>(before.process), SIGKILL) == 0);
    siginfo_t ended{};
    REQUIRE(::waitid(P_PID, static_cast<id_t>(before.process), &ended, WEXITED | WNOWAIT) == 0);
    CHECK(ask(*policy, "panel", false) == usual);
    const auto after = plugin->status();
    CHECK(after.process != before.process);
    CHECK(after.starts == 2);
    CHECK(holds(after.last_failure, "was killed between two calls"));
}

TEST_CASE("H16: a plugin that rests after a failure is not waited for") {
    auto options = jail_options();
    options.times.rests = {60'000};
    const auto plugin = start_plugin(faulty_file("actions crash trip"), std::move(options));
    const auto policy = plugin->open(good_session());
    CHECK(holds(failure_of(*policy, "actions", true), "crashed (SEGV)"));
    const auto before = plugin->status();
    CHECK(before.state == PluginStatus::State::resting);
    CHECK(before.process == 0);
    CHECK(before.next_start > before.last_failure_at);
    for (const std::string function : {"flags", "actions", "panel"})
        CHECK(holds(failure_of(*policy, function, false), "starts again in a moment"));
    const auto after = plugin->status();
    CHECK(after.calls == before.calls);
    CHECK(after.starts == 1);
}

TEST_CASE(
    "H16: a plugin that fails again and again is left alone with the reason, and tried once more later") {
    std::vector<std::string> log;
    auto options = jail_options(&log);
    options.times.rests = {0};
    options.times.most_failures = 3;
    options.times.window = 1500;
    const auto plugin = start_plugin(faulty_file("summary abort trip"), std::move(options));
    const auto policy = plugin->open(good_session());
    for (int turn = 0; turn < 3; ++turn) {
        INFO(turn);
        CHECK(holds(failure_of(*policy, "summary", true), "aborted"));
    }
    CHECK(plugin->status().state == PluginStatus::State::quarantined);
    CHECK(holds(failure_of(*policy, "actions", false), "is left alone until"));
    CHECK(plugin->status().starts == 3);
    REQUIRE_FALSE(log.empty());
    CHECK(holds(log.back(), "It failed 3 times"));
    CHECK(until_answered(*policy, "actions") > 0);
    CHECK(plugin->status().starts == 4);
}

TEST_CASE("H16: a session that begins while its plugin rests has its policy once the plugin answers") {
    auto options = jail_options();
    options.times.rests = {200};
    const auto plugin = start_plugin(faulty_file("actions crash trip"), std::move(options));
    const auto first = plugin->open(good_session());
    const std::string usual = ask(*first, "actions", false);
    CHECK_FALSE(failure_of(*first, "actions", true).empty());
    const auto second = plugin->open(good_session());
    CHECK(until_answered(*second, "actions") > 0);
    CHECK(ask(*second, "actions", false) == usual);
    CHECK(ask(*first, "actions", false) == usual);
}

TEST_CASE("H16: sessions that ask at once are answered in turn, each by its own policy") {
    const auto plugin = start_plugin(good_file("gp"), jail_options());
    const auto reader = [&] {
        auto session = good_session();
        session["may_edit"] = session["may_publish"] = false;
        return plugin->open(session);
    }();
    const auto editor = plugin->open(good_session());
    const std::string of_the_reader = ask(*reader, "actions", false);
    const std::string of_the_editor = ask(*editor, "actions", false);
    REQUIRE(of_the_reader != of_the_editor);
    std::atomic<int> wrong = 0;
    std::thread other([&] {
        for (int turn = 0; turn < 200; ++turn)
            wrong += ask(*reader, "actions", false) == of_the_reader ? 0 : 1;
    });
    for (int turn = 0; turn < 200; ++turn) wrong += ask(*editor, "actions", false) == of_the_editor ? 0 : 1;
    other.join();
    CHECK(wrong == 0);
}

TEST_CASE("H16: a jail ends with its engine, also inside an endless loop") {
    int report[2];
    REQUIRE(::pipe(report) == 0);
    const pid_t engine = ::fork();
    if (engine == 0) {
        const auto plugin = start_faulty("actions hang trip");
        const auto policy = plugin->open(good_session());
        const pid_t jail = static_cast<pid_t>(plugin->status().process);
        std::thread stuck([&] { failure_of(*policy, "actions", true); });
        // It is in the loop, and no longer listening, once it takes processor time.
        while (ticks_of(jail) < 5) ::usleep(10000);
        [[maybe_unused]] const auto written = ::write(report[1], &jail, sizeof jail);
        ::pause();
        ::_exit(0);
    }
    pid_t jail = -1;
    REQUIRE(::read(report[0], &jail, sizeof jail) == sizeof jail);
    CHECK(::kill(jail, 0) == 0);
    REQUIRE(::kill(engine, SIGKILL) == 0);
    ::waitpid(engine, nullptr, 0);
    CHECK(soon([&] { return ::kill(jail, 0) != 0; }));
    ::close(report[0]);
    ::close(report[1]);
}

TEST_CASE("H16: a plugin that starts a process, a thread or a connection is stopped") {
    for (const std::string fault : {"fork", "thread", "socket"}) {
        INFO(fault);
        const auto plugin = start_faulty("actions " + fault + " trip");
        const auto policy = plugin->open(good_session());
        CHECK(holds(failure_of(*policy, "actions", true), "stopped by the sandbox"));
    }
}

TEST_CASE("H16: what the sandbox holds is told, and holds for the process") {
    std::vector<std::string> log;
    const auto plugin = start_plugin(good_file("gp"), jail_options(&log));
    const auto status = plugin->status();
    INFO(status.sandbox);
    REQUIRE_FALSE(log.empty());
    CHECK(holds(log.front(), status.sandbox));
    CHECK(holds(status.sandbox, "no new privileges"));
    CHECK(holds(status.sandbox, "system calls filtered"));
    CHECK(status.memory > 0);
    if (holds(status.sandbox, "lacking"))
        WARN("This computer's kernel lacks a part of the sandbox: " << status.sandbox);
}
