// CPR decisions of several sources for one person: plans of several kinds, and coded entries of the host's
// own record. Where they differ, both are shown with date and signer; nothing is chosen (hazard H6).
#pragma once

#include <careplug/plan/data_set.h>
#include <careplug/plan/plan.h>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace careplug::plan {

// Marks an entry of a host's record that was filed from a plan: it repeats the plan, so it is no evidence.
inline constexpr const char* filed_entry_system = "urn:x-local:careplug:filed-entry";

struct CprSource {
    const DataSet* data_set = nullptr;  // by which its answers are read
    Answers answers;
    std::string name;  // "Urgent care plan", "this record"
    std::string date;  // of what its answers do not date
    std::string by;    // who signed what its answers do not sign
};

// The question that asks for the decision; empty where the data set asks none.
std::string cpr_field(const DataSet& data_set);

CprSource source_of(const DataSet& data_set, const Plan& plan);

// The current coded entries of a host's record (a FHIR Bundle) on CPR, and on what the data set's rules hold
// against a CPR decision. Codes count as the data set's legacy map says. Not current: what was ended, refuted
// or entered in error, and what an entry of a later date replaces. What is text alone is not guessed at.
std::vector<CprSource> sources_in_record(const DataSet& data_set, const nlohmann::json& record_bundle,
                                         const std::string& today);

// What one source says.
struct CprStatement {
    std::string words;
    std::string source;
    std::string date;  // words; empty where it has none
    std::string by;
    bool newest = false;  // signed, and later than every other that is signed
    bool operator==(const CprStatement&) const = default;
};

// What stands against each other, newest first; empty where nothing does. "No decision" is against nothing. A
// rule of the data set that forbids to publish two answers together (an advance decision to refuse
// life-sustaining treatment and "for CPR") also holds between sources.
std::vector<CprStatement> cpr_conflict(const std::vector<CprSource>& sources);

// "Not for attempted CPR (this record, 01-Mar-2024, Dr A. Patel) against ..."
std::string words_of(const std::vector<CprStatement>& conflict);

}  // namespace careplug::plan
