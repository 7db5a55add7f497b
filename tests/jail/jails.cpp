#include "jails.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "plugins/documents.h"

namespace careplug::test {

using nlohmann::json;

namespace {

constexpr std::int64_t now = 1'763'730'000'000;

package::Descriptor sealed(const std::string& bytes) {
    package::Descriptor file(::memfd_create("plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (::write(file.number(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
        throw std::runtime_error("the plugin does not fit into memory");
    ::fcntl(file.number(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    return file;
}

json with_word(const std::string& document, bool trip) {
    json out = json::parse(document);
    if (trip) out["word"] = "trip";
    return out;
}

}  // namespace

std::string faulty_bytes(const std::string& order) {
    std::ifstream file(std::string(CAREPLUG_BUILD_DIR) + "/tests/jail-plugins/faulty.so", std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const std::string mark = "CAREPLUG-FAULT-ORDER:";
    const std::size_t at = bytes.find(mark + '\0');
    if (at == std::string::npos || order.size() > 100)
        throw std::runtime_error("no room for a fault's order");
    bytes.replace(at + mark.size(), order.size(), order);
    return bytes;
}

engine::PluginFile faulty_file(const std::string& order) {
    return {sealed(faulty_bytes(order)), "faulty.so"};
}

engine::PluginFile good_file(const std::string& name) {
    const std::string path = std::string(CAREPLUG_BUILD_DIR) + "/plugins/" + name + ".so";
    return {package::Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), name + ".so"};
}

engine::JailOptions jail_options(std::vector<std::string>* log) {
    engine::JailOptions options;
    options.program =
        package::Descriptor(::open(CAREPLUG_BUILD_DIR "/bin/careplug-jail", O_PATH | O_CLOEXEC));
    options.times.start = 5000;
    options.times.document = options.times.flags = 500;
    options.times.rests = {0, 50};
    if (log) {
        const auto lock = std::make_shared<std::mutex>();
        options.say = [log, lock](const std::string& sentence) {
            const std::lock_guard guard(*lock);
            log->push_back(sentence);
        };
    }
    return options;
}

std::shared_ptr<engine::Plugin> start_faulty(const std::string& order) {
    return engine::start_plugin(faulty_file(order), jail_options());
}

json good_session() {
    return json::parse(session_document("gp", "gp"));
}

json trip_session() {
    return with_word(session_document("gp", "gp"), true);
}

std::string ask(engine::Policy& policy, const std::string& function, bool trip) {
    if (function == "actions")
        return policy.actions(with_word(patient_document("plan", true), trip), now).dump();
    if (function == "panel") return policy.panel(with_word(panel_request("create"), trip), now).dump();
    if (function == "check") return policy.check(with_word(full_response().dump(), trip), now).dump();
    if (function == "summary") return policy.summary(with_word(plan_document(), trip), now).dump();
    if (function == "write_back") return policy.write_back(with_word(plan_document(), trip), now).dump();
    if (function != "flags") throw std::logic_error("no such function: " + function);
    std::vector<careplug_policy_flag> flags = {flag("plan"), flag(trip ? "dnacpr" : "for-cpr")};
    policy.flags(flags, now);
    std::string order;
    for (const auto& one : flags) order += std::to_string(one.order) + " ";
    return order;
}

double until_answered(engine::Policy& policy, const std::string& function) {
    const auto start = std::chrono::steady_clock::now();
    const auto elapsed = [&] {
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    };
    for (;;) {
        try {
            ask(policy, function, false);
            return elapsed();
        } catch (const engine::PluginFailure&) {
            if (elapsed() > 10'000) throw;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }
}

}  // namespace careplug::test
