#include "report.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "text.h"

namespace careplug::tools {

namespace {

using nlohmann::json;

std::string reproduce(const Report& report, const Result& result) {
    const std::string id(result.requirement->id);
    if (report.of == Report::Of::host)
        return "careplug check-host --reproduce " + id + ":" + result.scenario + " -- " + report.name;
    return "careplug check " + report.name + " --reproduce " + id + ":" + std::to_string(result.seed);
}

const char* name_of(Report::Of of) {
    return of == Report::Of::host ? "host" : "plugin";
}

std::string verdict_words(const Report& report) {
    switch (report.verdict()) {
        case Verdict::conforms:
            return std::string("The ") + name_of(report.of) + " meets every requirement that decides.";
        case Verdict::breaks:
            return std::string("The ") + name_of(report.of) + " breaks requirements.";
        case Verdict::opted_out:
            return "What ran passed, but requirements that decide were opted out: this is no pass.";
        case Verdict::not_judged:
            break;
    }
    return "Some requirements could not be judged: this is no pass.";
}

std::string summary(const Report& report) {
    std::string words_of_counts;
    for (const Outcome outcome :
         {Outcome::passed, Outcome::failed, Outcome::not_applicable, Outcome::opted_out, Outcome::not_run})
        if (const std::size_t count = report.count(outcome); count != 0)
            words_of_counts +=
                (words_of_counts.empty() ? "" : ", ") + std::to_string(count) + " " + words(outcome);
    return std::to_string(report.results.size()) + " requirements: " + words_of_counts + ".";
}

std::string seconds(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", value);
    return text;
}

std::string xml(std::string_view text) {
    std::string kept;
    for (const char c : text)
        if (static_cast<unsigned char>(c) >= 0x20) kept += c;
    return html_escaped(kept);
}

}  // namespace

std::string as_text(const Report& report) {
    std::string text;
    for (const Result& result : report.results) {
        const Rule& requirement = *result.requirement;
        const bool advice = result.outcome == Outcome::failed && !report.decides(result);
        std::string state = advice ? "advised against" : words(result.outcome);
        if (result.outcome == Outcome::failed && !advice) state = "FAILED";
        if (result.outcome == Outcome::not_run) state = "NOT RUN";
        state.resize(15, ' ');
        text += state + " " + std::string(requirement.id) + "  " + std::string(requirement.rule) + "\n";
        if (result.outcome == Outcome::passed) continue;
        text += std::string(23, ' ') + result.sentence + "\n";
        if (result.outcome == Outcome::failed)
            text += std::string(23, ' ') + "Otherwise: " + std::string(requirement.otherwise) + "\n" +
                    std::string(23, ' ') + reproduce(report, result) + "\n";
    }
    return text + "\n" + summary(report) + "\n" + verdict_words(report) + "\n";
}

std::string as_json(const Report& report) {
    json list = json::array();
    for (const Result& result : report.results) {
        const Rule& requirement = *result.requirement;
        list.push_back({{"id", requirement.id},
                        {"subject", requirement.subject},
                        {"mandatory", requirement.level == Level::mandatory},
                        {"decides", report.decides(result)},
                        {"rule", requirement.rule},
                        {"outcome", words(result.outcome)},
                        {"sentence", result.sentence},
                        {"seconds", result.seconds}});
        if (report.of == Report::Of::plugin)
            list.back()["seed"] = result.seed;
        else
            list.back()["scenario"] = result.scenario;
    }
    return json{{name_of(report.of), report.name},
                {"strictness", report.strictness},
                {"conforms", report.verdict() == Verdict::conforms},
                {"verdict", verdict_words(report)},
                {"requirements", std::move(list)}}
               .dump(2, ' ', false, json::error_handler_t::replace) +
           "\n";
}

std::string as_junit(const Report& report) {
    std::string cases;
    std::size_t failures = 0, errors = 0, skipped = 0;
    for (const Result& result : report.results) {
        const Rule& requirement = *result.requirement;
        cases += "  <testcase classname=\"" + xml(requirement.subject) + "\" name=\"" + xml(requirement.id) +
                 " " + xml(requirement.rule) + "\" time=\"" + seconds(result.seconds) + "\">";
        if (result.outcome == Outcome::failed && report.decides(result)) {
            ++failures;
            cases += "<failure message=\"" + xml(result.sentence) + "\">" + xml(reproduce(report, result)) +
                     "</failure>";
        } else if (result.outcome == Outcome::not_run) {
            ++errors;
            cases += "<error message=\"" + xml(result.sentence) + "\"/>";
        } else if (result.outcome != Outcome::passed) {
            ++skipped;
            cases += "<skipped message=\"" + xml(words(result.outcome) + ": " + result.sentence) + "\"/>";
        }
        cases += "</testcase>\n";
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"careplug check " +
           xml(report.name) + "\" tests=\"" + std::to_string(report.results.size()) + "\" failures=\"" +
           std::to_string(failures) + "\" errors=\"" + std::to_string(errors) + "\" skipped=\"" +
           std::to_string(skipped) + "\">\n" + cases + "</testsuite>\n";
}

}  // namespace careplug::tools
