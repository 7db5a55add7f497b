#include "policy_library.h"

#include <careplug/wire/version.h>
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
    const wire::Version ours = wire::this_version();
    careplug_plugin_offer offer{};
    offer.size = sizeof offer;
    offer.major = ours.major;
    offer.minor = ours.minor;
    offer.candidate = ours.candidate;
    careplug_plugin_answer answer{};
    answer.size = sizeof answer;
    const auto entry = file_.get<decltype(careplug_entry)>("careplug_entry");
    const auto status = entry(&offer, &answer);
    // A version that we speak, and no later one than we offered.
    const wire::Version picked{answer.major, answer.minor, answer.candidate};
    if (status >= 100 || wire::spoken_by_both(ours, picked) != picked || answer.policy == nullptr) {
        const auto* text = reinterpret_cast<const char*>(answer.sentence);
        std::string said(text, ::strnlen(text, sizeof answer.sentence));
        if (said.empty())
            said = "It answered " + words(picked) + " to an engine of Careplug " + words(ours) +
                   ". Install both of one release.";
        throw UnfitPlugin{wire::LoadFault::other_version, std::move(said)};
    }
    if (!complete(*answer.policy)) throw UnfitPlugin{wire::LoadFault::lacks_functions, {}};
    return *answer.policy;
}

}  // namespace careplug::jail
