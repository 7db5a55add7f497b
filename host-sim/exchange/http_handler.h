// One HTTP request: its identity, its limits, its answer, its line in the log.
#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

#include <memory>
#include <string>

#include "events.h"
#include "rules.h"
#include "service.h"
#include "store.h"
#include "token_verifier.h"

namespace careplug::exchange {

struct HttpParts {
    Store& store;
    Events& events;
    TokenVerifier& verifier;
    const Rules& rules;
    Service& service;
    const std::string& address;
};

std::unique_ptr<Poco::Net::HTTPRequestHandler> make_http_handler(const HttpParts& parts);

}  // namespace careplug::exchange
