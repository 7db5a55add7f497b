// One run of a vendor's host in one scenario, and questions about it.
#pragma once

#include <careplug/host.h>

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "child.h"
#include "scenario.h"
#include "timeline.h"

namespace careplug::tools {

struct Day {
    const Scenario* scenario = nullptr;
    Ended ended;
    std::vector<Entry> entries;

    bool is(Play play) const { return scenario->play == play; }
    // The engine ends, or is ended, in the middle of it.
    bool loses_engine() const {
        return is(Play::engine_ends) || is(Play::engine_ends_early) || is(Play::late_reply);
    }
    // The command ended by itself, with 0.
    bool ended_well() const;
    bool crashed() const;
    // A loader and a session were open.
    bool had_loader() const;
    bool had_session() const;

    using Index = std::size_t;
    using Wanted = std::function<bool(const Entry&)>;
    std::vector<Index> all(const Wanted& wanted) const;
    std::optional<Index> next(Index from, const Wanted& wanted) const;
    std::optional<Index> last(const Wanted& wanted) const;
    bool any_between(Index from, Index to, const Wanted& wanted) const;
};

// What the engine was asked: the arguments, in the order of host.h.
nlohmann::json arguments(const Entry& asked);

// A member that is a text; empty where it is not there, or no text.
std::string text_in(const nlohmann::json& object, const char* name);

// Wanted entries.
Day::Wanted asked(std::string name);                    // the engine got this call
Day::Wanted asked(std::string name, std::uint64_t of);  // on this patient or panel
Day::Wanted called(std::string name);                   // the loader returned from it
Day::Wanted pulled(std::int32_t kind);                  // an event of this kind
Day::Wanted given(std::string kind);

}  // namespace careplug::tools
