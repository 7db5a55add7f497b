#include "problem.h"

#include <nlohmann/json.hpp>

namespace careplug::exchange {

namespace {

plan::Issue issue(const std::string& code, const std::string& words) {
    plan::Issue made;
    made.code = code;
    made.words = words;
    return made;
}

const char* severity_code(plan::Severity severity) {
    switch (severity) {
        case plan::Severity::information:
            return "information";
        case plan::Severity::warning:
            return "warning";
        case plan::Severity::error:
            break;
    }
    return "error";
}

}  // namespace

Problem::Problem(int status, const std::string& code, const std::string& words)
    : std::runtime_error(words), status_(status), issues_{issue(code, words)} {}

Problem::Problem(int status, std::vector<plan::Issue> issues)
    : std::runtime_error(issues.empty() ? "refused" : issues.front().words),
      status_(status),
      issues_(std::move(issues)) {}

std::string Problem::operation_outcome() const {
    nlohmann::json outcome{{"resourceType", "OperationOutcome"}, {"issue", nlohmann::json::array()}};
    for (const auto& each : issues_) {
        nlohmann::json entry{{"severity", severity_code(each.severity)},
                             {"code", each.code.empty() ? "processing" : each.code},
                             {"diagnostics", each.words},
                             {"details", {{"text", each.words}}}};
        if (!each.link_id.empty()) entry["expression"] = {each.link_id};
        outcome["issue"].push_back(std::move(entry));
    }
    return outcome.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace careplug::exchange
