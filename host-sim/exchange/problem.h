// A refusal: an HTTP status and what is wrong, for a person. Becomes an OperationOutcome.
#pragma once

#include <careplug/plan/validate.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace careplug::exchange {

class Problem : public std::runtime_error {
public:
    // `code` is a FHIR IssueType.
    Problem(int status, const std::string& code, const std::string& words);
    Problem(int status, std::vector<plan::Issue> issues);

    int status() const { return status_; }
    const std::vector<plan::Issue>& issues() const { return issues_; }
    std::string operation_outcome() const;

private:
    int status_;
    std::vector<plan::Issue> issues_;
};

// What stops the program at its start: one sentence that says what to do.
class StartProblem : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace careplug::exchange
