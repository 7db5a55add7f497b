#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>

#include "exchange_fixture.h"

using namespace exchange_test;
using careplug::test::Process;
using careplug::test::TemporaryFolder;

namespace {

struct Start {
    TemporaryFolder folder;
    std::string data = (folder / "data").string();
    std::string port = "0";
    std::string listen;
    std::string data_sets = std::string(CAREPLUG_SOURCE_DIR) + "/sdk/plan/datasets";
    std::vector<std::string> more;

    Start() { std::filesystem::create_directories(folder / "trust"); }

    std::unique_ptr<Process> run() const {
        std::vector<std::string> arguments{
            "--data", data, "--port", port, "--trust", (folder / "trust").string(), "--datasets", data_sets};
        if (!listen.empty()) arguments.insert(arguments.end(), {"--listen", listen});
        arguments.insert(arguments.end(), more.begin(), more.end());
        return std::make_unique<Process>(std::string(CAREPLUG_BUILD_DIR) + "/bin/careplug-exchange",
                                         arguments);
    }

    // One sentence and exit code 1.
    std::string refusal() const {
        const auto process = run();
        CHECK(process->wait() == 1);
        const auto text = process->standard_error();
        CHECK(std::count(text.begin(), text.end(), '\n') == 1);
        return text;
    }
};

bool mentions(const std::string& text, const std::string& word) {
    return text.find(word) != std::string::npos;
}

}  // namespace

TEST_CASE("It says where it listens, and stops when asked") {
    for (const int signal : {SIGTERM, SIGINT}) {
        const Start start;
        const auto process = start.run();
        const auto line = process->read_line();
        REQUIRE(line);
        const std::string url = json::parse(*line).at("fhir");
        CHECK(url.starts_with("http://127.0.0.1:"));
        HttpClient client(url);
        CHECK(client.get("/metadata").status == 200);
        process->signal(signal);
        CHECK(process->wait() == 0);
    }
}

TEST_CASE("It listens on this machine alone") {
    for (const char* address : {"0.0.0.0", "::", "192.168.1.1", "localhost"}) {
        Start start;
        start.listen = address;
        CHECK(mentions(start.refusal(), "127.0.0.1"));
    }
    Start start;
    start.listen = "127.0.0.1";
    CHECK(start.run()->read_line());
}

TEST_CASE("A port that is taken, a folder in use and a wrong command line are each told in a sentence") {
    const Start first_start;
    const auto running = first_start.run();
    const auto line = running->read_line();
    REQUIRE(line);
    const std::string url = json::parse(*line).at("fhir");
    Start second;
    const auto colon = url.rfind(':');
    second.port = url.substr(colon + 1, url.find('/', colon) - colon - 1);
    CHECK(mentions(second.refusal(), "--port"));
    Start third;
    third.data = first_start.data;
    CHECK(mentions(third.refusal(), "uses the data folder"));
    Start wrong;
    wrong.port = "many";
    CHECK(mentions(wrong.refusal(), "--port"));
    wrong.port = "0";
    wrong.more = {"--colour", "red"};
    CHECK(mentions(wrong.refusal(), "--colour"));
    wrong.more = {"--listen"};
    CHECK(mentions(wrong.refusal(), "--listen"));
    Start file_in_the_way;
    std::ofstream(file_in_the_way.folder / "file") << "text";
    file_in_the_way.data = (file_in_the_way.folder / "file").string();
    CHECK(mentions(file_in_the_way.refusal(), "--data"));
}

TEST_CASE("A data folder that cannot be written is told in a sentence") {
    Start start;
    start.data = "/proc/self/careplug";  // where even root cannot write
    CHECK(mentions(start.refusal(), "cannot be written"));
}

TEST_CASE("A file that is no database or no data set is told in a sentence") {
    Start start;
    std::filesystem::create_directories(start.data);
    std::ofstream(start.data + "/exchange.db") << std::string(8192, 'x');
    CHECK(mentions(start.refusal(), "cannot be used"));
    Start data_sets;
    std::filesystem::create_directories(data_sets.folder / "sets");
    std::ofstream(data_sets.folder / "sets/broken.json") << "{";
    data_sets.data_sets = (data_sets.folder / "sets").string();
    CHECK(mentions(data_sets.refusal(), "broken.json"));
    data_sets.data_sets = (data_sets.folder / "none").string();
    CHECK(mentions(data_sets.refusal(), "--datasets"));
}
