#include "barrier.h"

#include <atomic>
#include <new>
#include <nlohmann/json.hpp>

namespace careplug::plugin {

namespace {

// The table's functions get no context of their own. Null: no call runs.
std::atomic<const char*>& running() {
    static std::atomic<const char*> function = nullptr;
    return function;
}

}  // namespace

OneCall::OneCall(const char* function) {
    const char* other = nullptr;
    if (!running().compare_exchange_strong(other, function))
        throw EngineMistake(CAREPLUG_REFUSED_BUSY,
                            std::string("while careplug_policy.") + other +
                                " had not returned: a plugin takes one call at a time");
}

OneCall::~OneCall() {
    running() = nullptr;
}

Failure failure_of(const char* function, const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const EngineMistake& mistake) {
        return {mistake.status(),
                std::string("The engine called careplug_policy.") + function + " " + mistake.what() + "."};
    } catch (const Refusal& refusal) {
        const bool in_range = refusal.status() >= CAREPLUG_REFUSED && refusal.status() < CAREPLUG_FATAL;
        return {in_range ? refusal.status() : CAREPLUG_REFUSED, refusal.what()};
    } catch (const nlohmann::json::exception& wrong) {
        return {CAREPLUG_REFUSED_ARGUMENT,
                "The document does not have the shape of docs/abi-documents.md (JSON error " +
                    std::to_string(wrong.id) + ")."};
    } catch (const std::invalid_argument&) {
        return {CAREPLUG_REFUSED_ARGUMENT,
                "The document breaks a rule of its data set or of docs/abi-documents.md; nothing was read "
                "from it."};
    } catch (const std::bad_alloc&) {
        return {CAREPLUG_FAILED_PLUGIN, "The plugin ran out of memory."};
    } catch (...) {
        return {CAREPLUG_FAILED_PLUGIN,
                "The policy failed with an exception; this is an error in the plugin."};
    }
}

}  // namespace careplug::plugin
