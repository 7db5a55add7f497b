#include "simulator.h"

#include <Poco/URI.h>
#include <assertion.h>
#include <http.h>

#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "json_client.h"
#include "seeding.h"

namespace careplug::sim {
namespace {

using nlohmann::json;

constexpr int token_seconds = 600;  // the most that an exchange accepts
constexpr unsigned short exchange_offset = 4;
constexpr std::chrono::minutes token_renewal{3};

std::filesystem::path own_folder() {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

}  // namespace

Simulator::Simulator(const Options& options)
    : options_(options),
      programs_(own_folder()),
      share_(programs_.parent_path() / "share"),
      folder_(options.data, {options.seed, options.patients, false}),
      socket_(listen_on(options.port)) {
    const Seeded& there = folder_.seeded();
    if (there.seed != options.seed || there.patients != options.patients)
        std::cerr
            << "The data folder was filled with seed " << there.seed << " and " << there.patients
            << " patients on the board; these are used. Choose another folder with --data for others.\n";
    start_exchange();
    seed();
    start_hosts();
    start_page_ = std::make_unique<StartPage>(
        socket_, share_ / "web",
        StartPageActions{[this] { return state(); }, [this](bool on) { switch_exchange(on); },
                         [this] { return plan_services_->read(); },
                         [this](const std::string& kind, const std::string& part, const std::string& act) {
                             plan_services_->act(kind, part, act);
                         }});
    folder_.write_token(token());
}

Simulator::~Simulator() {
    start_page_.reset();
    hosts_.clear();
    exchange_.reset();
}

unsigned short Simulator::port_of(unsigned short offset) const {
    return options_.port == 0 ? 0 : static_cast<unsigned short>(options_.port + offset);
}

void Simulator::start_exchange() {
    if (exchange_port_.empty()) exchange_port_ = std::to_string(port_of(exchange_offset));
    try {
        exchange_ = std::make_unique<Child>(
            programs_ / "careplug-exchange",
            std::vector<std::string>{"--data", folder_.exchange().string(), "--port", exchange_port_,
                                     "--trust", folder_.trust().string(), "--datasets",
                                     (share_ / "datasets").string()},
            folder_.log("exchange"));
    } catch (const std::exception& error) {
        throw std::runtime_error(std::string("The exchange did not start: ") + error.what());
    }
    fhir_ = json::parse(exchange_->first_line()).at("fhir").get<std::string>();
    // An exchange that is switched on again has the address that the hosts know.
    exchange_port_ = std::to_string(Poco::URI(fhir_).getPort());
}

void Simulator::seed() {
    if (folder_.seeded().complete) return;
    const Seeded& wanted = folder_.seeded();
    const Population population = make_population(wanted.seed, wanted.patients);
    const bool speak = !options_.json;
    seed_exchange(ExchangeClient(fhir_), population, wanted.seed, share_ / "datasets",
                  folder_.key(own_issuer), [speak](std::size_t done, std::size_t all) {
                      if (speak && (done % 20 == 0 || done == all))
                          std::cerr << "Publishing invented plans: " << done << " of " << all << "\n";
                  });
    folder_.remember_seeded();
}

void Simulator::start_hosts() {
    packages_ = std::make_unique<Packages>(folder_, programs_, programs_.parent_path() / "plugins",
                                           programs_.parent_path() / "plugins-next");
    plan_services_ = std::make_unique<PlanServices>(programs_, *packages_);
    unsigned short offset = 0;
    for (const std::string kind : host_kinds) {
        if (++offset == exchange_offset) ++offset;
        folder_.write_settings(kind, fhir_, share_ / "datasets");
        try {
            hosts_[kind] = std::make_unique<Child>(
                install_programs(programs_, folder_.programs(kind)),
                std::vector<std::string>{"--kind", kind, "--port", std::to_string(port_of(offset)),
                                         "--settings", folder_.settings(kind).string(), "--key",
                                         folder_.key(kind).string(), "--web", (share_ / "web").string(),
                                         "--seed", std::to_string(folder_.seeded().seed), "--patients",
                                         std::to_string(folder_.seeded().patients)},
                folder_.log("host-" + kind));
        } catch (const std::exception& error) {
            throw std::runtime_error("The simulated host \"" + kind + "\" did not start: " + error.what());
        }
        host_urls_[kind] = json::parse(hosts_[kind]->first_line()).at("url").get<std::string>();
        plan_services_->add(kind, {host_urls_[kind], hosts_[kind]->process(), folder_.programs(kind)});
    }
}

std::string Simulator::token() const {
    const User gp{"piwobi", "Dr P. Iwobi", "gp", "GP", true, "Y90001", "Alder Lane Surgery"};
    return sign_assertion({folder_.key(own_issuer).string(), own_issuer}, gp, "careplug-exchange",
                          token_seconds);
}

json Simulator::addresses() {
    return {{"url", "http://127.0.0.1:" + std::to_string(socket_.address().port()) + "/"},
            {"fhir", fhir_},
            {"token", token()},
            {"hosts", host_urls_}};
}

json Simulator::state() {
    json hosts = json::array();
    for (const std::string kind : host_kinds) {
        json host{{"kind", kind}, {"url", host_urls_[kind]}};
        try {
            const json said = get_json(host_urls_[kind] + "api/state");
            host["title"] = said.value("title", kind);
            host["signed_in"] = said.value("signed_in", json::array());
            host["running"] = true;
        } catch (const std::exception&) {
            host["title"] = kind;
            host["signed_in"] = json::array();
            host["running"] = false;
        }
        hosts.push_back(std::move(host));
    }
    const std::lock_guard lock(mutex_);
    const bool on = exchange_ && exchange_->running();
    return {{"hosts", std::move(hosts)},
            {"exchange", {{"fhir", fhir_}, {"on", on}}},
            {"patients", folder_.seeded().patients}};
}

void Simulator::switch_exchange(bool on) {
    std::unique_lock lock(mutex_);
    wish_ = on;
    wish_failed_.clear();
    wish_changed_.notify_all();
    if (!wish_changed_.wait_for(lock, std::chrono::seconds(40), [this] { return !wish_.has_value(); }))
        throw std::runtime_error("The exchange did not follow its switch yet. Look again in a moment.");
    if (!wish_failed_.empty()) throw std::runtime_error(wish_failed_);
}

void Simulator::apply_wish() {
    if (!wish_.has_value()) return;
    try {
        const bool running = exchange_ && exchange_->running();
        if (*wish_ && !running) start_exchange();
        if (!*wish_) exchange_.reset();
    } catch (const std::exception& error) {
        wish_failed_ = error.what();
    }
    wish_.reset();
    wish_changed_.notify_all();
}

void Simulator::run(const std::function<bool()>& stop_asked) {
    auto renew = std::chrono::steady_clock::now() + token_renewal;
    while (!stop_asked()) {
        std::unique_lock lock(mutex_);
        wish_changed_.wait_for(lock, std::chrono::milliseconds(200), [this] { return wish_.has_value(); });
        apply_wish();
        lock.unlock();
        if (std::chrono::steady_clock::now() < renew) continue;
        renew += token_renewal;
        try {
            folder_.write_token(token());
        } catch (const std::exception& error) {
            std::cerr << error.what() << "\n";
        }
    }
}

}  // namespace careplug::sim
