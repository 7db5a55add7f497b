// Counts of many plans that tell nothing of one person (hazard H18): coded answers alone, ages in bands,
// dates as months, small numbers suppressed so that subtraction does not give them back. Pure.
// docs/operators.md.
#pragma once

#include <careplug/plan/plan.h>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace careplug::plan {

struct ExtractRules {
    int smallest = 10;  // persons in a cell that is shown
    int rounding = 5;   // every number shown is a multiple, so that two extracts do not differ by one person
};

// One question, or the age, and how many persons gave each answer. Each person is in one cell of it.
struct ExtractTable {
    struct Cell {
        std::string answer;
        std::int64_t persons = 0;
        std::optional<std::int64_t> shown{};  // nothing: suppressed
    };
    std::string question;  // link id, "age" or "month-published"
    std::string label;
    std::vector<Cell> cells;
};

class Extract {
public:
    Extract(const DataSet& data_set, ExtractRules rules);

    // Whether this plan may be counted: active, its consent to share stands, and its person permitted
    // research. "Not asked" is not permitted.
    bool may_count(const Plan& plan, const Answers& answers, bool consent_active) const;
    // `today` for the age. `plan` gives when it was first published.
    void count(const Plan& plan, const Answers& answers, const std::string& today);

    // With `shown` decided in every cell.
    std::vector<ExtractTable> tables() const;
    // All persons counted, rounded; nothing where they are too few to say.
    std::optional<std::int64_t> total() const;
    const ExtractRules& rules() const { return rules_; }

private:
    const DataSet& data_set_;
    ExtractRules rules_;
    std::int64_t persons_ = 0;
    std::vector<ExtractTable> tables_;
    std::vector<const Field*> fields_;  // of the tables that are questions
};

// Decides what is shown of one table.
void suppress(ExtractTable& table, const ExtractRules& rules);
// CSV with the rules in its head, as lines that begin with #. `month` is YYYY-MM.
std::string write_extract(const Extract& extract, const DataSet& data_set, const std::string& month);

}  // namespace careplug::plan
