// The real exchange with a trusted host, and plans to write to it.
#pragma once

#include <careplug/plan/data_set.h>
#include <careplug/plan/role.h>

#include <nlohmann/json.hpp>

#include "services/exchange.h"
#include "support/http.h"
#include "support/process.h"
#include "support/token.h"

namespace exchange_test {

using careplug::test::Headers;
using careplug::test::HttpClient;
using careplug::test::Reply;
using nlohmann::json;

struct Running {
    explicit Running(const std::filesystem::path& program = careplug::test::Exchange::built());
    // Somebody who has said why they open the record of every person of these tests, where the role may.
    HttpClient client(const std::string& role = "gp", bool senior = false,
                      const std::string& subject = "test");
    // Somebody who has opened no record.
    HttpClient stranger(const std::string& role = "gp", bool senior = false,
                        const std::string& subject = "test");
    Headers identity(const std::string& role = "gp", bool senior = false,
                     const std::string& subject = "test");

    careplug::test::TemporaryFolder folder;
    const careplug::test::TokenSigner& signer;
    careplug::test::Exchange exchange;
};

// Number `n` of the 999 test range, with its check digit.
std::string nhs_number(int n);
std::string uuid(int n);

// A contingency plan: the smallest data set of the checkout.
const careplug::plan::DataSet& contingency_plan();
careplug::plan::Answers answers(const std::string& number, const std::string& signs = "Short of breath");
careplug::plan::Actor actor(const std::string& role = "gp", bool senior = false);

struct Publish {
    std::string number;
    std::string plan_id;
    std::string revision_id;
    careplug::plan::Actor author = actor();
    careplug::plan::Answers content;
    std::string patient_reference{};  // empty: the Patient is created
    json before{};                    // the CarePlan read, for a later revision
};
// A first publish of plan `n`, and the next one of a plan that was read.
Publish first(int n, const std::string& signs = "Short of breath");
Publish next(const json& care_plan, const std::string& revision_id, const std::string& signs);
json transaction(const Publish& publish);
// The entry's resource of this type in a transaction.
json& resource_in(json& bundle, const std::string& type);
json& entry_in(json& bundle, const std::string& type);

// Says why this reader opens the record of a person, as an engine does before it reads.
void opens(HttpClient& client, const std::string& number, const std::string& subject = "test",
           const std::string& basis = "registered");
void opens(HttpClient& client, const std::vector<std::string>& numbers, const std::string& subject,
           const std::string& basis);
Reply post(HttpClient& client, const json& bundle);
// Publishes plan `n` and gives its CarePlan as read back.
json published(HttpClient& client, int n);
json patient(const std::string& number, const std::string& family = "Ashe");
std::size_t total(HttpClient& client, const std::string& search);
std::string issue_code(const Reply& reply);
std::string words(const Reply& reply);

}  // namespace exchange_test
