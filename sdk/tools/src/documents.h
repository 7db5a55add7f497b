// The documents that an engine sends to a policy, about invented people.
#pragma once

#include <careplug/plan/data_set.h>
#include <careplug/plugin.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace careplug::tools {

using nlohmann::json;

struct Person {
    std::string family;
    std::string given;
    std::string birth_date;
    std::string nhs_number;
    std::string advice;   // of the treatment plan
    std::string keysafe;  // a masked answer
    std::string allergy;
};
const Person& first_person();
const Person& other_person();

struct Rights {
    bool edit = true;
    bool note = true;
};

class Documents {
public:
    // Reads the data sets. Throws NotRun where the folder does not hold them.
    explicit Documents(const std::filesystem::path& folder);

    const plan::DataSet& plan_set() const { return plan_; }
    const plan::DataSet& contact_set() const { return contact_; }

    json session(const std::string& view, Rights rights = {}) const;
    static json patient(const std::string& knowledge, bool fresh);
    json panel_request(const std::string& action, const json& members = json::object()) const;
    json response(const plan::Answers& answers) const;
    json plan_document(const plan::Answers& answers, const std::string& status = "active") const;

    // A published plan with a CPR decision, an advance decision, masked answers and markup in the advice.
    plan::Answers answers(const Person& person = first_person()) const;
    // The record that a host holds of the person, with or without its list of allergies.
    static json record(const Person& person = first_person(), bool allergies = true);

    careplug_policy_flag flag(const std::string& id, std::uint32_t patient = 0) const;
    std::vector<careplug_policy_flag> flags(const std::vector<std::string>& ids,
                                            std::uint32_t patient = 0) const;

private:
    plan::DataSet plan_;
    plan::DataSet contact_;
};

std::string id_of(const careplug_policy_flag& flag);

}  // namespace careplug::tools
