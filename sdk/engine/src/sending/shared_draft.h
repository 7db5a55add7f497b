// A copy of a draft on the exchange, there for its author alone, so that another computer can go on with it.
#pragma once

#include <careplug/plan/fhir.h>

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "exchange/identity.h"
#include "hub.h"

namespace careplug::engine {

// What this computer knows of the copy. Lies beside the draft, and outlives it until the copy is withdrawn.
struct DraftCopy {
    std::string digits;
    std::string id;       // of the QuestionnaireResponse
    std::string plan_id;  // that it names
    std::string etag;     // as last written or taken; empty: it may never have arrived
    std::int64_t at = 0;  // of the draft that was last copied or taken
    std::string items;    // what it said then: where two computers went on from
};

std::string write_copy(const DraftCopy& copy);
DraftCopy read_copy(const std::string& body);
// As it may be kept of a plan that must not be shown: what was written last is not known from it.
std::string without_items(const std::string& copy);
// The row of a copy that another took the place of, until it is withdrawn.
std::string over_name(const std::string& id);
Place copy_place(const std::string& author, const std::string& digits);

// A name for this computer's store, made when it is first asked for.
std::string computer_of(Store& store);
// The computer that wrote a copy last.
std::string computer_of(const nlohmann::json& response);

enum class Copied {
    here,        // as this computer left it
    elsewhere,   // another computer of the author's went on with it
    gone,        // published or discarded on another computer
    taken_over,  // published by a colleague
    refused      // the exchange does not take it; it may take the next
};

// One author's copies. All throw Unreachable.
class DraftCopies {
public:
    DraftCopies(Exchange& exchange, const Catalogue& catalogue, const Identity& identity,
                std::string computer)
        : exchange_(exchange), catalogue_(catalogue), identity_(identity), computer_(std::move(computer)) {}

    // Writes the draft over the copy that `copy` knows of.
    Copied write(const Kept& draft, DraftCopy& copy);
    Copied look(const DraftCopy& copy);
    // Nothing of it stays readable, but for its author in the history.
    Copied withdraw(DraftCopy& copy);

private:
    Copied put(const nlohmann::json& resource, DraftCopy& copy);

    Exchange& exchange_;
    const Catalogue& catalogue_;
    const Identity& identity_;
    const std::string computer_;
};

}  // namespace careplug::engine
