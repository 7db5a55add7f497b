// The running simulator: an exchange, three hosts, the start page.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "child.h"
#include "folder.h"
#include "options.h"
#include "plan_services.h"
#include "start_page.h"

namespace careplug::sim {

class Simulator {
public:
    // Starts everything. Throws with one sentence that says what to do.
    explicit Simulator(const Options& options);
    ~Simulator();

    // {"url", "fhir", "token", "hosts"}
    nlohmann::json addresses();
    // Serves until `stop_asked` says so. Every child is started from this thread: Linux ends a child when the
    // thread that started it ends.
    void run(const std::function<bool()>& stop_asked);

private:
    void start_exchange();
    void seed();
    void start_hosts();
    nlohmann::json state();
    void switch_exchange(bool on);
    void apply_wish();
    std::string token() const;
    unsigned short port_of(unsigned short offset) const;

    const Options options_;
    const std::filesystem::path programs_;
    const std::filesystem::path share_;
    Folder folder_;
    Poco::Net::ServerSocket socket_;
    std::string fhir_;
    std::string exchange_port_;
    std::map<std::string, std::string> host_urls_;

    std::mutex mutex_;
    std::condition_variable wish_changed_;
    std::optional<bool> wish_;  // the exchange's switch, until it was followed
    std::string wish_failed_;
    std::unique_ptr<Child> exchange_;
    std::map<std::string, std::unique_ptr<Child>> hosts_;
    std::unique_ptr<Packages> packages_;
    std::unique_ptr<PlanServices> plan_services_;
    std::unique_ptr<StartPage> start_page_;
};

}  // namespace careplug::sim
