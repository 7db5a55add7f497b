#include "services/exchange.h"

#include <csignal>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace careplug::test {

namespace {

std::string data_sets_of(const std::filesystem::path& folder) {
    const auto own = folder / "datasets";
    return std::filesystem::exists(own) ? own.string()
                                        : std::string(CAREPLUG_SOURCE_DIR) + "/sdk/plan/datasets";
}

}  // namespace

std::filesystem::path Exchange::built() {
    return std::filesystem::path(CAREPLUG_BUILD_DIR) / "bin" / "careplug-exchange";
}

Exchange::Exchange(std::filesystem::path folder, std::filesystem::path program)
    : folder_(std::move(folder)), program_(std::move(program)) {
    std::filesystem::create_directories(trust());
    start();
}

void Exchange::start() {
    process_.reset();
    process_ = std::make_unique<Process>(
        program_, std::vector<std::string>{"--data", (folder_ / "exchange").string(), "--port", port_,
                                           "--trust", trust().string(), "--datasets", data_sets_of(folder_)});
    const auto line = process_->read_line();
    if (!line) throw std::runtime_error("the exchange did not start: " + process_->standard_error());
    url_ = nlohmann::json::parse(*line).at("fhir").get<std::string>();
    const auto colon = url_.find(':', url_.find("//"));
    port_ = url_.substr(colon + 1, url_.find('/', colon) - colon - 1);
}

void Exchange::stop() {
    process_->signal(SIGTERM);
    process_->wait();
}

void Exchange::kill() {
    process_->signal(SIGKILL);
    process_->wait();
}

}  // namespace careplug::test
