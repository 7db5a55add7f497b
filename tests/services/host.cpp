#include "services/host.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <random>
#include <stdexcept>

namespace careplug::test {

namespace {

std::string take(careplug_handle handle) {
    if (handle == 0) return {};
    const char* data = nullptr;
    std::uint64_t length = 0;
    careplug_result(handle, &data, &length);
    std::string text(data, length);
    careplug_release(handle);
    return text;
}

// At once: hosts that share the file may start together.
void write_whole(const std::string& file, const std::string& text) {
    const std::string part = file + "." + std::to_string(::getpid());
    std::ofstream(part) << text;
    std::filesystem::rename(part, file);
}

void write_key(const std::filesystem::path& file) {
    if (std::filesystem::exists(file)) return;
    std::random_device random;
    std::string bytes(32, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    std::ofstream(file, std::ios::binary) << bytes;
    std::filesystem::permissions(file,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

}  // namespace

std::string built_plugins() {
    return std::filesystem::canonical(CAREPLUG_BUILD_DIR).string() + "/plugins";
}

std::string development_trust(const std::filesystem::path& folder, const std::string& plugins) {
    const std::filesystem::path trust = folder / "plugin-trust";
    std::filesystem::create_directories(trust);
    write_whole((trust / "development.json").string(), nlohmann::json{{"folders", {plugins}}}.dump());
    return trust.string();
}

TestHost::TestHost(Exchange& exchange, std::filesystem::path folder, std::string kind, SignedIn who,
                   std::function<void(nlohmann::json&)> settings)
    : exchange_(exchange),
      folder_(std::move(folder)),
      kind_(std::move(kind)),
      who_(std::move(who)),
      settings_(std::move(settings)),
      signer_(who_.signer ? who_.signer
                          : std::make_shared<TokenSigner>(kind_ + "-" + folder_.filename().string())) {
    std::filesystem::create_directories(folder_);
    std::filesystem::permissions(folder_, std::filesystem::perms::owner_all);
    write_key(folder_ / "store.key");
    signer_->trust_in(exchange_.trust());
    record = [](const nlohmann::json& request) {
        return record_bundle(request.at("patient").at("nhs_number"), request.at("patient").at("birth_date"),
                             "Test", "Patient");
    };
    file = [](const nlohmann::json& request) {
        nlohmann::json answer{{"entries", nlohmann::json::array()}};
        for (const auto& entry : request.at("entries")) {
            const std::string identifier = entry.at("identifier").at("value");
            answer["entries"].push_back({{"identifier", identifier}, {"id", "filed " + identifier}});
        }
        return answer;
    };
    open();
}

TestHost::TestHost(TestHost& other, Beside)
    : record(other.record),
      file(other.file),
      exchange_(other.exchange_),
      folder_(other.folder_),
      kind_(other.kind_),
      who_(other.who_),
      signer_(other.signer_),
      owner_(&other) {
    open();
}

TestHost::TestHost(TestHost& other)
    : record(other.record),
      file(other.file),
      exchange_(other.exchange_),
      folder_(other.folder_),
      kind_(other.kind_),
      who_(other.who_),
      settings_(other.settings_),
      signer_(other.signer_) {
    open();
}

TestHost::~TestHost() {
    close();
}

void TestHost::open() {
    if (owner_)
        loader_ = owner_->loader();
    else
        open_loader();
    open_session();
}

void TestHost::open_loader() {
    nlohmann::json settings = {{"exchange", exchange_.url()},
                               {"store", (folder_ / "store").string()},
                               {"key", (folder_ / "store.key").string()},
                               {"datasets", std::string(CAREPLUG_SOURCE_DIR) + "/sdk/plan/datasets"},
                               {"plugins", built_plugins()},
                               {"trust", development_trust(folder_, built_plugins())},
                               {"kinds", {{"gp", "gp"}, {"ooh", "ooh"}, {"ae", "ae"}}},
                               {"log", (folder_ / "engine.log").string()}};
    if (settings_) settings_(settings);
    const std::string settings_file = (folder_ / "settings.json").string();
    write_whole(settings_file, settings.dump());

    const careplug_offer offer{sizeof(careplug_offer), CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR,
                               CAREPLUG_ABI_CANDIDATE};
    careplug_answer answer{};
    answer.size = sizeof answer;
    const std::string name = "test host";
    careplug_handle problem = 0;
    careplug_status status = careplug_open(&offer, &answer, name.data(), name.size(), settings_file.data(),
                                           settings_file.size(), &loader_, &problem);
    if (status >= 100) throw std::runtime_error("careplug_open: " + take(problem));
}

void TestHost::open_session() {
    const std::string workstation = "desk 1";
    careplug_handle problem = 0;
    const careplug_status status = careplug_session_open(
        loader_, kind_.data(), kind_.size(), workstation.data(), workstation.size(), &session_, &problem);
    if (status >= 100) throw std::runtime_error("careplug_session_open: " + take(problem));
    const PulledEvent event = wait_for(CAREPLUG_EVENT_SESSION);
    if (event.record.status >= 100) throw std::runtime_error("sign-in was refused: " + event.body);
}

void TestHost::close() {
    if (session_ != 0) careplug_session_close(session_);
    if (loader_ != 0 && !owner_) careplug_close(loader_);
    session_ = loader_ = 0;
    kept_.clear();
}

void TestHost::answer(const PulledEvent& event) {
    const auto request = nlohmann::json::parse(event.body);
    std::string body;
    if (request.at("request") == "identity") {
        nlohmann::json claims = signer_->claims(who_.role, who_.senior, who_.subject);
        claims["name"] = who_.name;
        ++identities_asked_;
        body = assertion ? assertion(claims) : signer_->sign(claims);
    } else if (request.at("request") == "file") {
        body = file(request).dump();
    } else {
        body = record(request).dump();
    }
    careplug_handle problem = 0;
    careplug_complete(session_, event.record.subject, CAREPLUG_OK, body.data(), body.size(), &problem);
    take(problem);
}

bool TestHost::pump_until(const std::function<bool()>& done, std::chrono::seconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    std::int64_t wait_handle = -1;
    careplug_wait_handle(session_, &wait_handle);
    while (!done()) {
        if (std::chrono::steady_clock::now() > end) return false;
        PulledEvent event;
        event.record.size = sizeof event.record;
        careplug_next_event(session_, &event.record);
        if (event.record.kind == CAREPLUG_EVENT_NONE) {
            pollfd poll_descriptor{static_cast<int>(wait_handle), POLLIN, 0};
            ::poll(&poll_descriptor, 1, 20);
            continue;
        }
        event.body = take(event.record.body);
        if (event.record.kind == CAREPLUG_EVENT_REQUEST)
            answer(event);
        else
            kept_.push_back(std::move(event));
    }
    return true;
}

PulledEvent TestHost::wait_for(std::int32_t kind) {
    std::optional<PulledEvent> found;
    if (!pump_until([&] { return (found = kept(kind)).has_value(); }))
        throw std::runtime_error("no event of kind " + std::to_string(kind) + " came");
    return *std::move(found);
}

std::optional<PulledEvent> TestHost::kept(std::int32_t kind) {
    const auto found =
        std::find_if(kept_.begin(), kept_.end(), [&](const auto& e) { return e.record.kind == kind; });
    if (found == kept_.end()) return std::nullopt;
    PulledEvent event = std::move(*found);
    kept_.erase(found);
    return event;
}

careplug_flags_record TestHost::flags(const careplug_patient_key& patient) {
    careplug_flags_record record_out{};
    record_out.size = sizeof record_out;
    careplug_flags(session_, &patient, sizeof patient, &record_out, sizeof record_out, 1);
    return record_out;
}

std::vector<std::string> TestHost::flag_ids(const careplug_flags_record& flags) {
    std::vector<std::string> ids;
    for (std::uint32_t i = 0; i < flags.count && i < CAREPLUG_FLAGS_MAX; ++i) {
        careplug_word_record word{};
        word.size = sizeof word;
        careplug_word(session_, flags.flags[i].word, &word);
        ids.emplace_back(reinterpret_cast<const char*>(word.id));
    }
    return ids;
}

void TestHost::watch(const std::vector<careplug_patient_key>& patients) {
    careplug_handle problem = 0;
    if (careplug_watch(session_, patients.data(), sizeof(careplug_patient_key), patients.size(), &problem) >=
        100)
        throw std::runtime_error("careplug_watch: " + take(problem));
}

Outcome TestHost::call(ResultCall function, careplug_handle handle) {
    careplug_handle result = 0, problem = 0;
    const careplug_status status = function(handle, &result, &problem);
    return {status, take(result), take(problem)};
}

Outcome TestHost::open_patient(const careplug_patient_key& key, const std::string& name,
                               careplug_handle& patient, std::int32_t given, const std::string& reason) {
    const std::int32_t by_kind = kind_ == "gp" ? CAREPLUG_BASIS_REGISTERED : CAREPLUG_BASIS_URGENT_CASE;
    const std::int32_t why = given != 0 ? given : basis != 0 ? basis : by_kind;
    careplug_handle problem = 0;
    const careplug_status status = careplug_patient_open(session_, &key, name.data(), name.size(), why,
                                                         reason.data(), reason.size(), &patient, &problem);
    return {status, {}, take(problem)};
}

Outcome TestHost::open_panel(careplug_handle patient, const std::string& action, careplug_handle& panel) {
    careplug_handle problem = 0;
    const careplug_status status =
        careplug_panel_open(patient, action.data(), action.size(), &panel, &problem);
    return {status, {}, take(problem)};
}

Outcome TestHost::update(careplug_handle panel, const nlohmann::json& items) {
    const std::string text = nlohmann::json{{"item", items}}.dump();
    careplug_handle result = 0, problem = 0;
    const careplug_status status = careplug_panel_update(panel, text.data(), text.size(), &result, &problem);
    return {status, take(result), take(problem)};
}

Outcome TestHost::submit(careplug_handle panel, std::int32_t intent) {
    careplug_handle operation = 0, problem = 0;
    careplug_status status = careplug_panel_submit(panel, intent, &operation, &problem);
    if (status >= 100) return {status, {}, take(problem)};
    const PulledEvent event = wait_for(CAREPLUG_EVENT_OPERATION);
    careplug_release(operation);
    return {event.record.status, event.body, {}};
}

careplug_patient_key patient_key(const std::string& nhs_number, const std::string& birth_date,
                                 std::int32_t status) {
    careplug_patient_key key{};
    key.size = sizeof key;
    key.number_status = status;
    std::memcpy(key.nhs_number, nhs_number.data(), std::min(nhs_number.size(), sizeof key.nhs_number));
    std::memcpy(key.birth_date, birth_date.data(), std::min(birth_date.size(), sizeof key.birth_date));
    return key;
}

nlohmann::json record_bundle(const std::string& nhs_number, const std::string& birth_date,
                             const std::string& family, const std::string& given) {
    const nlohmann::json verified = {
        {"url", "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus"},
        {"valueCodeableConcept",
         {{"coding",
           {{{"system", "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus"},
             {"code", "01"}}}}}}};
    const nlohmann::json patient = {
        {"resourceType", "Patient"},
        {"id", "p"},
        {"identifier",
         {{{"extension", nlohmann::json::array({verified})},
           {"system", "https://fhir.nhs.uk/Id/nhs-number"},
           {"value", nhs_number}}}},
        {"name", {{{"use", "official"}, {"family", family}, {"given", nlohmann::json::array({given})}}}},
        {"gender", "female"},
        {"birthDate", birth_date},
        {"address", {{{"use", "home"}, {"text", "1 Test Lane, London N1 1AA"}}}}};
    const nlohmann::json allergy = {{"resourceType", "AllergyIntolerance"},
                                    {"id", "a"},
                                    {"code",
                                     {{"coding",
                                       {{{"system", "http://snomed.info/sct"},
                                         {"code", "716186003"},
                                         {"display", "No known allergy"}}}}}}};
    const nlohmann::json practice = {
        {"resourceType", "Organization"},
        {"id", "o"},
        {"identifier", {{{"system", "https://fhir.nhs.uk/Id/ods-organization-code"}, {"value", "Y90001"}}}},
        {"name", "Alder Lane Surgery"},
        {"telecom", {{{"system", "phone"}, {"value", "020 7946 0001"}}}}};
    const nlohmann::json doctor = {
        {"resourceType", "Practitioner"}, {"id", "d"}, {"name", {{{"text", "Dr T. Ester"}}}}};
    return {{"resourceType", "Bundle"},
            {"type", "collection"},
            {"entry",
             {{{"resource", patient}},
              {{"resource", allergy}},
              {{"resource", practice}},
              {{"resource", doctor}}}}};
}

nlohmann::json coded(const std::string& link_id, const std::string& code, const std::string& system,
                     const std::string& display) {
    return {{"linkId", link_id},
            {"answer", {{{"valueCoding", {{"system", system}, {"code", code}, {"display", display}}}}}}};
}

nlohmann::json worded(const std::string& link_id, const std::string& text) {
    return {{"linkId", link_id}, {"answer", {{{"valueString", text}}}}};
}

nlohmann::json core_answers(const std::string& cpr_code) {
    const std::string snomed = "http://snomed.info/sct";
    const std::string local = "urn:x-local:careplug:urgent-care-plan";
    const std::string display = cpr_code == "450476008" ? "Not for attempted cardiopulmonary resuscitation"
                                                        : "For attempted cardiopulmonary resuscitation";
    return {
        coded("con.status", "882921000000109", snomed,
              "Consent given for sharing end of life care coordination record"),
        coded("leg.capacity", "has-capacity", local, "Has capacity"),
        worded("dx.primary", "Heart failure"),
        coded("cpr.decision", cpr_code, snomed, display),
        {{"linkId", "cpr.date"}, {"answer", {{{"valueDate", "2026-11-20"}}}}},
        {{"linkId", "cpr.by"}, {"item", {worded("cpr.by.name", "Dr T. Ester"), worded("cpr.by.role", "GP")}}},
        coded("tep.level", "hospital-ward-based-treatment", local, "Hospital, ward-based treatment"),
        coded("leg.adrt", "none-known", local, "None known"),
        coded("leg.lpa", "none-known", local, "None known"),
        coded("ppl.carer", "414041006", snomed, "Does not have a carer")};
}

}  // namespace careplug::test
