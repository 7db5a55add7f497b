// Data sets and answers for the tests of sdk/plan.
#pragma once

#include <careplug/plan/data_set.h>
#include <careplug/plan/flags.h>
#include <careplug/plan/role.h>
#include <careplug/plan/validate.h>
#include <string>
#include <vector>

namespace plan_test {

using namespace careplug::plan;

inline const std::string today = "2026-11-21";
inline constexpr const char* snomed = "http://snomed.info/sct";
inline constexpr const char* local = "urn:x-local:careplug:urgent-care-plan";

std::string read_file(const std::string& path);
const DataSet& urgent_care_plan();
const DataSet& contact_form();
const DataSet& contingency_plan();

// The option of a field with this code.
Coding option(const DataSet& data_set, const std::string& link_id, const std::string& code);

// A plan that can be published, with a DNACPR decision.
Answers complete_answers();
// Every field and every sub-item answered; several rows, several answers, local codes, difficult text.
Answers every_answer();

Plan active_plan(const DataSet& data_set, const Answers& answers);
std::vector<Flag> flags(const DataSet& data_set, const Answers& answers, const std::string& view = "ae");
const Flag* find(const std::vector<Flag>& flags, const std::string& id);
std::vector<Flag> in_slot(const std::vector<Flag>& flags, int slot);

// Issues of this severity about this link id.
int count(const std::vector<Issue>& issues, const std::string& link_id, Severity severity = Severity::error);
std::string words_of(const std::vector<Issue>& issues);

Actor gp();

}  // namespace plan_test
