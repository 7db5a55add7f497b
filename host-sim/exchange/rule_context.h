// What the rules of one transaction share.
#pragma once

#include <careplug/plan/fhir.h>

#include <set>

#include "problem.h"
#include "rules.h"

namespace careplug::exchange {

struct RuleScope {
    const plan::Actor& actor;
    const std::vector<Written>& writes;
    Transaction& transaction;
    ParsedBodies& bodies;
    const DataSets& data_sets;
    std::string today;

    // The data set of a canonical. Throws Problem 422.
    const plan::DataSet& data_set(const std::string& canonical) const;
    const Written* written(const std::string& type, const std::string& id) const;
    // The resource as this transaction leaves it; null where there is none.
    std::shared_ptr<const nlohmann::json> resource(const std::string& type, const std::string& id) const;
    // As it was before this transaction.
    std::optional<Version> before(const std::string& type, const std::string& id) const;
};

void check_care_plan(const RuleScope& scope, const Written& write);
// A Task by which an organisation accepts what others changed.
void check_acceptance(const RuleScope& scope, const Written& write);
// A Task by which a patient suggests a change, and what becomes of it.
void check_proposal(const RuleScope& scope, const Written& write);
void check_related_person(const RuleScope& scope, const Written& write);
// Who changes a plan, or adds to one, has said first why, as who reads it has (hazard H9).
void check_relationship(const RuleScope& scope, const Written& write);
void check_patient(const RuleScope& scope, const Written& write);
// Whether the writer is the demographics feed, which alone says whom numbers belong to and who is restricted.
bool says_who_is_who(const RuleScope& scope, const Written& write);
// The number that a Patient has now; all others that were ever this person's, before or since; whether it was
// replaced.
std::set<std::string> nhs_numbers(const nlohmann::json& patient);
std::set<std::string> other_numbers(const RuleScope& scope, const nlohmann::json& patient);
bool is_superseded(const nlohmann::json& patient);
void check_questionnaire_response(const RuleScope& scope, const Written& write);

// What every publishing of these answers for this plan must hold to: the data set's rules (422), and the
// actor's right to each field that differs from what was published before (403).
void check_publishing(const RuleScope& scope, const plan::DataSet& data_set, const std::string& plan_id,
                      const plan::Answers& answers, const plan::Answers* submitted = nullptr);

// Reading a resource with the clinical core; what it refuses is a 422.
template <class Function>
auto understood(Function&& read) {
    try {
        return read();
    } catch (const std::invalid_argument& problem) {
        throw Problem(422, "invalid", problem.what());
    }
}

[[noreturn]] void refuse_rule(const std::string& words);
// 403 for a role that may not, 422 for a state that does not allow it.
void enforce(const plan::Decision& decision);
void need(bool allowed, const std::string& words, const std::string& who_could);
// The NHS number of subject.identifier.
std::string nhs_number_of(const nlohmann::json& subject);
std::string id_of_reference(const nlohmann::json& reference, const std::string& type);

}  // namespace careplug::exchange
