// A patient's words on a clinical part of their plan: kept beside it until a clinician takes or declines
// them. They change nothing of the plan and raise no flag (hazard H17). On the wire a FHIR Task
// (docs/fhir.md).
#pragma once

#include <careplug/plan/data_set.h>
#include <careplug/plan/role.h>
#include <careplug/plan/states.h>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace careplug::plan {

enum class ProposalStatus { requested, taken, declined, taken_back };

struct Proposal {
    std::string id;
    std::string etag;
    std::string plan_id;
    std::string data_set;  // canonical
    std::string patient_reference;
    std::string nhs_number;
    std::vector<std::string> questions;  // link ids, of one merge unit
    Answers answers;                     // to these; a question without an answer is to be emptied
    std::string author;                  // words
    std::string author_key;              // issuer and subject
    std::string authored;                // FHIR dateTime
    ProposalStatus status = ProposalStatus::requested;
    std::string decided_by;   // words of who took, declined or withdrew it
    std::string decided;      // FHIR dateTime
    std::string reason;       // of a refusal, in the clinician's words
    std::string revision_id;  // that holds it, where it was taken

    bool is_by(const Actor& actor) const;
};

// One for each merge unit in which the patient's answers differ from what they read, of the questions that
// patients may propose. Ids follow from `change`, so that sending it again makes no second one.
std::vector<Proposal> proposals_between(const DataSet& data_set, const Actor& actor, const Answers& read,
                                        const Answers& edited, const std::string& change);
// The proposed answers laid over these.
void lay_over(const Proposal& proposal, Answers& answers);

// Who may make a proposal become this.
Decision may_decide(const Proposal& proposal, ProposalStatus to, const Actor& actor);

namespace fhir {

nlohmann::json write_proposal(const DataSet& data_set, const Proposal& proposal);
bool is_proposal(const nlohmann::json& task);
// The canonical of the data set that it answers; empty for one that is redacted.
std::string data_set_of_proposal(const nlohmann::json& task);
// Throws std::invalid_argument with a sentence. One that is redacted has neither questions nor answers.
Proposal read_proposal(const DataSet& data_set, const nlohmann::json& task);
// That there is one, and of whose plan; not what it says, nor who wrote it.
nlohmann::json redacted_proposal(const nlohmann::json& task);
// The same Task as decided by this person.
nlohmann::json decided_proposal(nlohmann::json task, ProposalStatus status, const Actor& by,
                                const std::string& when, const std::string& reason,
                                const std::string& revision_id);
// Parts of a revision that came from proposals: their ids.
std::vector<std::string> proposals_in(const nlohmann::json& questionnaire_response);

}  // namespace fhir

}  // namespace careplug::plan
