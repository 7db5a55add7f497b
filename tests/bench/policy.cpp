#include <careplug/plugin.h>
#include <dlfcn.h>
#include <signal.h>
#include <sys/wait.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "bench/figures.h"
#include "jail/jails.h"
#include "plugins/documents.h"

namespace careplug::bench {
namespace {

constexpr std::int64_t now = 1'763'730'000'000;

std::vector<careplug_policy_flag> board() {
    std::vector<careplug_policy_flag> flags;
    for (std::uint32_t patient = 0; patient < 200; ++patient)
        for (const char* id : {"plan", "dnacpr"}) flags.push_back(test::flag(id, patient));
    return flags;
}

// The same plugin in this process.
class Bare {
public:
    Bare() {
        void* library = dlopen(CAREPLUG_BUILD_DIR "/plugins/gp.so", RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr) throw std::runtime_error(dlerror());
        const auto entry = reinterpret_cast<decltype(&careplug_entry)>(dlsym(library, "careplug_entry"));
        const careplug_plugin_offer offer{sizeof(careplug_plugin_offer), CAREPLUG_ABI_MAJOR,
                                          CAREPLUG_ABI_MINOR, CAREPLUG_ABI_CANDIDATE};
        careplug_plugin_answer answer{};
        answer.size = sizeof answer;
        entry(&offer, &answer);
        table_ = answer.policy;
        const std::string session = test::session_document("gp", "gp");
        table_->open(session.data(), session.size(), &policy_);
    }
    void flags(std::vector<careplug_policy_flag>& flags) const {
        table_->flags(policy_, flags.data(), sizeof(careplug_policy_flag), flags.size(), now);
    }
    std::string actions(const std::string& patient) const {
        std::string out(65536, '\0');
        std::uint64_t length = 0;
        table_->actions(policy_, patient.data(), patient.size(), now, out.data(), out.size(), &length);
        out.resize(length);
        return out;
    }

private:
    const careplug_policy* table_ = nullptr;
    std::uint64_t policy_ = 0;
};

}  // namespace

void policy_calls(Report& report) {
    const Bare bare;
    auto options = test::jail_options();
    options.times.rests = {0};
    options.times.most_failures = 1000;
    const auto plugin = engine::start_plugin(test::good_file("gp"), std::move(options));
    const auto policy = plugin->open(test::good_session());
    const auto flags = board();
    const auto asked = [&](const auto& call) {
        return measure(300, 1, [&] {
            auto mine = flags;
            call(mine);
        });
    };
    report.add({"policy: flags of 200 patients, jail", asked([&](auto& mine) { policy->flags(mine, now); }),
                "the bare function", asked([&](auto& mine) { bare.flags(mine); }), ""});
    const std::string patient = test::patient_document("plan", true);
    const auto document = nlohmann::json::parse(patient);
    report.add({"policy: actions, jail", measure(300, 1, [&] { policy->actions(document, now); }),
                "bare function, parsed",
                measure(300, 1, [&] { nlohmann::json::parse(bare.actions(patient)).size(); }), ""});
    report.add({"policy: jail started to ready",
                measure(30, 1, [] { engine::start_plugin(test::good_file("gp"), test::jail_options()); }),
                std::nullopt,
                {},
                ""});
    // From SIGKILL to the first answer of the next jail, policy opened again.
    report.add({"policy: jail killed to next answer",
                measure(30, 1,
                        [&] {
                            const auto jail = static_cast<pid_t>(plugin->status().process);
                            siginfo_t ended{};
                            ::kill(jail, SIGKILL);
                            ::waitid(P_PID, static_cast<id_t>(jail), &ended, WEXITED | WNOWAIT);
                            policy->actions(document, now);
                        }),
                std::nullopt,
                {},
                "at most 1 s"});
}

}  // namespace careplug::bench
