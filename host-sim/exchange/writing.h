// Creates and updates: any number in one transaction, all or nothing.
#pragma once

#include <functional>

#include "events.h"
#include "rules.h"
#include "token_verifier.h"

namespace careplug::exchange {

struct WriteRequest {
    bool is_create = false;  // POST; otherwise PUT
    const ResourceType* type = nullptr;
    std::string id;  // of a PUT
    nlohmann::json body;
    std::string if_match;
    std::string if_none_exist;
    std::string full_url;  // "urn:uuid:..." by which other entries refer to it
};

struct WriteResult {
    int status = 200;
    Version version;
};

class Writer {
public:
    Writer(Store& store, const Rules& rules, Events& events, std::string base)
        : store_(store), rules_(rules), events_(events), base_(std::move(base)) {}

    // Durable when it returns; otherwise throws and nothing was written. `also` runs within the transaction,
    // after everything was written.
    std::vector<WriteResult> write(const plan::Actor& actor, std::vector<WriteRequest> requests,
                                   const std::function<void(Transaction&)>& also = {});

private:
    Store& store_;
    const Rules& rules_;
    Events& events_;
    std::string base_;
    ParsedBodies bodies_;
};

}  // namespace careplug::exchange
