#include "coded_entries.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace careplug::sim {
namespace {

using nlohmann::json;

constexpr const char* snomed = "http://snomed.info/sct";
constexpr const char* filed_entry_system = "urn:x-local:careplug:filed-entry";

json resource_of(const CodedEntry& entry) {
    json resource{
        {"resourceType", "Observation"},
        {"id", entry.id},
        {"status", entry.state == "entered-in-error" ? "entered-in-error" : "final"},
        {"code",
         {{"coding", json::array({{{"system", snomed}, {"code", entry.code}}})}, {"text", entry.text}}},
        {"performer", json::array({{{"display", entry.author}}})}};
    if (!entry.date.empty()) resource["effectivePeriod"]["start"] = entry.date;
    // The day before it was dated, so that it is past whenever it is read.
    if (entry.state == "ended") resource["effectivePeriod"]["end"] = "1900-01-01";
    if (!entry.identifier.empty())
        resource["identifier"] = json::array({{{"system", filed_entry_system}, {"value", entry.identifier}}});
    return resource;
}

}  // namespace

std::string CodedEntries::next_id() {
    return "entry-" + std::to_string(++last_);
}

json CodedEntries::file(const json& request) {
    const json& plan = request.at("plan");
    const std::string source =
        plan.at("title").get<std::string>() + ", revision " + std::to_string(plan.at("revision").get<int>());
    json answer = json::array();
    const std::lock_guard lock(mutex_);
    auto& mine = entries_[request.at("patient").at("nhs_number").get<std::string>()];
    for (const json& given : request.at("entries")) {
        const std::string identifier = given.at("identifier").at("value");
        auto found = std::find_if(mine.begin(), mine.end(),
                                  [&](const CodedEntry& one) { return one.identifier == identifier; });
        if (found == mine.end()) {
            mine.push_back({next_id(), identifier, {}, {}, {}, {}, {}, {}, 0});
            found = mine.end() - 1;
        }
        found->state = given.at("state");
        if (found->state == "active" || found->code.empty()) {
            found->code = given.at("code").at("code");
            found->text = given.at("text");
            found->date = given.at("date");
            found->author = plan.value("author", "");
            found->source = source;
        }
        found->revision = plan.at("revision");
        answer.push_back({{"identifier", identifier}, {"id", found->id}});
    }
    return {{"entries", std::move(answer)}};
}

void CodedEntries::enter(const std::string& nhs_number, CodedEntry entry) {
    const std::lock_guard lock(mutex_);
    entry.id = next_id();
    entries_[nhs_number].push_back(std::move(entry));
}

void CodedEntries::end(const std::string& nhs_number, const std::string& id) {
    const std::lock_guard lock(mutex_);
    for (CodedEntry& entry : entries_[nhs_number])
        if (entry.id == id && entry.identifier.empty()) {
            entry.state = "ended";
            return;
        }
    throw std::out_of_range(
        "This entry is not in the record, or was filed from a plan: change the plan instead.");
}

json CodedEntries::list(const std::string& nhs_number) const {
    json out = json::array();
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(nhs_number);
    if (found == entries_.end()) return out;
    for (const CodedEntry& entry : found->second)
        out.push_back({{"id", entry.id},
                       {"state", entry.state},
                       {"code", entry.code},
                       {"text", entry.text},
                       {"date", entry.date},
                       {"author", entry.author},
                       {"source", entry.source},
                       {"revision", entry.revision},
                       {"filed", !entry.identifier.empty()}});
    return out;
}

std::string CodedEntries::with_entries(const std::string& bundle, const std::string& nhs_number) const {
    json out = json::parse(bundle);
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(nhs_number);
    if (found != entries_.end())
        for (const CodedEntry& entry : found->second)
            out["entry"].push_back({{"resource", resource_of(entry)}});
    return out.dump();
}

}  // namespace careplug::sim
