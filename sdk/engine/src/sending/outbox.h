// A change that waits to be sent: all that is needed to send it after a restart.
#pragma once

#include <careplug/base.h>
#include <careplug/plan/data_set.h>
#include <careplug/plan/fhir.h>

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "editing/panel.h"
#include "store/store.h"

namespace careplug::engine {

// That this organisation accepts what others changed: no intent of the ABI, and no change of the plan.
inline constexpr std::int32_t accept_intent = 1001;

struct Change {
    std::string id;           // of the operation, and of the outbox's row
    std::int32_t intent = 0;  // CAREPLUG_INTENT_
    std::string digits;
    std::string data_set;  // canonical
    std::string plan_id;
    std::string revision_id;  // or the id of the contact: makes a repeated send recognisable
    std::string authored;
    plan::fhir::Subject subject;
    std::string base_care_plan;  // as read when the edit began; empty for a first publish
    std::string base_items;      // JSON arrays of QuestionnaireResponse items
    std::string items;
    std::string draft;               // put back when the change is not accepted
    std::string submission;          // the submitted revision that it decides or completes, as read
    std::string proposals;           // JSON array of the Tasks that a patient's change proposes
    std::vector<std::string> taken;  // proposals that the revision holds
    std::string proposal;            // the patient's proposal that is decided, as read
    plan::fhir::Accepted accepted;   // of an acceptance
    bool attempted = false;          // an answer may have been lost
    std::string basis;               // on which the record was open, and its reason
    std::string reason;
    std::int64_t claimed = 0;  // when the exchange was last to be told of it
    bool first_publish() const { return base_care_plan.empty(); }
};

// Where it becomes its author's draft again when it is not accepted.
Panel::Mode mode_of(const Change& change);
std::string write_change(const Change& change);
nlohmann::json write_accepted(const plan::fhir::Accepted& accepted);
// Also of the form of before, a revision alone.
plan::fhir::Accepted read_accepted(const nlohmann::json& accepted);
Change read_change(const std::string& body);

// What became of a change.
struct SendResult {
    enum class Kind { done, conflict, refused, later } kind = Kind::later;
    careplug_status status = CAREPLUG_OK;
    std::string sentence;
    std::uint32_t revision = 0;
    bool identity_refused = false;
    std::string theirs_care_plan;  // of a conflict, as read
    std::optional<Content> theirs;
    std::int64_t draft_kept = 0;   // when what was not accepted became the author's draft again
    bool aside = false;            // beside a newer draft that lay there
    bool submission_gone = false;  // what it completes was decided, withdrawn or rewritten meanwhile
    bool inactive = false;         // the plan is: of the draft only what its author typed may stay
    bool unreachable = false;      // nothing else would be answered either
};

// How a change ended, for a host that asks after a restart.
std::string write_outcome(const SendResult& result);
// Its kind, status, sentence and revision.
SendResult read_outcome_of_change(const std::string& body);

}  // namespace careplug::engine
