#include "seeding.h"

#include <assertion.h>
#include <careplug/plan/audit.h>
#include <careplug/plan/relationship.h>
#include <own_page_users.h>
#include <plans.h>

#include <ctime>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

namespace careplug::sim {
namespace {

using nlohmann::json;

constexpr const char* audience = "careplug-exchange";
constexpr int token_seconds = 600;
constexpr std::size_t batch_size = 50;

plan::DataSet read_data_set_file(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) throw std::runtime_error("The data set " + path.string() + " is missing: build again.");
    return plan::read_data_set(text.str());
}

std::string today() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[11] = {};
    std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
    return text;
}

User user_of(const plan::Actor& actor) {
    return {actor.subject,
            actor.name,
            actor.role,
            plan::role_words(actor.role),
            actor.senior,
            actor.organisation,
            actor.organisation_name,
            actor.person};
}

json patient_entry(const Person& person) {
    const json patient{
        {"resourceType", "Patient"},
        {"identifier",
         json::array({{{"system", "https://fhir.nhs.uk/Id/nhs-number"}, {"value", person.nhs_number}}})},
        {"name",
         json::array(
             {{{"use", "official"}, {"family", person.family}, {"given", json::array({person.given})}}})},
        {"gender", person.sex},
        {"birthDate", person.birth_date}};
    return {{"resource", patient},
            {"request",
             {{"method", "POST"},
              {"url", "Patient"},
              {"ifNoneExist", "identifier=https://fhir.nhs.uk/Id/nhs-number|" + person.nhs_number}}}};
}

void create_patients(const ExchangeClient& exchange, const Population& population, const std::string& token) {
    json entries = json::array();
    const auto post = [&] {
        if (!entries.empty())
            exchange.post_bundle({{"resourceType", "Bundle"}, {"type", "batch"}, {"entry", entries}}, token);
        entries = json::array();
    };
    for (const Person& person : population.people) {
        if (!person.nhs_number.empty()) entries.push_back(patient_entry(person));
        if (entries.size() == batch_size) post();
    }
    post();
}

// Who acts for a patient does so by an authority that the practice recorded.
void record_authority(const ExchangeClient& exchange, const Population& population,
                      const std::string& token) {
    for (const User& user : own_page_users(population)) {
        if (user.role != "proxy") continue;
        const std::string id = "authority-" + user.id;
        if (exchange.exists("/RelatedPerson/" + id, token)) continue;
        const json found =
            exchange.read("/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|" + user.nhs_number, token);
        const json entries = found.value("entry", json::array());
        if (entries.empty()) continue;
        const json related{
            {"resourceType", "RelatedPerson"},
            {"id", id},
            {"identifier",
             json::array({{{"system", "urn:x-local:careplug:issuer:patient"}, {"value", user.id}}})},
            {"active", true},
            {"patient",
             {{"reference", "Patient/" + entries[0]["resource"]["id"].get<std::string>()},
              {"identifier", {{"system", "https://fhir.nhs.uk/Id/nhs-number"}, {"value", user.nhs_number}}}}},
            {"relationship",
             json::array(
                 {{{"coding", json::array({{{"system", "http://terminology.hl7.org/CodeSystem/v3-RoleCode"},
                                            {"code", "HPOWATT"},
                                            {"display", "healthcare power of attorney"}}})}}})},
            {"name", json::array({{{"text", user.name}}})}};
        exchange.post_bundle(
            {{"resourceType", "Bundle"},
             {"type", "transaction"},
             {"entry", json::array({{{"resource", related},
                                     {"request", {{"method", "PUT"}, {"url", "RelatedPerson/" + id}}}}})}},
            token);
    }
}

// The exchange takes plans from those alone who said why they open the record.
void open_all(const ExchangeClient& exchange, const Population& population, const plan::DataSet& data_set,
              const plan::Actor& author, const std::string& token) {
    constexpr std::size_t most_patients = 1000;
    plan::AuditRecord record;
    record.kind = plan::audit_kind::open;
    record.when = today() + "T00:00:00Z";
    record.actor = author;
    record.detail = "the simulator's first plans";
    const auto bases = plan::bases_of(data_set, author);
    if (!bases.empty()) record.basis = bases.front();
    const auto post = [&] {
        if (!record.patients.empty()) exchange.post_audit(plan::fhir::write_audit_event(record), token);
        record.patients.clear();
    };
    for (std::size_t index = 0; index < population.people.size(); ++index) {
        if (!population.has_plan[index]) continue;
        record.patients.push_back(population.people[index].nhs_number);
        if (record.patients.size() == most_patients) post();
    }
    post();
}

using TokenFor = std::function<const std::string&(const plan::Actor&)>;

// What became of a plan since it was published; nothing where that is there already.
void settle(const ExchangeClient& exchange, const plan::DataSet& data_set, const SeedPlan& seed,
            const std::string& date, const std::string& token, const TokenFor& token_for) {
    if (seed.submission) {
        const std::string& signs = token_for(seed.submission->author);
        if (exchange.exists("/QuestionnaireResponse/" + seed.submission->id, signs)) return;
        plan::fhir::Subject subject = seed.subject;
        subject.reference =
            plan::fhir::read_plan(data_set, exchange.read("/CarePlan/" + seed.revision.plan_id, token))
                .patient_reference;
        exchange.post_bundle(plan::fhir::submit_transaction(data_set, *seed.submission, subject), signs);
    }
    if (!seed.act) return;
    const plan::Plan now =
        plan::fhir::read_plan(data_set, exchange.read("/CarePlan/" + seed.revision.plan_id, token));
    // Somebody may have reopened it since: it is changed once, when it is new.
    if (now.etag != "W/\"1\"") return;
    exchange.post_bundle(
        plan::fhir::status_transaction(
            data_set, now, {*seed.act, seed.revision.author, date + "T00:00:00Z", date, "", date}),
        token);
}

}  // namespace

void seed_exchange(const ExchangeClient& exchange, const Population& population, std::uint64_t seed,
                   const std::filesystem::path& datasets, const std::filesystem::path& signing_key,
                   const std::function<void(std::size_t, std::size_t)>& progress) {
    const plan::DataSet data_set = read_data_set_file(datasets / "urgent-care-plan.json");
    const SigningKey key{signing_key.string(), "sim"};
    std::map<std::string, std::string> tokens;
    const auto token_for = [&](const plan::Actor& actor) -> const std::string& {
        std::string& token = tokens[actor.subject];
        if (token.empty()) {
            token = sign_assertion(key, user_of(actor), audience, token_seconds);
            open_all(exchange, population, data_set, actor, token);
        }
        return token;
    };
    const plan::Actor gp{"piwobi", "sim", "Dr P. Iwobi", "gp", true, "Y90001", "Alder Lane Surgery"};
    create_patients(exchange, population, token_for(gp));
    const std::string date = today();
    std::size_t all = 0;
    for (const bool has : population.has_plan) all += has ? 1 : 0;
    std::size_t done = 0;
    for (std::size_t index = 0; index < population.people.size(); ++index) {
        if (!population.has_plan[index]) continue;
        const SeedPlan plan = make_plan(population, index, seed, data_set, date);
        const std::string& token = token_for(plan.revision.author);
        if (!exchange.exists("/CarePlan/" + plan.revision.plan_id, token))
            exchange.post_bundle(
                plan::fhir::publish_transaction(data_set, plan.revision, plan.subject, nullptr, date), token);
        if (plan.act || plan.submission) settle(exchange, data_set, plan, date, token, token_for);
        progress(++done, all);
    }
    record_authority(exchange, population, token_for(gp));
}

}  // namespace careplug::sim
