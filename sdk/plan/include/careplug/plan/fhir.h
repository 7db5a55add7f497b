// The plan on the wire: FHIR R4 resources both ways (docs/fhir.md shows each).
// Reading throws std::invalid_argument with a sentence; it never guesses.
#pragma once

#include <careplug/plan/plan.h>
#include <careplug/plan/states.h>
#include <careplug/plan/validate.h>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace careplug::plan::fhir {

// QuestionnaireResponse.item in either form: with sections (as on the wire) or flat (as in an update).
Answers read_answers(const DataSet& data_set, const nlohmann::json& questionnaire_response);
// item[], nested under sections in the data set's order.
nlohmann::json write_items(const DataSet& data_set, const Answers& answers);

// Parses JSON with limits (16 MB, depth 64, no duplicate keys in an object, valid UTF-8).
nlohmann::json parse(std::string_view text);

struct Subject {
    std::string nhs_number;
    std::string family;
    std::string given;
    std::string birth_date;
    std::string gender;  // FHIR code
    std::string address;
    std::string reference;  // literal, "Patient/..."; empty in a first publish
};

// A revision that somebody submitted for approval, as read from the exchange.
struct Submission {
    std::string id;
    std::string etag;
    std::string plan_id;
    RevisionStatus status = RevisionStatus::submitted;
    std::string author;      // words
    std::string author_key;  // issuer and subject: who that is
    std::string authored;
    std::string base_revision_id;  // what it changes; empty for a first plan
    std::string nhs_number;
    std::string patient_reference;
    std::string sent_back_by;  // words of who sent it back, and why; empty for one that was not
    std::string sent_back;
    std::string resource;  // as read

    bool is_by(const Actor& actor) const;
};

struct Revision {
    std::string id;       // QuestionnaireResponse.id, made by the author's engine: makes a retry safe
    std::string plan_id;  // CarePlan.id, likewise
    Actor author;
    std::string authored;  // FHIR dateTime
    Answers answers;
    std::string base_revision_id{};         // the published one that it changes
    std::optional<Submission> completes{};  // its author stays the recorder, `author` is the endorser
    RevisionStatus status = RevisionStatus::published;
    std::vector<std::string> proposals{};  // that it holds: ids of their Tasks
};

Plan read_plan(const DataSet& data_set, const nlohmann::json& care_plan);
// Only what a board needs to choose a data set: throws where it is absent.
std::string data_set_of(const nlohmann::json& care_plan);

// What CarePlan's summary holds of a revision: the data set's summary_fields, of sensitive answers only
// "recorded".
Answers summary_of(const DataSet& data_set, const Answers& answers);
// CarePlan with all that Plan holds; what read_plan reads.
nlohmann::json write_plan(const DataSet& data_set, const Plan& plan);

nlohmann::json write_revision(const DataSet& data_set, const Revision& revision, const Subject& subject);
// Throws for one that is redacted: nothing given is not nothing answered.
Answers read_revision(const DataSet& data_set, const nlohmann::json& questionnaire_response);

// The state of a QuestionnaireResponse, from its status and its status extension. Throws where they
// contradict each other.
RevisionStatus revision_status_of(const nlohmann::json& questionnaire_response);
// The same revision in another state.
nlohmann::json with_revision_status(nlohmann::json questionnaire_response, RevisionStatus status);
// A submission that becomes its author's draft again.
nlohmann::json sent_back(nlohmann::json questionnaire_response, const Actor& by, const std::string& reason);
Submission read_submission(const nlohmann::json& questionnaire_response);
// A draft over which somebody else published waits in the inbox of its author's organisation: a tag, whose
// code is the organisation's.
inline constexpr const char* inbox_system = "urn:x-local:careplug:not-shared";
nlohmann::json in_inbox(nlohmann::json questionnaire_response, const std::string& organisation);
std::string inbox_of(const nlohmann::json& questionnaire_response);  // empty: in none
bool is_in_inbox_of(const Actor& actor, const nlohmann::json& questionnaire_response);
// The revision that this one completes; empty where it stands by itself.
std::string completed_by(const nlohmann::json& questionnaire_response);

// One transaction by which a person edits the own sections of their plan. Summary, Flags and what the person
// does not see are the exchange's to add; who approved the plan stays (own_plan.h).
nlohmann::json own_edit_transaction(const DataSet& data_set, const Revision& revision, const Subject& subject,
                                    const Plan& before);

// One transaction that submits a revision: Patient where subject has no reference, QuestionnaireResponse.
nlohmann::json submit_transaction(const DataSet& data_set, const Revision& revision, const Subject& subject);

// What is changed about a plan without a new revision.
struct StatusChange {
    PlanAct act = PlanAct::suspend;
    Actor by;
    std::string when;    // FHIR dateTime
    std::string since;   // date: of death, of the withdrawal of consent, of the consent given anew
    std::string reason;  // in the doer's words
    std::string today;
};
// One transaction that suspends, closes, reopens or enters in error: Consent where it changes, Flags,
// CarePlan last, under the version of `before`.
nlohmann::json status_transaction(const DataSet& data_set, const Plan& before, const StatusChange& change);

// One transaction that publishes a revision: Patient (conditional create) where subject has no reference,
// QuestionnaireResponse, Consent, Flags, CarePlan last. `before` is the plan read (its etag becomes
// ifMatch), or none for the first publish.
nlohmann::json publish_transaction(const DataSet& data_set, const Revision& revision, const Subject& subject,
                                   const Plan* before, const std::string& today);

// The Flags of `now`, and as inactive those of `was` (or none) that no longer hold.
std::vector<nlohmann::json> flag_resources(const DataSet& data_set, const Plan* was, const Plan& now,
                                           const std::string& since, const std::string& today);

// What is given of a plan and of its responses to who may not see what they say: whose they are and their
// state, under FHIR's label for what is given in part. Without its data set a plan is its header alone.
nlohmann::json redacted_plan(const DataSet* data_set, const nlohmann::json& care_plan);
nlohmann::json redacted_response(const nlohmann::json& questionnaire_response);
bool is_redacted(const nlohmann::json& resource);

// An urgent care contact: a response to the data set's contact Questionnaire, basedOn the plan.
struct Contact {
    std::string id;
    std::string plan_id;
    std::string patient_reference;
    std::string nhs_number;
    std::string when;  // FHIR dateTime
    std::string text;
    std::string outcome;  // display
    std::string author;   // words
    bool review_asked = false;
    std::string organisation{};  // the author's, ODS code; empty where it was not said
};
// The response to the contact form: `answers` hold evt.note; of `contact` the rest.
nlohmann::json write_contact(const DataSet& contact_set, const Contact& contact, const Answers& answers);
Contact read_contact(const DataSet& contact_set, const nlohmann::json& questionnaire_response);
// Whose it is and who wrote it, without what it says.
Contact read_contact_header(const nlohmann::json& questionnaire_response);

// How far an organisation has accepted what others changed in a plan. The parts are seen one without the
// other: of a suspended plan its state alone.
struct Accepted {
    std::uint32_t revision = 0;
    std::uint32_t version = 0;    // of the CarePlan: the changes of its state up to here
    std::set<std::string> notes;  // ids of urgent care contacts
    bool holds(const Accepted& other) const;
    void add(const Accepted& other);
    // The change of state that made this version, while this revision was published. Whoever accepted a later
    // revision was shown it too.
    bool holds_state(std::uint32_t changed_version, std::uint32_t changed_revision) const {
        return changed_version <= version || changed_revision < revision;
    }
    bool operator==(const Accepted&) const = default;
};
// The number of the version read; 0 where the server does not count its versions.
std::uint32_t counted_version(const std::string& etag);

// That an organisation has seen and accepted what others changed: one Task for each plan and organisation, so
// that every workstation of a practice knows it.
struct Acceptance {
    std::string plan_id;
    std::string patient_reference;
    std::string nhs_number;
    std::string organisation;  // ODS code
    std::string organisation_name{};
    Accepted accepted{};
    std::string when;    // FHIR dateTime
    std::string etag{};  // of the version read
};
// The Task's id: the same wherever it is made.
std::string acceptance_id(const std::string& plan_id, const std::string& organisation);
nlohmann::json write_acceptance(const Acceptance& acceptance);
Acceptance read_acceptance(const nlohmann::json& task);

nlohmann::json operation_outcome(const std::vector<Issue>& issues);

inline constexpr const char* local_system = "urn:x-local:careplug:urgent-care-plan";

}  // namespace careplug::plan::fhir
