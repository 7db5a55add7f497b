#include "result.h"

#include <algorithm>

namespace careplug::tools {

std::string words(Outcome outcome) {
    switch (outcome) {
        case Outcome::passed:
            return "passed";
        case Outcome::failed:
            return "failed";
        case Outcome::not_applicable:
            return "not applicable";
        case Outcome::opted_out:
            return "opted out";
        case Outcome::not_run:
            break;
    }
    return "not run";
}

bool Report::decides(const Result& result) const {
    return result.requirement->level == Level::mandatory || strictness >= 2;
}

std::size_t Report::count(Outcome outcome) const {
    return static_cast<std::size_t>(std::count_if(
        results.begin(), results.end(), [&](const Result& result) { return result.outcome == outcome; }));
}

Verdict Report::verdict() const {
    const auto any = [&](Outcome outcome) {
        return std::any_of(results.begin(), results.end(), [&](const Result& result) {
            return result.outcome == outcome && decides(result);
        });
    };
    if (any(Outcome::failed)) return Verdict::breaks;
    // A report that holds no passed test says nothing good of a plugin.
    if (any(Outcome::not_run) || !any(Outcome::passed)) return Verdict::not_judged;
    return any(Outcome::opted_out) ? Verdict::opted_out : Verdict::conforms;
}

}  // namespace careplug::tools
