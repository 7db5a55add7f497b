// careplug-exchange extract, on plans as a practice publishes them: an attempt to find a person again.
#include <careplug/plan/fhir.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "../unit/plan_fixture.h"
#include "exchange_fixture.h"

using namespace exchange_test;
namespace plan = careplug::plan;
using plan_test::option;
using plan_test::urgent_care_plan;

namespace {

struct Seeded {
    int permitted = 0;
    std::map<std::string, int> decisions;  // of those who are to be counted
    std::vector<std::string> secrets;
};

constexpr int people = 44;

void publish(HttpClient& gp, int n, Seeded& seeded) {
    auto answers = plan_test::complete_answers();
    const std::string number = nhs_number(n);
    answers.set("dem.nhs", number);
    const std::string family = "Familyname" + std::to_string(n);
    answers.set("dem.family", family);
    answers.set("cpr.reason", "reason of " + family);
    answers.set("pref.matters", "matters to " + family);
    const std::string born = std::to_string(1925 + n) + "-03-0" + std::to_string(1 + n % 9);
    answers.set("dem.dob", plan::Date{born});
    const bool permits = n % 11 != 0;
    if (n % 22 != 0)
        answers.set("con.research",
                    option(urgent_care_plan(), "con.research", permits ? "permitted" : "not-permitted"));
    const bool rare = n < 4;
    if (rare) answers.set("leg.capacity", urgent_care_plan().find("leg.capacity")->options.back().coding);
    const plan::fhir::Revision revision{uuid(n + 1000), uuid(n), actor(), "2026-11-20T10:00:00Z", answers};
    const plan::fhir::Subject subject{number,   family, "Given" + std::to_string(n), born, "female",
                                      "4 Lane", ""};
    const auto reply = post(
        gp, plan::fhir::publish_transaction(urgent_care_plan(), revision, subject, nullptr, "2026-11-21"));
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    for (const auto& secret : {number, family, born, "Given" + std::to_string(n), uuid(n), uuid(n + 1000)})
        seeded.secrets.push_back(secret);
    const bool suspended = n % 10 == 5;
    if (suspended) {
        const auto header = plan::fhir::read_plan(urgent_care_plan(), gp.get("/CarePlan/" + uuid(n)).json());
        REQUIRE(
            post(gp, plan::fhir::status_transaction(urgent_care_plan(), header,
                                                    {plan::PlanAct::suspend, actor(), "2026-11-21T09:00:00Z",
                                                     "2026-11-21", "", "2026-11-21"}))
                .status == 200);
    }
    if (permits && !suspended) ++seeded.permitted;
}

struct Row {
    std::string question, answer, persons;
};

std::vector<Row> rows_of(const std::string& csv) {
    static const std::regex line(R"re(([^,]+),"((?:[^"]|"")*)",(?:"((?:[^"]|"")*)")?,(\*|[0-9]+))re");
    std::vector<Row> rows;
    std::istringstream lines(csv);
    for (std::string text; std::getline(lines, text);) {
        std::smatch found;
        if (std::regex_match(text, found, line)) rows.push_back({found[1], found[3], found[4]});
    }
    return rows;
}

std::string extract(const std::filesystem::path& folder, const std::string& more = "") {
    const auto out = folder / "extract.csv";
    std::filesystem::remove(out);
    const std::string command = std::string(CAREPLUG_BUILD_DIR) + "/bin/careplug-exchange extract --data " +
                                (folder / "exchange").string() + " --datasets " + CAREPLUG_SOURCE_DIR +
                                "/sdk/plan/datasets --out " + out.string() + more + " 2> " +
                                (folder / "extract.error").string();
    if (std::system(command.c_str()) != 0) {
        std::ifstream refusal(folder / "extract.error");
        UNSCOPED_INFO(std::string(std::istreambuf_iterator<char>(refusal), {}));
        return {};
    }
    std::ifstream file(out);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("H18: nobody is found again in an extract of real plans, and only who permitted it is counted") {
    Running running;
    auto gp = running.client();
    Seeded seeded;
    for (int n = 1; n <= people; ++n) publish(gp, n, seeded);
    // Of a folder that an exchange uses nothing is read beside it.
    CHECK(extract(running.folder.path()).empty());
    running.exchange.stop();
    const std::string csv = extract(running.folder.path());
    INFO(csv);
    REQUIRE_FALSE(csv.empty());
    for (const auto& secret : seeded.secrets) {
        INFO(secret);
        CHECK(csv.find(secret) == std::string::npos);
    }
    CHECK_FALSE(std::regex_search(csv, std::regex("[0-9]{4}-[0-9]{2}-[0-9]{2}")));
    CHECK_FALSE(std::regex_search(csv, std::regex("[0-9]{8,}")));

    const auto rows = rows_of(csv);
    REQUIRE(rows.size() > 20);
    const int total = std::stoi(rows.front().persons);
    CHECK(std::abs(total - seeded.permitted) <= 2);
    std::map<std::string, std::pair<int, int>> tables;  // shown, hidden cells
    for (const auto& row : rows) {
        if (row.question == "total") continue;
        auto& [shown, hidden] = tables[row.question];
        if (row.persons == "*") {
            ++hidden;
            continue;
        }
        CHECK(std::stoi(row.persons) >= 10);
        CHECK(std::stoi(row.persons) % 5 == 0);
        shown += std::stoi(row.persons);
    }
    for (const auto& [question, cells] : tables) {
        INFO(question);
        CHECK(cells.second != 1);
    }
    // Three rare answers are not to be had from the rest.
    CHECK(tables.at("leg.capacity").second >= 2);
}

TEST_CASE("H18: an extract asks for a threshold that hides, and writes over nothing") {
    Running running;
    auto gp = running.client();
    Seeded seeded;
    publish(gp, 1, seeded);
    running.exchange.stop();
    CHECK(extract(running.folder.path(), " --smallest 2").empty());
    const std::string csv = extract(running.folder.path());
    CHECK(csv.find("total,\"All persons counted\",,*") != std::string::npos);
    for (const auto& row : rows_of(csv)) CHECK(row.persons == "*");
}
