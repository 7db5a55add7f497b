// careplug-sim-host: one simulated clinical system in a process of its own, as in life.
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/ServerSocket.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "http.h"
#include "own_page_users.h"
#include "service.h"

namespace {

using namespace careplug::sim;

class Handler : public Poco::Net::HTTPRequestHandler {
public:
    explicit Handler(Service& service) : service_(service) {}
    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
        service_.handle(request, response);
    }

private:
    Service& service_;
};

class Factory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    explicit Factory(Service& service) : service_(service) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest&) override {
        return new Handler(service_);
    }

private:
    Service& service_;
};

constexpr const char* usage =
    "careplug-sim-host --kind gp|ooh|ae|patient --settings FILE --key FILE --web FOLDER\n"
    "                  [--port N] [--patients N] [--seed N]\n"
    "Started by careplug-sim. Ends when its standard input ends.\n";

std::map<std::string, std::string> read_options(int count, char** values) {
    std::map<std::string, std::string> options = {{"--port", "0"}, {"--patients", "120"}, {"--seed", "1"}};
    for (int i = 1; i < count; ++i) {
        const std::string name = values[i];
        if (i + 1 == count) throw std::invalid_argument(name + " needs a value.\n" + usage);
        options[name] = values[++i];
    }
    for (const char* needed : {"--kind", "--settings", "--key", "--web"})
        if (options.count(needed) == 0)
            throw std::invalid_argument(std::string(needed) + " is missing.\n" + usage);
    return options;
}

template <typename Number>
Number number(const std::string& name, const std::string& text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        throw std::invalid_argument(name + " must be a number, not \"" + text + "\".");
    return value;
}

// Blocks until a signal to stop comes or standard input ends.
void wait_for_end() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    const timespec moment{0, 200'000'000};
    for (;;) {
        if (sigtimedwait(&signals, nullptr, &moment) > 0) return;
        pollfd input{STDIN_FILENO, POLLIN, 0};
        if (::poll(&input, 1, 0) > 0) {
            char byte = 0;
            if (::read(STDIN_FILENO, &byte, 1) <= 0) return;
        }
    }
}

void run(int count, char** values) {
    auto options = read_options(count, values);
    Profile profile = profile_of(options["--kind"]);
    const auto started = std::chrono::duration_cast<std::chrono::milliseconds>(
                             std::chrono::system_clock::now().time_since_epoch())
                             .count();
    Roster roster(profile.kind, number<std::uint64_t>("--seed", options["--seed"]),
                  number<std::size_t>("--patients", options["--patients"]), started);
    if (profile.kind == "patient")
        profile.users =
            own_page_users(make_population(number<std::uint64_t>("--seed", options["--seed"]),
                                           number<std::size_t>("--patients", options["--patients"])));
    Poco::Net::ServerSocket socket = listen_on(number<unsigned short>("--port", options["--port"]));
    Service service({profile, {options["--key"], profile.kind}, std::move(roster)}, options["--settings"],
                    options["--web"]);
    service.set_port(socket.address().port());

    auto* parameters = new Poco::Net::HTTPServerParams;
    parameters->setMaxThreads(96);
    parameters->setMaxQueued(200);
    parameters->setKeepAliveTimeout(Poco::Timespan(5, 0));
    Poco::ThreadPool threads(8, 96);
    Poco::Net::HTTPServer server(new Factory(service), threads, socket, parameters);
    server.start();
    const std::string url = "http://127.0.0.1:" + std::to_string(socket.address().port()) + "/";
    std::cout << nlohmann::json{{"url", url}, {"kind", profile.kind}}.dump() << std::endl;
    wait_for_end();
    service.stop();
    server.stopAll(true);
    threads.joinAll();
}

}  // namespace

int main(int count, char** values) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    signal(SIGPIPE, SIG_IGN);
    try {
        run(count, values);
        return 0;
    } catch (const Poco::Exception& error) {
        std::cerr << error.displayText() << "\n";
    } catch (const std::exception& error) {
        std::cerr << error.what() << "\n";
    }
    return 1;
}
