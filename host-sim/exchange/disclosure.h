// What a reader is given of a stored version, the same on every route: read, past versions, history, search,
// inclusions, answers of writes, and the stream of events.
#pragma once

#include <careplug/plan/access.h>

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "data_sets.h"
#include "own_plan.h"
#include "relationships.h"

namespace careplug::exchange {

// For one request: it remembers what it found out.
class Disclosure {
public:
    Disclosure(View& view, const DataSets& data_sets, const plan::Actor& actor)
        : view_(view),
          data_sets_(data_sets),
          actor_(actor),
          relationships_(view, actor),
          own_(view, data_sets, actor) {}

    // As it is, or without its content; nothing where to this reader it is not there.
    std::optional<Version> of(Version version);
    // Whether some resources of this type may be not there for this reader.
    bool leaves_out(const std::string& type) const;
    // A search as this reader may ask it.
    void narrow(Search& search);
    // Whether the reader may ask for the history of all resources of a type.
    bool reads_all() const;
    // Whether the reader is told of a change.
    bool tells(const Change& change);
    // "Flag/id" or "Flag/id/_history/2".
    bool gives(const std::string& reference);
    bool withholds_plan(const std::string& id);

private:
    bool withholds(const Version& care_plan);
    bool broke_glass(const Version& care_plan);
    bool is_related(const Version& response);
    bool is_not_for(const Version& version, const nlohmann::json& response);
    bool has_opened(const plan::DataSet& data_set, const std::vector<std::string>& subjects);
    bool withholds_flag(const Version& flag);
    bool says_state(const Version& flag, const Version& care_plan) const;
    std::optional<Version> of_response(Version version);
    std::optional<Version> of_provenance(Version version);
    std::optional<Version> of_task(Version version);

    View& view_;
    const DataSets& data_sets_;
    const plan::Actor& actor_;
    Relationships relationships_;
    OwnPlan own_;
    std::map<std::string, bool> plans_;
};

}  // namespace careplug::exchange
