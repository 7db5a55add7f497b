// The exchange against raw SQLite: the same bytes, in the same run, on the same disk.
#include <careplug/plan/fhir.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "bench/figures.h"
#include "bench/floors.h"
#include "bench/people.h"

namespace careplug::bench {

namespace {

plan::DataSet urgent_care_plan() {
    std::ifstream file(std::string(CAREPLUG_SOURCE_DIR) + "/sdk/plan/datasets/urgent-care-plan.json");
    std::stringstream text;
    text << file.rdbuf();
    return plan::read_data_set(text.str());
}

void require(const test::Reply& reply, const char* what) {
    if (reply.status >= 300)
        throw std::runtime_error(std::string(what) + ": " + std::to_string(reply.status) + " " + reply.body);
}

std::string uuid(unsigned n) {
    char text[40];
    std::snprintf(text, sizeof text, "00000000-0000-4000-8000-%012u", n);
    return text;
}

// Publishes the next revision of one plan over HTTP, as an engine does.
class Publisher {
public:
    Publisher(test::HttpClient& client, plan::DataSet data_set)
        : client_(client), data_set_(std::move(data_set)), subject_() {
        subject_.nhs_number = nhs_number(0);
        subject_.family = "Test";
        subject_.given = "Patient";
        subject_.birth_date = "1944-06-19";
        nlohmann::json items = test::core_answers();
        for (const auto& [link_id, text] :
             std::map<std::string, std::string>{{"dem.family", "Test"},
                                                {"dem.given", "Patient"},
                                                {"dem.nhs", subject_.nhs_number},
                                                {"dem.address", "1 Test Lane"},
                                                {"ppl.gp", "Dr T. Ester"}})
            items.push_back(test::worded(link_id, text));
        items.push_back(test::coded("dem.nhs_status", "01",
                                    "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus",
                                    "Number present and verified"));
        items.push_back(test::coded("alg.state", "no-known-allergies", plan::fhir::local_system,
                                    "No known allergies (asserted)"));
        items.push_back(
            {{"linkId", "ppl.practice"}, {"item", {test::worded("ppl.practice.name", "Surgery")}}});
        for (const auto& [link_id, date] : std::map<std::string, std::string>{
                 {"dem.dob", "1944-06-19"}, {"con.date", "2026-11-20"}, {"meta.review", "2099-01-01"}})
            items.push_back({{"linkId", link_id}, {"answer", {{{"valueDate", date}}}}});
        answers_ =
            plan::fhir::read_answers(data_set_, {{"resourceType", "QuestionnaireResponse"}, {"item", items}});
    }

    // What the next publish sends.
    nlohmann::json next() {
        plan::fhir::Revision revision;
        revision.id = uuid(++count_);
        revision.plan_id = uuid(0);
        revision.author = {"test", "bench", "Dr T. Ester", "gp", true, "Y90001", "Alder Lane Surgery"};
        revision.authored = "2026-11-20T10:00:00Z";
        revision.answers = answers_;
        revision.answers.set("tep.text", "Guidance " + std::to_string(count_));
        return plan::fhir::publish_transaction(data_set_, revision, subject_, before_ ? &*before_ : nullptr,
                                               "2026-11-20");
    }

    void read_back() {
        const test::Reply reply = client_.get("/CarePlan/" + uuid(0));
        require(reply, "read of the plan");
        before_ = plan::fhir::read_plan(data_set_, reply.json());
        before_->etag = reply.header("etag");
        subject_.reference = before_->patient_reference;
    }

private:
    test::HttpClient& client_;
    plan::DataSet data_set_;
    plan::fhir::Subject subject_;
    plan::Answers answers_;
    std::optional<plan::Plan> before_;
    unsigned count_ = 0;
};

}  // namespace

void exchange_requests(Report& report) {
    const test::TemporaryFolder folder;
    test::Exchange exchange(folder / "x");
    test::TokenSigner signer("bench");
    signer.trust_in(exchange.trust());
    test::HttpClient client(exchange.url());
    client.always = {{"Authorization", signer.bearer("gp", true)}};
    RawSqlite floor(folder / "floor.db");

    Publisher publisher(client, urgent_care_plan());
    std::vector<double> publishes;
    std::string body;
    for (int run = 0; run < 100; ++run) {
        const nlohmann::json transaction = publisher.next();
        body = transaction.dump();
        const auto start = std::chrono::steady_clock::now();
        require(client.request("POST", "", {{"Content-Type", "application/fhir+json"}}, body), "publish");
        publishes.push_back(
            std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
        publisher.read_back();
    }
    const Distribution commit = measure(100, 1, [&] { floor.commit(body); });
    report.add({"exchange: publish transaction", distribution(publishes), "a raw SQLite commit, same bytes",
                commit, "ratio <= 2"});
    report.add({"exchange: read of a plan",
                measure(300, 1, [&] { require(client.get("/CarePlan/" + uuid(0)), "read"); }),
                "a raw SQLite read, same bytes", measure(300, 1, [&] { floor.read(); }), ""});
}

}  // namespace careplug::bench
