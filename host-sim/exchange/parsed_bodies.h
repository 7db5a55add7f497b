// The JSON of stored versions that rules look at again and again: a plan, its person, the draft of before.
#pragma once

#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <unordered_map>

#include "store.h"

namespace careplug::exchange {

class ParsedBodies {
public:
    std::shared_ptr<const nlohmann::json> of(const Version& version);
    // What the next reading of this version would parse. `version.body` is the text of `parsed`.
    void keep(const Version& version, nlohmann::json parsed);

private:
    struct Kept {
        std::string body;  // compared: whatever became of a version, its text and its JSON belong together
        std::shared_ptr<const nlohmann::json> parsed;
    };
    void keep(const Version& version, std::shared_ptr<const nlohmann::json> parsed);

    std::mutex mutex_;
    std::unordered_map<std::string, Kept> kept_;  // by reference
};

}  // namespace careplug::exchange
