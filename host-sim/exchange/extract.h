// careplug-exchange extract: the anonymous counts of what this exchange keeps, for its operator alone. It
// reads the data folder itself: there is no address by which anybody could ask for it (docs/operators.md).
#pragma once

#include <careplug/plan/extract.h>

#include <filesystem>
#include <string>

namespace careplug::exchange {

struct ExtractOptions {
    std::filesystem::path data;
    std::filesystem::path data_sets;
    std::filesystem::path out;                                                     // empty: standard output
    std::string data_set = "urn:x-local:careplug:Questionnaire:urgent-care-plan";  // url
    plan::ExtractRules rules;
};

const char* extract_usage();
// Of the arguments after "extract". Throws StartProblem.
ExtractOptions read_extract_options(int count, const char* const* arguments);
void run_extract(const ExtractOptions& options);

}  // namespace careplug::exchange
