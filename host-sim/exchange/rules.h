// Who may write what, and what a plan, a revision and a contact must hold to. Judged on everything that a
// transaction wrote, before it is committed.
#pragma once

#include <careplug/plan/role.h>

#include <nlohmann/json.hpp>

#include "data_sets.h"
#include "parsed_bodies.h"
#include "resource_writer.h"

namespace careplug::exchange {

struct Written {
    const ResourceType* type = nullptr;
    std::optional<Version> before;
    nlohmann::json after;
    Put put;
};

// Throws Problem: 403 with who could, 409, 422.
class Rules {
public:
    explicit Rules(const DataSets& data_sets) : data_sets_(data_sets) {}

    const DataSets& data_sets() const { return data_sets_; }
    // Of resources of this type. The audit is for the privacy officer alone, who reads nothing else.
    void check_reading(const plan::Actor& actor, const std::string& type) const;
    void check(const plan::Actor& actor, const std::vector<Written>& writes, Transaction& transaction,
               ParsedBodies& bodies) const;

private:
    const DataSets& data_sets_;
};

// Issuer and subject: who a person is, as kept with each version.
std::string author_key(const plan::Actor& actor);

}  // namespace careplug::exchange
