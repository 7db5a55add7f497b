#include "policy_library.h"

#include <string.h>

namespace careplug::jail {
namespace {

bool complete(const careplug_policy& table) {
    return table.size >= sizeof(careplug_policy) && table.describe && table.open && table.close &&
           table.flags && table.actions && table.panel && table.check && table.summary && table.write_back;
}

}  // namespace

PolicyLibrary::PolicyLibrary(int descriptor) {
    boost::dll::fs::error_code failed;
    // By its descriptor and not by a path: what was judged by the engine is what is loaded.
    file_.load("/proc/self/fd/" + std::to_string(descriptor), failed,
               boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    if (failed) throw UnfitPlugin{wire::LoadFault::no_library, {}};
    if (!file_.has("careplug_entry")) throw UnfitPlugin{wire::LoadFault::no_entry, {}};
}

const careplug_policy& PolicyLibrary::table() {
    const careplug_plugin_offer offer{sizeof offer, CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR,
                                      CAREPLUG_ABI_CANDIDATE};
    careplug_plugin_answer answer{};
    answer.size = sizeof answer;
    const auto entry = file_.get<decltype(careplug_entry)>("careplug_entry");
    const auto status = entry(&offer, &answer);
    const bool same =
        answer.major == offer.major && answer.minor == offer.minor && answer.candidate == offer.candidate;
    if (status >= 100 || !same || answer.policy == nullptr) {
        const auto* text = reinterpret_cast<const char*>(answer.sentence);
        throw UnfitPlugin{wire::LoadFault::other_version,
                          std::string(text, ::strnlen(text, sizeof answer.sentence))};
    }
    if (!complete(*answer.policy)) throw UnfitPlugin{wire::LoadFault::lacks_functions, {}};
    return *answer.policy;
}

}  // namespace careplug::jail
