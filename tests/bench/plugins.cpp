#include <careplug/plugin.h>
#include <dlfcn.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "bench/figures.h"

namespace careplug::bench {

void plugin_load(Report& report) {
    const std::string file = std::string(CAREPLUG_BUILD_DIR) + "/plugins/gp.so";
    std::ifstream data_set(std::string(CAREPLUG_SOURCE_DIR) + "/sdk/plan/datasets/urgent-care-plan.json");
    const nlohmann::json questionnaire = nlohmann::json::parse(data_set);
    const nlohmann::json actor = {{"iss", "test"},
                                  {"sub", "bench"},
                                  {"name", "Dr T. Ester"},
                                  {"role", "gp"},
                                  {"senior", true},
                                  {"organisation", "Y90001"},
                                  {"organisation_name", "Alder Lane Surgery"}};
    const std::string session = nlohmann::json{{"view", "gp"},        {"role", "gp"},
                                               {"senior", true},      {"may_edit", true},
                                               {"may_publish", true}, {"may_note", true},
                                               {"actor", actor},      {"data_sets", {questionnaire}}}
                                    .dump();
    const auto load = [&] {
        void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr) throw std::runtime_error(dlerror());
        return library;
    };
    const auto to_ready = [&] {
        void* library = load();
        const auto entry = reinterpret_cast<decltype(&careplug_entry)>(dlsym(library, "careplug_entry"));
        const careplug_plugin_offer offer{sizeof(careplug_plugin_offer), CAREPLUG_ABI_MAJOR,
                                          CAREPLUG_ABI_MINOR, CAREPLUG_ABI_CANDIDATE};
        careplug_plugin_answer answer{};
        answer.size = sizeof answer;
        if (entry(&offer, &answer) != CAREPLUG_OK)
            throw std::runtime_error("the plugin refused the handshake");
        std::uint64_t policy = 0;
        if (answer.policy->open(session.data(), session.size(), &policy) >= 100)
            throw std::runtime_error("the plugin did not open a policy");
        answer.policy->close(policy);
        dlclose(library);
    };
    report.add({"plugin: load to ready", measure(50, 1, to_ready), "dlopen alone",
                measure(50, 1, [&] { dlclose(load()); }), ""});
}

}  // namespace careplug::bench
