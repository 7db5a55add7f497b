#include <sys/stat.h>

#include <csignal>
#include <exception>
#include <iostream>
#include <string_view>

#include "data_sets.h"
#include "extract.h"
#include "http_server.h"
#include "problem.h"
#include "settings.h"
#include "sqlite_store.h"

namespace {

using namespace careplug::exchange;

// Blocked before any thread starts, so that all of them leave these signals to the main thread.
sigset_t block_signals() {
    std::signal(SIGPIPE, SIG_IGN);
    // A limit on the size of files is told like a full disk.
    std::signal(SIGXFSZ, SIG_IGN);
    sigset_t stopping;
    sigemptyset(&stopping);
    sigaddset(&stopping, SIGTERM);
    sigaddset(&stopping, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stopping, nullptr);
    return stopping;
}

int run(const Settings& settings) {
    const auto stopping = block_signals();
    ::umask(077);
    const auto store = open_sqlite_store(settings.data);
    const DataSets data_sets(settings.data_sets, *store);
    HttpServer server(settings, *store, data_sets);
    std::cout << R"({"fhir":")" << server.address() << "\"}" << std::endl;
    int signal = 0;
    sigwait(&stopping, &signal);
    server.stop();
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    try {
        if (count > 1 && std::string_view(arguments[1]) == "extract") {
            ::umask(077);
            run_extract(read_extract_options(count - 2, arguments + 2));
            return 0;
        }
        const auto settings = read_settings(count, arguments);
        if (settings.help) {
            std::cout << usage() << '\n' << extract_usage() << '\n';
            return 0;
        }
        return run(settings);
    } catch (const std::exception& problem) {
        std::cerr << problem.what() << '\n';
        return 1;
    }
}
