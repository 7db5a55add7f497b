// Plugins in real jails, without an engine around them.
#pragma once

#include <string>
#include <vector>

#include "plugins/policy.h"

namespace careplug::test {

// The faulty plugin's file with this order (faulty/faults.h) in it.
std::string faulty_bytes(const std::string& order);
// The same as a sealed file in memory.
engine::PluginFile faulty_file(const std::string& order);
// A plugin of the build: "gp".
engine::PluginFile good_file(const std::string& name);

// The jail of the build; short rests, and deadlines that a busy computer keeps.
engine::JailOptions jail_options(std::vector<std::string>* log = nullptr);

std::shared_ptr<engine::Plugin> start_faulty(const std::string& order);

nlohmann::json good_session();
// The same with the word that sets an order "... trip" off.
nlohmann::json trip_session();

// Asks a function of the policy, with a document that holds the word "trip" or not. Text of the answer; for
// flags the order. Throws PluginFailure.
std::string ask(engine::Policy& policy, const std::string& function, bool trip);

// Asks until it is answered, and says after how many milliseconds. Throws the last PluginFailure after ten
// seconds.
double until_answered(engine::Policy& policy, const std::string& function);

}  // namespace careplug::test
