// Faults of purity, and in the process that a plugin lives in.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cfenv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <map>
#include <thread>

#include "bad.h"

namespace careplug::bad {

namespace {

// Says something more in the outcome of a check.
void say_in_check(Call& call, const std::string& words) {
    if (!call.is("check") || !call.ok()) return;
    json outcome = call.given();
    outcome["issue"][0]["diagnostics"] = words;
    call.answer = outcome.dump();
}

std::vector<Fault> purity() {
    std::vector<Fault> list;
    // Changes its answer after a while.
    list.push_back({.id = "P-701", .after = [](Call& call) {
                        static std::map<std::uint64_t, int> asked;
                        if (call.is("check") && ++asked[call.policy] > 3)
                            say_in_check(call, "You asked before");
                    }});
    // Remembers that a note was opened.
    list.push_back({.id = "P-702", .after = [](Call& call) {
                        static bool note = false;
                        if (note && call.ok() &&
                            (call.is("actions") || call.is("summary") || call.is("write_back"))) {
                            json answer = call.given();
                            answer["noted"] = true;
                            call.answer = answer.dump();
                        }
                        note = call.is("panel") && call.document.find("\"note\"") != std::string::npos;
                    }});
    list.push_back({.id = "P-703", .after = [](Call& call) {
                        if (!opened().ever.empty() && call.policy != opened().ever.front())
                            say_in_check(call, "Another session");
                    }});
    // Answers with the rights of whoever signed in last.
    list.push_back({.id = "P-704", .before = [](Call& call) {
                        if (call.is("actions") && has(opened().live, call.policy))
                            call.policy = opened().live.back();
                    }});
    // Its answer holds an address, which is another in each process.
    list.push_back({.id = "P-705", .after = [](Call& call) {
                        say_in_check(call, std::to_string(reinterpret_cast<std::uintptr_t>(&say_in_check)));
                    }});
    list.push_back({.id = "P-706", .after = [](Call& call) {
                        const char* const zone = std::getenv("TZ");
                        if (zone != nullptr && std::strstr(zone, "Pacific") != nullptr)
                            say_in_check(call, "Good morning");
                    }});
    // Greets by the computer's clock.
    list.push_back({.id = "P-707", .after = [](Call& call) {
                        const auto hour = std::time(nullptr) / 3600 % 24;
                        say_in_check(call, hour < 12 ? "Good morning" : "Good day");
                    }});
    return list;
}

void take_small_numbers_for_zero() {
#if defined(__x86_64__)
    __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() | 0x8040);
#else
    std::fesetround(FE_UPWARD);
#endif
}

std::vector<Fault> manners() {
    std::vector<Fault> list;
    list.push_back({.id = "P-801", .loaded = [] {
                        if (::open("/dev/null", O_RDONLY) < 0) std::abort();
                    }});
    list.push_back({.id = "P-802", .loaded = [] { std::thread([] { pause(); }).detach(); }});
    list.push_back({.id = "P-803", .loaded = [] { signal(SIGPIPE, SIG_IGN); }});
    list.push_back({.id = "P-804", .loaded = [] { umask(077); }});
    // As a library does that was built with -ffast-math.
    list.push_back({.id = "P-805", .loaded = [] { take_small_numbers_for_zero(); }});
    list.push_back({.id = "P-806", .loaded = [] { std::fputs("The bad plugin was loaded.\n", stderr); }});
    list.push_back({.id = "P-807", .after = [](Call& call) {
                        const int file = call.is("check") ? ::open("/etc/hostname", O_RDONLY) : -1;
                        if (file >= 0) ::close(file);
                    }});
    list.push_back({.id = "P-808", .after = [](Call& call) {
                        static std::vector<char*> kept;
                        if (call.is("check")) kept.push_back(new char[4000]);
                    }});
    list.push_back({.id = "P-809", .opened = [](careplug_status status, std::uint64_t&) {
                        static std::vector<char*> kept;
                        kept.push_back(new char[40'000]);
                        return status;
                    }});
    return list;
}

}  // namespace

const std::vector<Fault>& faults_of_the_process() {
    static const std::vector<Fault> all = [] {
        auto list = purity();
        const auto more = manners();
        list.insert(list.end(), more.begin(), more.end());
        return list;
    }();
    return all;
}

}  // namespace careplug::bad
