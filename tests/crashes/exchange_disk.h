// What lies on the exchange's disk, read past the exchange: every version of every resource.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "crashes/author.h"

namespace careplug::test {

class ExchangeDisk {
public:
    explicit ExchangeDisk(std::filesystem::path database) : database_(std::move(database)) {}

    // What is wrong with what came since the last look; empty where every plan is whole: its revision is
    // there, complete and once, and one Provenance names each version.
    std::vector<std::string> look();
    // Of this person, each published revision's answers by when it was written.
    std::vector<Answers> published(const std::string& nhs_number) const;
    std::size_t plans() const { return plans_; }
    std::size_t revisions() const { return revisions_; }
    std::size_t versions() const { return versions_; }

private:
    void look_at(const std::string& type, const std::string& id, std::int64_t version,
                 const nlohmann::json& body);

    const std::filesystem::path database_;
    std::int64_t seen_ = 0;
    struct Plan {
        std::string nhs_number;
        std::string points_to;
        std::int64_t revision = 0;
        std::int64_t version = 0;
    };
    std::map<std::string, Plan> known_plans_;
    std::map<std::string, std::string> pointed_;  // CarePlan version: revision that it points to
    std::map<std::string, int> explained_;        // version: how many Provenances name it
    std::map<std::string, std::string> status_;   // of a revision now
    std::map<std::string, Answers> answers_;      // of a completed revision
    std::vector<std::pair<std::string, std::string>> in_order_;  // plan and revision
    std::vector<std::string> wrong_;
    std::size_t plans_ = 0;
    std::size_t revisions_ = 0;
    std::size_t versions_ = 0;
};

}  // namespace careplug::test
