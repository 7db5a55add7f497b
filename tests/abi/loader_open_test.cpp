#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <thread>

#include "loaded_library.h"

namespace {

struct Opened {
    careplug_handle loader = 0;
    careplug_answer answer{};
    std::string sentence;
    careplug_status status = 0;
    explicit Opened(const std::string& settings) { status = open_loader(settings, loader, answer, sentence); }
    ~Opened() {
        if (loader) library().close(loader);
    }
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;
    std::string answer_sentence() const { return reinterpret_cast<const char*>(answer.sentence); }
};

careplug_status offer_version(std::int32_t major, std::int32_t minor, std::int32_t candidate,
                              std::string& sentence) {
    const careplug_offer offer{sizeof(careplug_offer), major, minor, candidate};
    careplug_answer answer{};
    answer.size = sizeof answer;
    careplug_handle loader = 0;
    const auto status = library().open(&offer, &answer, nullptr, 0, nullptr, 0, &loader, nullptr);
    CHECK(loader == 0);
    sentence = reinterpret_cast<const char*>(answer.sentence);
    return status;
}

}  // namespace

TEST_CASE("another version is refused with both versions and the remedy") {
    std::string sentence;
    CHECK(offer_version(1, 0, 0, sentence) == CAREPLUG_REFUSED_VERSION);
    CHECK(offer_version(2, 0, 1, sentence) == CAREPLUG_REFUSED_VERSION);
    CHECK(offer_version(1, 3, 2, sentence) == CAREPLUG_REFUSED_VERSION);
    CHECK(sentence.find("1.3-rc.2") != std::string::npos);
    CHECK(sentence.find("1.0-rc.1") != std::string::npos);
    CHECK(sentence.find("install") != std::string::npos);
}

TEST_CASE("open answers with the version picked") {
    const Opened opened("/settings");
    REQUIRE(opened.status == CAREPLUG_OK);
    CHECK(opened.answer.size == sizeof(careplug_answer));
    CHECK(opened.answer.candidate == CAREPLUG_ABI_CANDIDATE);
    CHECK(opened.answer_sentence().empty());
}

TEST_CASE("the engine's refusal reaches the host in both places, cut between characters") {
    const Opened refused("refuse The folder cannot be written.");
    CHECK(refused.status == CAREPLUG_REFUSED_STORAGE);
    CHECK(refused.loader == 0);
    CHECK(refused.sentence == "The folder cannot be written.");
    CHECK(refused.answer_sentence() == refused.sentence);

    std::string long_words(254, 'a');
    const Opened cut("refuse " + long_words + "\xC3\xAB and more");
    CHECK(cut.answer_sentence() == long_words);
}

TEST_CASE("an engine that dies or talks nonsense at the start is a failure with words") {
    for (const char* settings : {"die", "garbage"}) {
        const Opened opened(settings);
        CHECK(opened.status == CAREPLUG_FAILED_ENGINE);
        CHECK(opened.loader == 0);
        CHECK_FALSE(opened.answer_sentence().empty());
    }
}

TEST_CASE("the engine inherits control and nothing else of the host") {
    ::setenv("LD_PRELOAD_PROBE", "secret", 1);
    const int leak = ::open("/dev/zero", O_RDONLY);  // without O_CLOEXEC, as a host may have it
    REQUIRE(leak >= 0);
    const auto path = library().folder / "report";
    {
        const Opened opened("report " + path.string());
        REQUIRE(opened.status == CAREPLUG_OK);
    }
    ::close(leak);
    ::unsetenv("LD_PRELOAD_PROBE");
    std::ifstream file(path);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    CHECK(text ==
          "fd 0 /dev/null\nfd 1 /dev/null\nfd 2 /dev/null\nfd 3 socket\nenv LANG=C.UTF-8\nsession own\n");
}

TEST_CASE("close ends an engine that lingers, and leaves the host's own children alone") {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(7);
    { const Opened opened("linger"); }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WEXITSTATUS(status) == 7);
    errno = 0;
    CHECK(::waitpid(-1, &status, WNOHANG) == -1);
    CHECK(errno == ECHILD);
}

TEST_CASE("the library is found beside its own file after the host changed its folder") {
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path("/");
    const Opened opened("/settings");
    std::filesystem::current_path(before);
    CHECK(opened.status == CAREPLUG_OK);
}

TEST_CASE("a missing engine is a sentence for the administrator") {
    const auto engine = library().folder / "careplug-engine";
    std::filesystem::rename(engine, engine.string() + ".away");
    const Opened opened("/settings");
    std::filesystem::rename(engine.string() + ".away", engine);
    CHECK(opened.status == CAREPLUG_FAILED_ENGINE);
    CHECK(opened.sentence.find("administrator") != std::string::npos);
}

TEST_CASE("an engine in the search path or in the working folder is never started") {
    const auto engine = library().folder / "careplug-engine";
    const auto elsewhere = library().folder / "elsewhere";
    std::filesystem::create_directory(elsewhere);
    std::filesystem::rename(engine, elsewhere / "careplug-engine");
    const auto before = std::filesystem::current_path();
    const std::string path = ::getenv("PATH");
    std::filesystem::current_path(elsewhere);
    ::setenv("PATH", elsewhere.c_str(), 1);
    ::setenv("LD_LIBRARY_PATH", elsewhere.c_str(), 1);
    const Opened opened("/settings");
    ::unsetenv("LD_LIBRARY_PATH");
    ::setenv("PATH", path.c_str(), 1);
    std::filesystem::current_path(before);
    std::filesystem::rename(elsewhere / "careplug-engine", engine);
    std::filesystem::remove(elsewhere);
    CHECK(opened.status == CAREPLUG_FAILED_ENGINE);
    CHECK(opened.sentence.find("administrator") != std::string::npos);
}

TEST_CASE("arguments of open are checked") {
    careplug_offer offer{sizeof(careplug_offer), CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR,
                         CAREPLUG_ABI_CANDIDATE};
    careplug_answer answer{};
    answer.size = sizeof answer;
    careplug_handle loader = 5;
    careplug_handle problem = 5;
    CHECK(library().open(nullptr, &answer, nullptr, 0, nullptr, 0, &loader, nullptr) ==
          CAREPLUG_REFUSED_ARGUMENT);
    CHECK(loader == 0);
    CHECK(library().open(&offer, nullptr, nullptr, 0, nullptr, 0, &loader, nullptr) ==
          CAREPLUG_REFUSED_ARGUMENT);
    CHECK(library().open(&offer, &answer, nullptr, 0, nullptr, 0, nullptr, &problem) ==
          CAREPLUG_REFUSED_ARGUMENT);
    CHECK_FALSE(library().take(problem).empty());
    CHECK(library().open(&offer, &answer, "\xFF", 1, nullptr, 0, &loader, nullptr) ==
          CAREPLUG_REFUSED_ARGUMENT);
    CHECK(library().open(&offer, &answer, nullptr, 3, nullptr, 0, &loader, nullptr) ==
          CAREPLUG_REFUSED_ARGUMENT);
    offer.size = 4;
    CHECK(library().open(&offer, &answer, nullptr, 0, nullptr, 0, &loader, nullptr) ==
          CAREPLUG_REFUSED_ARGUMENT);
}

TEST_CASE("a refused session leaves no handle, and the loader goes on") {
    const Opened opened("/settings");
    careplug_handle session = 9;
    careplug_handle problem = 0;
    CHECK(library().session_open(opened.loader, "refuse", 6, nullptr, 0, &session, &problem) ==
          CAREPLUG_FAILED_PLUGIN);
    CHECK(session == 0);
    CHECK(library().take(problem) == "No plugin for this kind.");
    CHECK(library().session_open(opened.loader, "gp", 2, nullptr, 0, &session, nullptr) == CAREPLUG_OK);
    CHECK(library().session_open(opened.loader, "die", 3, nullptr, 0, &session, &problem) ==
          CAREPLUG_FAILED_ENGINE);
    CHECK_FALSE(library().take(problem).empty());
}
