// What is known of one patient's plan, and what of it is shown.
#pragma once

#include <careplug/host.h>
#include <careplug/plan/fhir.h>
#include <careplug/plan/person_flags.h>
#include <careplug/plan/plan.h>
#include <careplug/plan/proposal.h>

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "plans/person.h"
#include "settings/catalogue.h"

namespace careplug::engine {

// An active plan of another kind than the one that says what is known.
struct OtherPlan {
    plan::Plan plan;
    const plan::DataSet* data_set = nullptr;
    std::string care_plan;  // as read
};

// One complete answer of the exchange. `plan` is of the kind that is created here or, where there is none, of
// another.
struct PlanAnswer {
    std::int32_t knowledge = CAREPLUG_KNOWLEDGE_NOT_KNOWN;
    std::int32_t reason = CAREPLUG_REASON_NOT_ASKED;  // when NOT_KNOWN
    std::optional<plan::Plan> plan;
    const plan::DataSet* data_set = nullptr;
    std::string care_plan;  // as read
    std::vector<OtherPlan> others;
    std::vector<std::string> unreadable;  // kinds of other plans that this computer cannot read
    std::int64_t checked = 0;             // UTC
    std::int64_t checked_boot = 0;        // 0: restored from the store, never fresh
};

struct Known {
    Person person;                        // whom the number belongs to
    PlanAnswer answer;                    // the last one that was complete
    std::vector<plan::CprSource> record;  // what the host's own record says of CPR
    bool current = false;                 // and nothing since says that it may no longer hold
    std::int32_t reason = CAREPLUG_REASON_NOT_ASKED;
    std::int64_t since = 0;
    bool cpr_seen = false;
    std::string cpr_first;  // the CPR flag that this session first saw; empty where there was no plan
    std::int64_t cpr_changed = 0;
    bool had_plan = false;                            // this session showed a plan
    bool restored = false;                            // the store was asked
    std::optional<plan::fhir::Submission> elsewhere;  // this author's draft, from another computer
    std::vector<plan::fhir::Submission> submissions;  // that this reader may decide or wrote, oldest first
    std::vector<plan::Proposal> proposals;            // of the patient, that this reader may know of
};

// All of a person's plans as found, into one answer. Several active plans of one kind, or one that this
// engine cannot read, are not guessed: NOT_KNOWN with the reason.
PlanAnswer resolve(const std::vector<nlohmann::json>& care_plans, const Catalogue& catalogue, bool had_plan,
                   std::int64_t checked, std::int64_t checked_boot);

// The plans of an answer as they are kept, and back. A single plan stands by itself.
std::string write_plans(const PlanAnswer& answer);
std::vector<nlohmann::json> read_plans(const std::string& kept);
// The plans of an answer with one of them read anew.
std::vector<nlohmann::json> with_plan(const PlanAnswer& answer, nlohmann::json care_plan);
// There is a plan, and none of the kind that is created here.
bool only_of_other_kinds(const PlanAnswer& answer, const Catalogue& catalogue);

// The plan's identity against the one that a host shows. A plan keeps the number that it was written for, so
// the person's earlier numbers count as theirs.
plan::IdentityMatch match_person(const Person& person, const plan::Plan& plan, const std::string& digits,
                                 const std::string& birth_date, const std::string& family,
                                 const std::string& given);

// What a host's key says, before anything is asked: 0 or a CAREPLUG_REASON_.
struct CheckedKey {
    std::string digits;
    std::string birth_date;
    std::int32_t reason = 0;
    std::string sentence;  // where there is a reason
};
CheckedKey check_key(const careplug_patient_key& key);

struct ShownFlags {
    careplug_flags_record record{};  // without flags
    std::int64_t deadline = 0;
    std::vector<plan::Flag> flags;
    std::vector<std::uint32_t> states;
    std::string why;  // where it is not known: in a few words
};

struct ShowContext {
    const Catalogue& catalogue;
    std::string view;
    bool signed_in = false;
    std::int64_t now = 0;
    std::int64_t boot = 0;
    plan::FlagContext flags;  // view and today, and what is this author's own
};

// The flags of what is known: of every plan, and of the decisions that differ.
std::vector<plan::Flag> flags_of(const Known& known, const Catalogue& catalogue,
                                 const plan::FlagContext& context);

std::string reason_words(std::int32_t reason);
ShownFlags show(const CheckedKey& key, const Known* known, const ShowContext& context);

}  // namespace careplug::engine
