// What the host's own record should hold of one plan, and how far the host has filed it. It lies on disk
// before the host is asked, and each entry has an identifier that is made of the plan and its code alone:
// however often it is asked, by whichever computer, the host files an entry once.
#pragma once

#include <careplug/plan/plan.h>

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace careplug::engine {

struct FiledEntry {
    std::string identifier;  // "PLAN/CODE"
    std::string state;       // active, ended, entered-in-error; never deleted
    std::string system, code, display;
    std::string text;
    std::string date;
    std::string host_id;  // the host's own, once it answered
    bool operator==(const FiledEntry&) const = default;
};

struct Filing {
    enum class State {
        unpublished,  // of a change that is on its way
        waiting,      // to be asked
        held,         // the record holds what disagrees
        refused,      // by the host
        filed
    };
    State state = State::waiting;
    std::string change;  // whose publication it waits for
    std::string digits;
    std::string birth_date;
    std::string plan_id;
    std::string title;  // of the kind of plan
    std::uint32_t revision = 0;
    std::string author;
    std::string sentence;  // why it is held or refused
    std::vector<FiledEntry> entries;
    std::string before;  // what lay here, for a change that is not accepted
};

// The words of a state in a document: unpublished, waiting, held, refused, filed.
std::string state_name(Filing::State state);

std::string write_filing(const Filing& filing);
Filing read_filing(const std::string& body);  // throws std::exception

// The entries of a policy's answer, and an end for whatever was filed of this plan before and is not among
// them. `ended` says how: "ended", or "entered-in-error" for a plan that should never have been.
std::vector<FiledEntry> next_entries(const std::string& plan_id, const nlohmann::json& policy_answer,
                                     const std::vector<FiledEntry>& before, const std::string& ended);
// What the record, where it was read, says was filed of this plan.
std::vector<FiledEntry> filed_in_record(const nlohmann::json* record_bundle, const std::string& plan_id);

// Document `file`, of the request to the host, and the host's answer to it.
nlohmann::json file_request(const Filing& filing);
void take_answer(Filing& filing, const std::string& body);  // throws std::exception
// Whether both ask for the same, whatever the host answered.
bool asks_the_same(Filing one, Filing other);

}  // namespace careplug::engine
