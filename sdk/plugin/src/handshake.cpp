#include <careplug/plugin/policy.h>
#include <algorithm>
#include <cstddef>
#include <cstring>

#include "table.h"
#include "text.h"

namespace careplug::plugin {

namespace {

std::string version(std::int32_t major, std::int32_t minor, std::int32_t candidate) {
    std::string words = std::to_string(major) + "." + std::to_string(minor);
    if (candidate != 0) words += "-rc." + std::to_string(candidate);
    return words;
}

// A release candidate speaks to itself alone; a release also to engines of other minor versions.
bool same_language(const careplug_plugin_offer& offer) {
    if (offer.major != CAREPLUG_ABI_MAJOR || offer.candidate != CAREPLUG_ABI_CANDIDATE) return false;
    return CAREPLUG_ABI_CANDIDATE != 0 ? offer.minor == CAREPLUG_ABI_MINOR : offer.minor >= 0;
}

std::string refusal_words(const careplug_plugin_offer& offer) {
    return "Plugin " + this_plugin().id.substr(0, 64) + " speaks Careplug " +
           version(CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR, CAREPLUG_ABI_CANDIDATE) + ", this engine " +
           version(offer.major, offer.minor, offer.candidate) +
           ". Install the plugin that belongs to this engine, or build it again with this engine's headers.";
}

}  // namespace

careplug_status entry(const careplug_plugin_offer* offer, careplug_plugin_answer* answer) noexcept {
    constexpr std::size_t first_offer = offsetof(careplug_plugin_offer, candidate) + sizeof offer->candidate;
    constexpr std::size_t first_answer = offsetof(careplug_plugin_answer, policy) + sizeof answer->policy;
    if (answer == nullptr || answer->size < first_answer) return CAREPLUG_REFUSED_ARGUMENT;
    const std::uint32_t stated = answer->size;
    std::memset(answer, 0, stated);
    answer->size = std::min<std::uint32_t>(stated, sizeof *answer);
    const auto refuse = [&](careplug_status status, std::string_view sentence) {
        // Whole characters only: a cut in the middle of one would be no UTF-8.
        std::size_t length = std::min(sentence.size(), sizeof answer->sentence - 1);
        while (length > 0 && !valid_utf8(sentence.substr(0, length))) --length;
        std::memcpy(answer->sentence, sentence.data(), length);
        return status;
    };
    try {
        if (offer == nullptr || offer->size < first_offer)
            return refuse(CAREPLUG_REFUSED_ARGUMENT,
                          "The offer is absent or smaller than version 1's. Set its size and version.");
        if (!same_language(*offer)) return refuse(CAREPLUG_REFUSED_VERSION, refusal_words(*offer));
        if (this_plugin().open == nullptr)
            return refuse(CAREPLUG_FAILED_PLUGIN, "The plugin opens no policy; its Plugin::open is not set.");
    } catch (...) {
        return refuse(CAREPLUG_FAILED_PLUGIN, "The plugin could not start.");
    }
    answer->major = CAREPLUG_ABI_MAJOR;
    answer->minor = std::min(CAREPLUG_ABI_MINOR, offer->minor);
    answer->candidate = CAREPLUG_ABI_CANDIDATE;
    answer->policy = &table();
    return CAREPLUG_OK;
}

}  // namespace careplug::plugin
