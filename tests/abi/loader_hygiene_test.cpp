// What the loader leaves alone in the vendor's process.
#include <fcntl.h>
#include <fenv.h>
#include <locale.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <thread>
#include <vector>

#include "loaded_library.h"

extern char** environ;

namespace {

std::set<std::string> entries(const char* folder) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        names.insert(entry.path().filename().string());
    return names;
}

std::size_t threads() {
    return entries("/proc/self/task").size();
}

// Without the one that reads the folder.
std::map<int, std::string> descriptors() {
    std::map<int, std::string> open;
    for (const auto& name : entries("/proc/self/fd")) {
        std::error_code failed;
        const auto target = std::filesystem::read_symlink("/proc/self/fd/" + name, failed);
        if (!failed) open[std::stoi(name)] = target.string();
    }
    return open;
}

// The flag tables that this process sees.
std::size_t tables() {
    std::ifstream maps("/proc/self/maps");
    std::size_t count = 0;
    for (std::string line; std::getline(maps, line);)
        if (line.find("careplug-flags") != std::string::npos) ++count;
    return count;
}

std::vector<std::string> environment() {
    std::vector<std::string> variables;
    for (char** variable = environ; *variable; ++variable) variables.emplace_back(*variable);
    return variables;
}

// What every signal does, as far as a comparison can see.
std::vector<std::pair<void*, int>> dispositions() {
    std::vector<std::pair<void*, int>> all;
    for (int number = 1; number < NSIG; ++number) {
        struct sigaction action {};
        if (::sigaction(number, nullptr, &action) == 0)
            all.emplace_back(reinterpret_cast<void*>(action.sa_handler), action.sa_flags);
    }
    return all;
}

// Everything a host does in a day, with an engine that dies in the middle of it.
void a_day() {
    OpenPanel open;
    const auto key = patient_key();
    CHECK(library().watch(open.session, &key, sizeof key, 1, nullptr) == CAREPLUG_OK);
    CHECK(open.script("die") == CAREPLUG_FAILED_ENGINE);
    library().take(open.wait_event(CAREPLUG_EVENT_ENGINE).body);
    library().take(open.wait_event(CAREPLUG_EVENT_ENGINE).body);
    CHECK(open.script("hello") == CAREPLUG_OK);
}

}  // namespace

TEST_CASE("H16: signals, environment, locale, rounding and threads of the host are as before") {
    a_day();  // what the libraries of the test itself set up once
    REQUIRE(::setlocale(LC_ALL, "C.UTF-8") != nullptr);
    ::fesetround(FE_UPWARD);
    ::feclearexcept(FE_ALL_EXCEPT);
    const auto signals = dispositions();
    const auto variables = environment();
    const auto running = threads();
    sigset_t blocked;
    ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    {
        OpenPanel open;
        CHECK(open.script("hello") == CAREPLUG_OK);
        CHECK(threads() == running);
    }
    a_day();
    CHECK(dispositions() == signals);
    CHECK(environment() == variables);
    CHECK(threads() == running);
    CHECK(std::string(::setlocale(LC_ALL, nullptr)) == "C.UTF-8");
    CHECK(::fegetround() == FE_UPWARD);
    CHECK(::fetestexcept(FE_DIVBYZERO | FE_INVALID) == 0);
    sigset_t blocked_now;
    ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked_now);
    for (int number = 1; number < NSIG; ++number)
        CHECK(::sigismember(&blocked, number) == ::sigismember(&blocked_now, number));
    ::fesetround(FE_TONEAREST);
    ::setlocale(LC_ALL, "C");
}

TEST_CASE("H16: every descriptor is closed on exec, and none stays after the loader was closed") {
    a_day();
    const auto before = descriptors();
    {
        OpenPanel open;
        for (const auto& [number, target] : descriptors()) {
            if (before.count(number) != 0) continue;
            INFO(target);
            CHECK((::fcntl(number, F_GETFD) & FD_CLOEXEC) != 0);
        }
    }
    CHECK(descriptors() == before);
    const int times = ::getenv("CAREPLUG_LONG") ? 1000 : 100;
    for (int i = 0; i < times; ++i) {
        careplug_handle loader = 0;
        careplug_answer answer{};
        std::string sentence;
        REQUIRE(open_loader("/settings", loader, answer, sentence) == CAREPLUG_OK);
        REQUIRE(library().close(loader) == CAREPLUG_OK);
    }
    CHECK(descriptors() == before);
    CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);  // and no child either
}

TEST_CASE(
    "H16: an operation that the host keeps holds no descriptor and no memory of a session that was closed") {
    a_day();
    const auto before = descriptors();
    const auto mapped = tables();
    std::vector<careplug_handle> kept;
    {
        OpenPanel open;
        careplug_handle submitted = 0;
        REQUIRE(library().panel_submit(open.panel, CAREPLUG_INTENT_PUBLISH, &submitted, nullptr) ==
                CAREPLUG_OK);
        kept.push_back(submitted);
        CHECK(open.script("die") == CAREPLUG_FAILED_ENGINE);
        library().take(open.wait_event(CAREPLUG_EVENT_ENGINE).body);
        library().take(open.wait_event(CAREPLUG_EVENT_ENGINE).body);
        // Of a change whose reply was lost, the host hears by its event alone.
        REQUIRE(open.script("state 9 2 0 8") == CAREPLUG_OK);
        REQUIRE(open.script("event 5 9 0 done") == CAREPLUG_OK);
        const auto event = open.wait_event(CAREPLUG_EVENT_OPERATION);
        library().take(event.body);
        kept.push_back(event.subject);

        const auto served = descriptors();
        careplug_handle second = 0;
        REQUIRE(library().session_open(open.loader, "gp", 2, nullptr, 0, &second, nullptr) == CAREPLUG_OK);
        CHECK(descriptors().size() > served.size());
        REQUIRE(library().session_close(second) == CAREPLUG_OK);
        CHECK(descriptors() == served);
        REQUIRE(library().session_close(open.session) == CAREPLUG_OK);
        CHECK(tables() == mapped);
        CHECK(descriptors().size() < served.size());
    }
    CHECK(descriptors() == before);
    std::vector<std::int32_t> states;
    for (const careplug_handle operation : kept) {
        careplug_operation_record record{};
        record.size = sizeof record;
        CHECK(library().operation(operation, &record) == CAREPLUG_OK);
        states.push_back(record.state);
        CHECK(library().release(operation) == CAREPLUG_OK);
    }
    CHECK(states == std::vector<std::int32_t>{CAREPLUG_OPERATION_UNKNOWN, CAREPLUG_OPERATION_DONE});
}

TEST_CASE("H16: a host that ignores SIGCHLD, or reaps every child itself, is served and left alone") {
    struct sigaction ignore {};
    struct sigaction before {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGCHLD, &ignore, &before);
    a_day();
    ::sigaction(SIGCHLD, &before, nullptr);

    std::atomic<bool> ended = false;
    std::thread reaper([&] {
        while (!ended)
            if (::waitpid(-1, nullptr, WNOHANG) <= 0) std::this_thread::yield();
    });
    a_day();
    ended = true;
    reaper.join();
}

TEST_CASE("H16: a child of the host is the host's: the loader neither reaps nor ends it") {
    const pid_t child = ::fork();
    if (child == 0) {
        ::pause();
        ::_exit(0);
    }
    a_day();
    CHECK(::waitpid(child, nullptr, WNOHANG) == 0);
    ::kill(child, SIGKILL);
    int status = 0;
    CHECK(::waitpid(child, &status, 0) == child);
    CHECK(WTERMSIG(status) == SIGKILL);
}

TEST_CASE("H16: two copies of the library in one process do not know each other") {
    OpenPanel open;
    LoadedLibrary second;
    REQUIRE(second.folder != library().folder);
    const careplug_offer offer{sizeof(careplug_offer), CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR,
                               CAREPLUG_ABI_CANDIDATE};
    careplug_answer answer{};
    answer.size = sizeof answer;
    careplug_handle loader = 0;
    REQUIRE(second.open(&offer, &answer, "second", 6, "/settings", 9, &loader, nullptr) == CAREPLUG_OK);
    // A handle of one is a stranger to the other.
    CHECK(library().close(loader) == CAREPLUG_REFUSED_HANDLE);
    CHECK(open.script("hello") == CAREPLUG_OK);
    CHECK(second.close(loader) == CAREPLUG_OK);
    CHECK(open.script("hello") == CAREPLUG_OK);
}

TEST_CASE("H16: a host that forks goes on, whatever becomes of the child") {
    OpenPanel open;
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    int status = 0;
    CHECK(::waitpid(child, &status, 0) == child);
    CHECK(open.script("hello") == CAREPLUG_OK);
}
