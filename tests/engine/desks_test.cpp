// Several hosts of one user, and many users of one computer: one store, shared safely.
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <iostream>
#include <thread>

#include "bench/people.h"
#include "front.h"
#include "scene.h"

using namespace careplug::test;
using careplug::bench::person;
using nlohmann::json;

namespace {

int many() {
    return std::getenv("CAREPLUG_LONG") ? 50 : 8;
}

careplug_status submit(careplug_handle panel, careplug_handle& operation) {
    careplug_handle problem = 0;
    const careplug_status status =
        careplug_panel_submit(panel, CAREPLUG_INTENT_PUBLISH, &operation, &problem);
    careplug_release(problem);
    return status;
}

// Each in a process of its own, at once. How many did not do their work.
int troubles(int count, const std::function<bool(int)>& work) {
    std::vector<pid_t> processes;
    for (int i = 0; i < count; ++i) {
        const pid_t process = ::fork();
        if (process != 0) {
            processes.push_back(process);
            continue;
        }
        try {
            ::_exit(work(i) ? 0 : 1);
        } catch (const std::exception& problem) {
            std::cerr << "user " << i << ": " << problem.what() << std::endl;
        } catch (...) {
            std::cerr << "user " << i << ": an assertion of the test failed" << std::endl;
        }
        ::_exit(1);
    }
    int failed = 0;
    for (const pid_t process : processes) {
        int status = 0;
        ::waitpid(process, &status, 0);
        failed += WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
    }
    return failed;
}

// As a person would who is told that the store is busy, and to try again in a moment.
Opened open_when_free(TestHost& host, const careplug_patient_key& key, const std::string& action) {
    for (int tries = 0;; ++tries) {
        Opened opened;
        Outcome answer = host.open_patient(key, "Test, Patient", opened.patient);
        if (answer.status < 100) {
            host.pump_until([&] {
                answer = host.open_panel(opened.patient, action, opened.panel);
                return answer.status != CAREPLUG_REFUSED_UNREACHABLE;
            });
            if (answer.status < 100) {
                wait_for_view(host, opened.panel, [](const json& view) {
                    return view.at("plan") != "loading" && view.at("record") != "awaited";
                });
                return opened;
            }
            careplug_patient_close(opened.patient);
        }
        if (answer.status != CAREPLUG_REFUSED_STORAGE || tries == 50)
            throw std::runtime_error(answer.problem);
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

// Types, signs out and in again, and finds the own words and nobody else's.
bool keeps_own_words(TestHost& host, int user) {
    const auto key = patient_key(mary, "1944-06-19");
    const std::string mine = "words of user " + std::to_string(user) + ";";
    const auto known = [&] {
        host.watch({key});
        return host.pump_until([&] { return host.flags(key).knowledge == CAREPLUG_KNOWLEDGE_PLAN; },
                               std::chrono::seconds(60));
    };
    if (!known()) throw std::runtime_error("the plan stayed not known");
    const Opened editing = open_when_free(host, key, "edit");
    Outcome typed;
    for (int tries = 0; tries == 0 || (typed.status == CAREPLUG_REFUSED_STORAGE && tries < 50); ++tries)
        typed = TestHost::update(editing.panel, words("dx.primary", mine));
    if (typed.status >= 100) throw std::runtime_error(typed.problem);
    host.close();
    host.open();
    if (!known()) throw std::runtime_error("the plan stayed not known after signing in again");
    const Opened again = open_when_free(host, key, "continue");
    const std::string kept = TestHost::call(careplug_panel_response, again.panel).text;
    return contains(kept, mine) && kept.find("words of user ") == kept.rfind("words of user ");
}

// Makes a plan and changes it: the exchange counts each change.
bool publishes_once(TestHost& host, const careplug_patient_key& key) {
    const auto seen = [&](std::int32_t knowledge, std::uint32_t revision) {
        return host.pump_until(
            [&] {
                const auto flags = host.flags(key);
                return flags.knowledge == knowledge && flags.revision == revision;
            },
            std::chrono::seconds(60));
    };
    host.watch({key});
    if (!seen(CAREPLUG_KNOWLEDGE_NO_PLAN, 0))
        throw std::runtime_error("it is not known that there is no plan");
    for (std::uint32_t revision = 1; revision <= 2; ++revision) {
        const Opened editing = open_when_free(host, key, revision == 1 ? "create" : "edit");
        const auto items = revision == 1 ? core_answers() : words("dx.primary", "Lung cancer");
        if (const Outcome typed = TestHost::update(editing.panel, items); typed.status >= 100)
            throw std::runtime_error(typed.problem);
        careplug_handle operation = 0;
        if (submit(editing.panel, operation) >= 100) throw std::runtime_error("it was not submitted");
        std::optional<PulledEvent> told;
        host.pump_until([&] { return (told = host.kept(CAREPLUG_EVENT_OPERATION)).has_value(); },
                        std::chrono::seconds(60));
        careplug_release(operation);
        if (!told || told->record.status != CAREPLUG_OK) throw std::runtime_error("it was not shared");
        if (!seen(CAREPLUG_KNOWLEDGE_PLAN, revision)) throw std::runtime_error("its own change is not shown");
        careplug_patient_close(editing.patient);
    }
    return true;
}

// In kibibytes, of this user's engine and its jail: what is resident, also where others share it.
long engine_memory(TestHost& host) {
    const json state = TestHost::call(careplug_session_state, host.session()).json();
    const long whole =
        state.at("engine").at("memory").get<long>() + state.at("plugin").at("memory").get<long>();
    return whole / 1024;
}

}  // namespace

TEST_CASE("H4: two desks of one author send a change that waited once, whichever comes online first") {
    Scene scene;
    Front front(scene.exchange.url());
    scene.exchange.stand_behind(front.url());
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    TestHost second(*gp);
    second.watch({key});
    REQUIRE(wait_for_knowledge(second, key, CAREPLUG_KNOWLEDGE_PLAN));
    std::atomic<int> sent = 0;
    front.change([&](const std::string& request, FrontAnswer& answer) {
        if (request == "POST " && answer.status != 503) ++sent;
    });
    const int times = std::getenv("CAREPLUG_LONG") ? 20 : 1;
    for (int time = 1; time <= times; ++time) {
        INFO(time);
        sent = 0;
        const Opened editing = open(*gp, key, "edit");
        REQUIRE(TestHost::update(editing.panel, words("dx.primary", "Word " + std::to_string(time))).status ==
                CAREPLUG_OK);
        scene.exchange.kill();
        careplug_handle operation = 0;
        REQUIRE(submit(editing.panel, operation) < 100);
        REQUIRE(gp->pump_until([&] { return has_flag(*gp, key, "not-sent"); }));
        CHECK(second.pump_until([&] { return has_flag(second, key, "not-sent"); }, std::chrono::seconds(40)));
        scene.exchange.start();
        const auto revision = static_cast<std::uint32_t>(time + 1);
        for (TestHost* host : {gp.get(), &second})
            CHECK(host->pump_until(
                [&] { return host->flags(key).revision == revision && !has_flag(*host, key, "not-sent"); }));
        CHECK(sent == 1);
        // Whichever desk sent it, the one that asked is told, and its form shows the plan as it stands.
        const PulledEvent told = gp->wait_for(CAREPLUG_EVENT_OPERATION);
        CHECK(told.record.subject == operation);
        CHECK(told.record.status == CAREPLUG_OK);
        CHECK(TestHost::view(editing.panel).json().at("mode") == "read");
        careplug_release(operation);
        careplug_patient_close(editing.patient);
    }
}

TEST_CASE(
    "H4: while another program holds the store, what is typed is refused in a sentence, and then kept") {
    Scene scene;
    const auto gp = scene.gp();
    const auto key = patient_key(mary, "1944-06-19");
    publish_plan(*gp, key);
    const Opened editing = open(*gp, key, "edit");
    REQUIRE(TestHost::update(editing.panel, words("dx.primary", "Lung cancer")).status == CAREPLUG_OK);
    sqlite3* other = nullptr;
    REQUIRE(sqlite3_open((gp->folder() / "store/careplug.db").c_str(), &other) == SQLITE_OK);
    sqlite3_busy_timeout(other, 5000);
    REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
    const Outcome refused = TestHost::update(editing.panel, words("dx.primary", "Dementia"));
    CHECK(refused.status == CAREPLUG_REFUSED_STORAGE);
    CHECK(contains(refused.problem, "Nothing was saved"));
    CHECK(contains(refused.problem, "Try again"));
    CHECK_FALSE(contains(refused.problem, "disk"));
    CHECK(has_flag(*gp, key, "dnacpr"));
    REQUIRE(sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(other);
    CHECK(contains(TestHost::call(careplug_panel_response, editing.panel).text, "Lung cancer"));
    CHECK(TestHost::update(editing.panel, words("dx.primary", "Dementia")).status == CAREPLUG_OK);
    CHECK(contains(TestHost::call(careplug_panel_response, editing.panel).text, "Dementia"));
}

TEST_CASE(
    "H4, H7: a terminal server: each user has a store of their own, sees nobody else's draft, and sends "
    "each change once") {
    Scene scene;
    const auto author = scene.gp("author");
    publish_plan(*author, patient_key(mary, "1944-06-19"));
    author->close();
    int told[2];
    REQUIRE(::pipe(told) == 0);
    const int users = many();
    CHECK(troubles(users, [&](int user) {
              const std::string name = "user-" + std::to_string(user);
              const auto host = scene.gp(name, name);
              if (!keeps_own_words(*host, user) ||
                  !publishes_once(*host, person(static_cast<unsigned>(user))))
                  return false;
              const long memory = engine_memory(*host);
              return ::write(told[1], &memory, sizeof memory) == sizeof memory;
          }) == 0);
    ::close(told[1]);
    std::vector<long> kibibytes;
    for (long one = 0; ::read(told[0], &one, sizeof one) == sizeof one;) kibibytes.push_back(one);
    ::close(told[0]);
    REQUIRE(kibibytes.size() == static_cast<std::size_t>(users));
    std::sort(kibibytes.begin(), kibibytes.end());
    std::cout << users << " users at once: engine and jail of one hold "
              << kibibytes[kibibytes.size() / 2] / 1024 << " MiB (median; most " << kibibytes.back() / 1024
              << ")\n";
    // What each sent is there, and once.
    const auto reader = scene.gp("reader", "reader");
    std::vector<careplug_patient_key> keys;
    for (int user = 0; user < users; ++user) keys.push_back(person(static_cast<unsigned>(user)));
    reader->watch(keys);
    CHECK(reader->pump_until(
        [&] {
            return std::all_of(keys.begin(), keys.end(),
                               [&](const auto& key) { return reader->flags(key).revision == 2; });
        },
        std::chrono::seconds(60)));
}

TEST_CASE(
    "H4, H7: many authors of one store at once: nothing waits for ever, and drafts are their author's") {
    Scene scene;
    const auto gp = scene.gp("shared");
    publish_plan(*gp, patient_key(mary, "1944-06-19"));
    gp->close();
    CHECK(troubles(many(), [&](int user) {
              gp->assertion = [&gp, user](json claims) {
                  claims["sub"] = "user-" + std::to_string(user);
                  return gp->signer().sign(claims);
              };
              gp->open();
              return keeps_own_words(*gp, user);
          }) == 0);
}
