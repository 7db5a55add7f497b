// The exchange against raw SQLite: the same bytes, in the same run, on the same disk.
#include <careplug/plan/audit.h>
#include <careplug/plan/fhir.h>
#include <careplug/plan/relationship.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <thread>

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
        return plan::fhir::publish_transaction(data_set_, revision(uuid(++count_)), subject_,
                                               before_ ? &*before_ : nullptr, "2026-11-20");
    }

    // What the next save of a draft sends, once the plan was read back.
    nlohmann::json draft(const std::string& id, const std::string& author) {
        ++count_;
        plan::fhir::Revision one = revision(id);
        one.author.subject = author;
        one.status = plan::RevisionStatus::draft;
        return plan::fhir::write_revision(data_set_, one, subject_);
    }

    void read_back() {
        const test::Reply reply = client_.get("/CarePlan/" + uuid(0));
        require(reply, "read of the plan");
        before_ = plan::fhir::read_plan(data_set_, reply.json());
        before_->etag = reply.header("etag");
        subject_.reference = before_->patient_reference;
    }

private:
    plan::fhir::Revision revision(const std::string& id) const {
        plan::fhir::Revision revision;
        revision.id = id;
        revision.plan_id = uuid(0);
        revision.author = {"test", "bench", "Dr T. Ester", "gp", true, "Y90001", "Alder Lane Surgery"};
        revision.authored = "2026-11-20T10:00:00Z";
        revision.answers = answers_;
        revision.answers.set("tep.text", "Guidance " + std::to_string(count_));
        return revision;
    }

    test::HttpClient& client_;
    plan::DataSet data_set_;
    plan::fhir::Subject subject_;
    plan::Answers answers_;
    std::optional<plan::Plan> before_;
    unsigned count_ = 0;
};

// One person who saves one draft again and again.
class DraftAuthor {
public:
    DraftAuthor(const std::string& url, const test::TokenSigner& signer, unsigned n)
        : id_(uuid(900'000 + n)), name_("author-" + std::to_string(n)), client_(url) {
        client_.always = {{"Authorization", signer.bearer("gp", true, name_)},
                          {"Content-Type", "application/fhir+json"}};
    }

    void prepare(Publisher& publisher, std::size_t saves) {
        bodies_.clear();
        for (std::size_t i = 0; i < saves; ++i) bodies_.push_back(publisher.draft(id_, name_).dump());
    }
    const std::string& body(std::size_t n) const { return bodies_.at(n); }

    void save(std::size_t n) {
        test::Headers headers;
        if (!etag_.empty()) headers["If-Match"] = etag_;
        const auto reply = client_.request("PUT", "/QuestionnaireResponse/" + id_, headers, bodies_.at(n));
        require(reply, "save of a draft");
        etag_ = reply.header("etag");
    }

private:
    std::string id_;
    std::string name_;
    test::HttpClient client_;
    std::string etag_;
    std::vector<std::string> bodies_;
};

// The exchange takes a plan from who said why they open the record.
void open_record(test::HttpClient& client, const std::string& nhs_number) {
    plan::AuditRecord record;
    record.kind = plan::audit_kind::open;
    record.when = "2026-11-20T10:00:00Z";
    record.actor.issuer = "bench";
    record.actor.subject = "test";
    record.patients = {nhs_number};
    record.basis = plan::basis::registered;
    require(client.request("POST", "/AuditEvent", {{"Content-Type", "application/fhir+json"}},
                           plan::fhir::write_audit_event(record).dump()),
            "opening of the record");
}

double microseconds(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
}

// Each save beside a raw commit, so that both see the same disk.
void draft_saves(Report& report, DraftAuthor& author, Publisher& publisher, RawSqlite& floor) {
    constexpr std::size_t saves = 400;
    std::vector<double> measured, commits;
    author.prepare(publisher, saves);
    for (std::size_t i = 0; i < saves; ++i) {
        measured.push_back(microseconds([&] { author.save(i); }));
        commits.push_back(microseconds([&] { floor.commit(author.body(i)); }));
    }
    report.add({"exchange: save of a draft", distribution(measured), "a raw SQLite commit, same bytes",
                distribution(commits), "ratio <= 2"});
}

// The time of the wall for each save where four people save at once: 1000000 divided by it is the rate.
void saves_at_once(Report& report, std::vector<DraftAuthor>& authors, Publisher& publisher,
                   RawSqlite& floor) {
    constexpr std::size_t rounds = 12, saves = 40;
    const auto all = static_cast<double>(saves * authors.size());
    std::vector<double> measured, commits;
    for (std::size_t round = 0; round < rounds; ++round) {
        for (auto& author : authors) author.prepare(publisher, saves);
        std::vector<std::exception_ptr> problems(authors.size());
        measured.push_back(microseconds([&] {
                               std::vector<std::thread> threads;
                               for (std::size_t a = 0; a < authors.size(); ++a)
                                   threads.emplace_back([&, a] {
                                       try {
                                           for (std::size_t i = 0; i < saves; ++i) authors[a].save(i);
                                       } catch (...) {
                                           problems[a] = std::current_exception();
                                       }
                                   });
                               for (auto& thread : threads) thread.join();
                           }) /
                           all);
        for (const auto& problem : problems)
            if (problem) std::rethrow_exception(problem);
        commits.push_back(microseconds([&] {
                              for (const auto& author : authors)
                                  for (std::size_t i = 0; i < saves; ++i) floor.commit(author.body(i));
                          }) /
                          all);
    }
    report.add({"exchange: each of saves by 4 clients", distribution(measured),
                "each raw commit of one writer", distribution(commits), "ratio <= 2"});
}

}  // namespace

void exchange_requests(Report& report) {
    const test::TemporaryFolder folder;
    test::Exchange exchange(folder / "x");
    test::TokenSigner signer("bench");
    signer.trust_in(exchange.trust());
    test::HttpClient client(exchange.url());
    client.always = {{"Authorization", signer.bearer("gp", true)}};
    RawSqlite floor(folder / "floor.db");

    open_record(client, nhs_number(0));
    Publisher publisher(client, urgent_care_plan());
    std::vector<double> publishes, commits;
    std::string body;
    for (int run = 0; run < 100; ++run) {
        const nlohmann::json transaction = publisher.next();
        body = transaction.dump();
        publishes.push_back(microseconds([&] {
            require(client.request("POST", "", {{"Content-Type", "application/fhir+json"}}, body), "publish");
        }));
        commits.push_back(microseconds([&] { floor.commit(body); }));
        publisher.read_back();
    }
    report.add({"exchange: publish transaction", distribution(publishes), "a raw SQLite commit, same bytes",
                distribution(commits), "ratio <= 2"});
    report.add({"exchange: read of a plan",
                measure(300, 1, [&] { require(client.get("/CarePlan/" + uuid(0)), "read"); }),
                "a raw SQLite read, same bytes", measure(300, 1, [&] { floor.read(); }), ""});

    std::vector<DraftAuthor> authors;
    for (unsigned n = 0; n < 4; ++n) authors.emplace_back(exchange.url(), signer, n);
    draft_saves(report, authors[0], publisher, floor);
    saves_at_once(report, authors, publisher, floor);
}

}  // namespace careplug::bench
