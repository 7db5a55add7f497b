// careplug-sim: starts the host simulator and stops it.
#include <Poco/Exception.h>
#include <pthread.h>
#include <signal.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "simulator.h"

namespace {

using namespace careplug::sim;

sigset_t stop_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    return signals;
}

bool stop_asked() {
    const sigset_t signals = stop_signals();
    const timespec at_once{0, 0};
    return sigtimedwait(&signals, nullptr, &at_once) > 0;
}

void print(const nlohmann::json& addresses, bool json) {
    if (json) {
        std::cout << addresses.dump() << std::endl;
        return;
    }
    std::cout << "\nOpen " << addresses.at("url").get<std::string>() << "\n\n";
    for (const auto& [kind, url] : addresses.at("hosts").items())
        std::cout << "  " << kind << "\t" << url.get<std::string>() << "\n";
    std::cout << "  FHIR\t" << addresses.at("fhir").get<std::string>() << "\n\nCtrl-C stops everything.\n"
              << std::flush;
}

}  // namespace

int main(int count, char** values) {
    const sigset_t signals = stop_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    signal(SIGPIPE, SIG_IGN);
    try {
        const auto options = read_options(count, values);
        if (!options) {
            std::cout << usage();
            return 0;
        }
        Simulator simulator(*options);
        print(simulator.addresses(), options->json);
        simulator.run(stop_asked);
        return 0;
    } catch (const Poco::Exception& error) {
        std::cerr << "careplug-sim: " << error.displayText() << "\n";
    } catch (const std::exception& error) {
        std::cerr << "careplug-sim: " << error.what() << "\n";
    }
    return 1;
}
