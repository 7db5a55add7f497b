// Coded entries of the patients' records in this host: what its own staff entered, and what the plan service
// asked to be filed. An entry is ended or marked entered in error, never deleted. They last as long as this
// program.
#pragma once

#include <map>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace careplug::sim {

struct CodedEntry {
    std::string id;
    std::string identifier;        // of the plan service; empty for an entry of this host's staff
    std::string state = "active";  // active, ended, entered-in-error
    std::string code;
    std::string text;
    std::string date;
    std::string author;
    std::string source;  // "Entered here", "Urgent care plan, revision 7"
    int revision = 0;    // of the plan that it was filed from
};

class CodedEntries {
public:
    // Document `file` of docs/abi-documents.md; returns the answer. What has an identifier already is brought
    // up to date. Throws nlohmann::json::exception for what is no such document.
    nlohmann::json file(const nlohmann::json& request);
    void enter(const std::string& nhs_number, CodedEntry entry);
    // Throws std::out_of_range, with a sentence.
    void end(const std::string& nhs_number, const std::string& id);

    nlohmann::json list(const std::string& nhs_number) const;
    // The record's Bundle with these entries in it.
    std::string with_entries(const std::string& bundle, const std::string& nhs_number) const;

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::vector<CodedEntry>> entries_;
    int last_ = 0;
    std::string next_id();
};

}  // namespace careplug::sim
