// A plugin of a later contract: it refuses every engine of this one.
#include <careplug/plugin.h>
#include <cstring>

extern "C" CAREPLUG_EXPORT careplug_status CAREPLUG_CALL careplug_entry(const careplug_plugin_offer* offer,
                                                                        careplug_plugin_answer* answer) {
    answer->policy = nullptr;
    if (offer->major == 9) return CAREPLUG_OK;
    const char* sentence = "This plugin speaks Careplug 9.0, this engine 1.0-rc.1. Install a later engine.";
    std::memcpy(answer->sentence, sentence, std::strlen(sentence) + 1);
    return CAREPLUG_REFUSED_VERSION;
}
