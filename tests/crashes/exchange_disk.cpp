#include "crashes/exchange_disk.h"

#include <sqlite3.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

namespace careplug::test {
namespace {

using nlohmann::json;

Answers answers_of(const json& response) {
    Answers found{};
    const std::function<void(const json&)> read = [&](const json& items) {
        for (const auto& item : items) {
            for (std::size_t at = 0; at < questions.size(); ++at)
                if (item.value("linkId", std::string()) == questions[at] && item.contains("answer"))
                    found[at] = std::stol(item.at("answer").at(0).value("valueString", std::string("0")));
            if (item.contains("item")) read(item.at("item"));
        }
    };
    read(response.value("item", json::array()));
    return found;
}

std::int64_t plan_revision(const json& care_plan) {
    for (const auto& extension : care_plan.value("extension", json::array()))
        if (extension.value("url", std::string()) == "urn:x-local:careplug:plan-revision")
            return extension.at("valueInteger");
    return -1;
}

std::string text(sqlite3_stmt* row, int column) {
    const auto* bytes = sqlite3_column_blob(row, column);
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(row, column))};
}

}  // namespace

void ExchangeDisk::look_at(const std::string& type, const std::string& id, std::int64_t version,
                           const json& body) {
    const std::string name = type + "/" + id;
    const std::string of_version = name + "/_history/" + std::to_string(version);
    ++versions_;
    if (type == "Provenance") {
        for (const auto& target : body.at("target")) ++explained_[target.at("reference")];
    } else if (type == "QuestionnaireResponse") {
        status_[name] = body.at("status");
        if (body.at("status") == "completed") answers_[name] = answers_of(body);
    } else if (type == "CarePlan") {
        Plan& plan = known_plans_[name];
        if (version == 1) {
            ++plans_;
            plan.nhs_number = body.at("subject").at("identifier").at("value");
        }
        const std::string points_to = body.at("supportingInfo").at(0).at("reference");
        const std::int64_t revision = plan_revision(body);
        if (revision != plan.revision + 1)
            wrong_.push_back(of_version + " is revision " + std::to_string(revision) + " after " +
                             std::to_string(plan.revision));
        if (version != plan.version + 1) wrong_.push_back(of_version + " follows no version before it");
        plan.points_to = points_to;
        plan.revision = revision;
        plan.version = version;
        pointed_[of_version] = points_to;
        in_order_.emplace_back(name, points_to);
        ++revisions_;
    }
}

std::vector<std::string> ExchangeDisk::look() {
    sqlite3* opened = nullptr;
    const int failed = sqlite3_open_v2(database_.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
    const std::unique_ptr<sqlite3, int (*)(sqlite3*)> database(opened, sqlite3_close);
    if (failed != SQLITE_OK) throw std::runtime_error("the exchange's database cannot be opened");
    sqlite3_busy_timeout(opened, 10000);
    const auto each = [&](const std::string& sql, const std::function<void(sqlite3_stmt*)>& use) {
        sqlite3_stmt* prepared = nullptr;
        sqlite3_prepare_v2(opened, sql.c_str(), -1, &prepared, nullptr);
        const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(prepared, sqlite3_finalize);
        int step = 0;
        while ((step = sqlite3_step(prepared)) == SQLITE_ROW) use(prepared);
        if (step != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(opened));
    };
    wrong_.clear();
    each("PRAGMA quick_check", [&](sqlite3_stmt* row) {
        if (text(row, 0) != "ok") wrong_.push_back("the database: " + text(row, 0));
    });
    const std::size_t before = in_order_.size();
    each("SELECT number, type, id, version, body FROM change WHERE number > " + std::to_string(seen_) +
             " ORDER BY number",
         [&](sqlite3_stmt* row) {
             seen_ = sqlite3_column_int64(row, 0);
             const std::string type = text(row, 1);
             const std::string id = text(row, 2);
             try {
                 look_at(type, id, sqlite3_column_int64(row, 3), json::parse(text(row, 4)));
             } catch (const json::exception& problem) {
                 wrong_.push_back(type + "/" + id + " cannot be read: " + problem.what());
             }
         });
    // Provenance and revision come with the plan in one transaction, in any order.
    std::map<std::string, std::set<Answers>> said;
    for (std::size_t at = 0; at < in_order_.size(); ++at) {
        const auto& [plan, revision] = in_order_[at];
        if (status_[revision] != "completed")
            wrong_.push_back(plan + " points to " + revision + ", which is not complete");
        if (!said[plan].insert(answers_[revision]).second)
            wrong_.push_back(plan + " has the same answers twice: " + revision);
        if (at >= before && answers_[revision] == Answers{}) wrong_.push_back(revision + " has no answers");
    }
    std::map<std::string, int> completed;
    for (const auto& [plan, revision] : in_order_) ++completed[revision];
    for (const auto& [revision, answers] : answers_)
        if (completed[revision] != 1)
            wrong_.push_back(revision + " is complete and was published " +
                             std::to_string(completed[revision]) + " times");
    for (const auto& [version, revision] : pointed_)
        if (explained_[version] != 1)
            wrong_.push_back(std::to_string(explained_[version]) + " Provenances name " + version);
    return wrong_;
}

std::vector<Answers> ExchangeDisk::published(const std::string& nhs_number) const {
    std::vector<Answers> found;
    for (const auto& [plan, revision] : in_order_)
        if (known_plans_.at(plan).nhs_number == nhs_number) found.push_back(answers_.at(revision));
    return found;
}

}  // namespace careplug::test
