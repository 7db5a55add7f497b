#include "relationships.h"

#include <careplug/controls/controls.h>
#include <careplug/plan/nhs_number.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "audit_log.h"
#include "search_index.h"
#include "times.h"

namespace careplug::exchange {

namespace {

std::vector<std::string> nhs_numbers_of(View& view, const std::string& patient_id) {
    std::vector<std::string> numbers;
    const auto patient = view.read("Patient", patient_id);
    if (!patient) return numbers;
    const auto resource = nlohmann::json::parse(patient->body);
    for (const auto* identifier : elements_at(resource, "identifier"))
        if (text_of(*identifier, "system") == plan::nhs_number_system)
            numbers.push_back(text_of(*identifier, "value"));
    return numbers;
}

}  // namespace

bool Relationships::claimed(const plan::DataSet& data_set, const std::string& patient_id,
                            const std::string& basis) {
    const Milliseconds lasts = plan::open_for_ms(data_set, actor_, basis);
    if (lasts == 0) return false;
    const auto key = patient_id + "|" + basis + "|" + std::to_string(lasts);
    if (const auto known = found_.find(key); known != found_.end()) return known->second;
    Search search;
    search.type = "AuditEvent";
    search.count = 1;
    Criterion claim;
    claim.selective = true;
    for (const auto& number : nhs_numbers_of(view_, patient_id)) {
        const Term term = claim_of(actor_, number, basis);
        claim.parameter = term.parameter;
        claim.values.push_back({term.system, term.value});
    }
    if (claim.values.empty()) return found_[key] = false;
    Criterion lately;
    lately.kind = Criterion::Kind::updated;
    lately.from = control::on("H9.relationship-ends") ? now() - lasts : 0;
    lately.until = std::numeric_limits<Milliseconds>::max();
    search.criteria = {claim, lately};
    return found_[key] = !view_.search(search).empty();
}

bool Relationships::opened(const plan::DataSet& data_set, const std::string& patient_id) {
    const auto bases = plan::bases_of(data_set, actor_);
    return std::any_of(bases.begin(), bases.end(),
                       [&](const std::string& basis) { return claimed(data_set, patient_id, basis); });
}

bool Relationships::may_change(const plan::DataSet& data_set, const std::string& patient_id) {
    const auto bases = plan::bases_of(data_set, actor_);
    return std::any_of(bases.begin(), bases.end(), [&](const std::string& basis) {
        return basis != plan::basis::break_glass && claimed(data_set, patient_id, basis);
    });
}

bool Relationships::broke_glass(const plan::DataSet& data_set, const std::string& patient_id) {
    return claimed(data_set, patient_id, plan::basis::break_glass);
}

}  // namespace careplug::exchange
