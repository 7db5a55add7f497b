// A plan on an exchange in memory: a pointer that moves under If-Match, and people who edit offline. What
// each person saw, typed and decided is kept apart from merge(), and every publish is judged by it.
#pragma once

#include <careplug/plan/merge.h>
#include <careplug/plan/plan.h>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "operations.h"

namespace histories {

using namespace careplug::plan;

// What must never happen, happened.
struct Broken : std::runtime_error {
    using std::runtime_error::runtime_error;
};

enum class Outcome { stands, decided, refused, nothing };

// The content of each unit, as text.
using Contents = std::map<std::string, std::string>;

struct Person {
    std::string name;
    bool open = false;
    int version = 0;  // of the plan that the draft was made on
    Answers base;
    Answers mine;
    Contents saw;    // of the units as this person knows them
    Contents typed;  // of the units that this person changed since
    int words = 0;
};

class SharedPlan {
public:
    SharedPlan(const DataSet& data_set, int people);

    // Does what it can; `pick` chooses the unit, the row, and how a person decides.
    Outcome act(int person, Operation operation, std::uint64_t pick);
    // Publishes a draft: merges while someone else came first, asking this person about conflicts.
    Outcome publish(int person, std::uint64_t pick);

    const Answers& published() const { return answers_; }
    PlanStatus status() const { return status_; }
    void set_status(PlanStatus status);
    // Opens a draft where there is none.
    Person& editor(int person);

private:
    void edit(Person& one, Operation operation, std::uint64_t pick);
    bool meet(Person& one, std::uint64_t pick);
    Outcome change_status(Operation operation);
    void check_publish(const Person& one) const;

    const DataSet* data_set_;
    std::vector<Person> people_;
    PlanStatus status_ = PlanStatus::active;
    int version_ = 1;
    Answers answers_;
};

Contents contents_of(const DataSet& data_set, const Answers& answers);
bool same_answers(const DataSet& data_set, const Answers& a, const Answers& b);
Answers first_answers();
const DataSet& plan_for_histories();

}  // namespace histories
