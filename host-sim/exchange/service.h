// Every FHIR interaction, from request to response.
#pragma once

#include "audit_log.h"
#include "data_sets.h"
#include "message.h"
#include "reading.h"
#include "rules.h"
#include "token_verifier.h"
#include "writing.h"

namespace careplug::exchange {

class Service {
public:
    Service(Store& store, const Rules& rules, Events& events, const std::string& base);

    // Throws Problem.
    Response answer(const Request& request, const plan::Actor& actor);

private:
    Response answer_type(const Request& request, const plan::Actor& actor);
    Response answer_bundle(const Request& request, const plan::Actor& actor);
    Response batch(const nlohmann::json& bundle, const plan::Actor& actor, bool with_resources);
    Response transaction(nlohmann::json bundle, const plan::Actor& actor, bool with_resources);
    // Reading the audit is an event of it, written before anything of it is given.
    void note_reading(const Request& request, const plan::Actor& actor);
    Response read(View& view, const Request& request, const plan::Actor& actor) const;
    WriteRequest write_request(const Request& request) const;

    Store& store_;
    const Rules& rules_;
    std::string base_;
    SavedSearches saved_;
    Reader reader_;
    Writer writer_;
    AuditLog audit_log_;
};

// The JSON of a body. Throws Problem 400, or 415 for a content type that is not JSON.
nlohmann::json parse_body(const std::string& content_type, const std::string& body);

}  // namespace careplug::exchange
