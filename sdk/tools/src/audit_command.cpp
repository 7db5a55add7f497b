// careplug audit: who looked at and changed what, for the privacy officer.
#include <careplug/plan/audit.h>
#include <careplug/plan/nhs_number.h>
#include <careplug/plan/relationship.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "arguments.h"
#include "audit_chain.h"
#include "audit_reader.h"
#include "commands.h"

namespace careplug::tools {

namespace {

using nlohmann::json;

std::string first_line(const std::string& file, const std::string& what) {
    std::string line;
    if (file == "-") {
        std::getline(std::cin, line);
    } else {
        std::ifstream in(file);
        if (!in) throw UsageError("The file of the " + what + " cannot be read.");
        std::getline(in, line);
    }
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (line.empty()) throw UsageError("There is no " + what + " in what was given.");
    return line;
}

struct Wanted {
    std::string patient, issuer, subject, kind, since, until;
    bool alerts = false;

    std::vector<std::pair<std::string, std::string>> parameters() const {
        std::vector<std::pair<std::string, std::string>> list{{"_count", "200"}};
        if (!patient.empty())
            list.emplace_back("patient.identifier", std::string(plan::nhs_number_system) + "|" + patient);
        if (!subject.empty())
            list.emplace_back("agent.identifier", "urn:x-local:careplug:issuer:" + issuer + "|" + subject);
        if (!kind.empty()) list.emplace_back("subtype", kind);
        return list;
    }

    // Times as the computer said where it happened; they are instants in UTC, which sort as texts.
    bool fits(const plan::AuditRecord& record) const {
        if (alerts && !plan::raises_alert(record.basis)) return false;
        return (since.empty() || record.when >= since) &&
               (until.empty() || record.when.substr(0, until.size()) <= until);
    }
};

Wanted read_wanted(const Arguments& arguments) {
    Wanted wanted;
    if (const auto file = arguments.value("--patient")) {
        const auto number = plan::parse_nhs_number(first_line(*file, "NHS number"));
        if (!number.valid()) throw UsageError("What was given as the NHS number is none.");
        wanted.patient = number.digits;
    }
    if (const auto person = arguments.value("--person")) {
        const auto slash = person->find('/');
        if (slash == std::string::npos || slash == 0 || slash + 1 == person->size())
            throw UsageError("--person takes HOST/USER, as the list names people: for example gp/piwobi.");
        wanted.issuer = person->substr(0, slash);
        wanted.subject = person->substr(slash + 1);
    }
    wanted.kind = arguments.value("--kind").value_or("");
    if (!wanted.kind.empty() && !plan::known_audit_kind(wanted.kind))
        throw UsageError(
            "--kind takes board, open, read, reveal, edit, submit, flag, break-glass, audit or log-broken.");
    wanted.since = arguments.value("--since").value_or("");
    wanted.until = arguments.value("--until").value_or("");
    for (const std::string* time : {&wanted.since, &wanted.until})
        if (!time->empty() && (time->size() < 10 || (*time)[4] != '-' || (*time)[7] != '-'))
            throw UsageError("Times are written as 2026-11-21 or 2026-11-21T14:02:11Z.");
    wanted.alerts = arguments.has("--alerts");
    return wanted;
}

std::string about(const plan::AuditRecord& record) {
    std::string text;
    for (const std::string* part : {&record.basis, &record.reason, &record.detail})
        if (!part->empty()) text += (text.empty() ? "" : "; ") + *part;
    return text;
}

void print_table(const std::vector<plan::AuditRecord>& records) {
    std::vector<std::vector<std::string>> rows{{"when", "person", "name", "kind", "patient", "about", "at"}};
    for (const auto& each : records)
        rows.push_back({each.when, each.actor.issuer + "/" + each.actor.subject, each.actor.words(),
                        each.kind,
                        each.patients.size() == 1 ? each.patients.front()
                                                  : std::to_string(each.patients.size()) + " people",
                        about(each), each.site});
    std::vector<std::size_t> widths(rows.front().size());
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i)
            line += row[i] + (i + 1 == row.size() ? "" : std::string(widths[i] - row[i].size() + 2, ' '));
        std::cout << line << "\n";
    }
    std::cout << records.size() << " events\n";
}

json json_of(const ChainVerdict& verdict) {
    return {{"whole", verdict.whole()},
            {"length", verdict.length},
            {"head", std::to_string(verdict.length) + ":" + verdict.head},
            {"faults", verdict.faults},
            {"notices", verdict.notices}};
}

void print(const ChainVerdict& verdict) {
    for (const auto& fault : verdict.faults) std::cout << fault << "\n";
    for (const auto& notice : verdict.notices) std::cout << notice << "\n";
    if (verdict.whole())
        std::cout << "The chain is whole: " << verdict.length
                  << " events. Note down for the next time: --expect " << verdict.length << ":"
                  << verdict.head << "\n";
}

}  // namespace

int audit_command(const std::vector<std::string>& words) {
    const Arguments arguments(words,
                              {"--exchange", "--token", "--authority", "--patient", "--person", "--kind",
                               "--since", "--until", "--expect"},
                              {"--alerts", "--verify", "--json"});
    if (!arguments.rest().empty())
        throw UsageError("careplug audit takes no " + arguments.rest().front() +
                         ": an NHS number is given in a file or on standard input, with --patient.");
    const auto exchange = arguments.value("--exchange");
    const auto token = arguments.value("--token");
    if (!exchange || !token) throw UsageError("--exchange and --token are needed: see careplug help.");
    const bool verify = arguments.has("--verify") || arguments.has("--expect");
    const Wanted wanted = read_wanted(arguments);
    try {
        AuditReader reader(*exchange, first_line(*token, "token"),
                           arguments.value("--authority").value_or(""));
        if (verify) {
            const ChainVerdict verdict = verify_chain(reader.all(), arguments.value("--expect").value_or(""));
            if (arguments.has("--json"))
                std::cout << json_of(verdict).dump(2) << "\n";
            else
                print(verdict);
            return verdict.whole() ? 0 : 1;
        }
        std::vector<plan::AuditRecord> records;
        json list = json::array();
        for (const json& event : reader.found(wanted.parameters())) {
            const auto record = plan::fhir::read_audit_event(event);
            if (!wanted.fits(record)) continue;
            list.push_back(event);
            records.push_back(record);
        }
        if (arguments.has("--json"))
            std::cout << list.dump(2) << "\n";
        else
            print_table(records);
        return 0;
    } catch (const AuditUnreadable& problem) {
        std::cerr << "careplug: " << problem.what() << "\n";
    } catch (const std::invalid_argument& problem) {
        std::cerr << "careplug: An event cannot be read: run with --verify. " << problem.what() << "\n";
    }
    return 2;
}

}  // namespace careplug::tools
