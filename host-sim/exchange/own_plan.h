// What a patient, or who acts for one, is given: of their own plan what their view shows, and of nobody else
// anything (hazard H17). The token says whose plan that is; who acts for another needs a RelatedPerson.
#pragma once

#include <careplug/plan/role.h>
#include <careplug/plan/withhold.h>

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>

#include "data_sets.h"
#include "store.h"

namespace careplug::exchange {

class OwnPlan {
public:
    OwnPlan(View& view, const DataSets& data_sets, const plan::Actor& actor)
        : view_(view), data_sets_(data_sets), actor_(actor) {}

    // As it is, or what the patient's view shows of it; nothing where to this reader it is not there.
    std::optional<Version> of(Version version);
    // The person's own Patients: "Patient/id". None where it is not certain who that is.
    const std::set<std::string>& patients();
    bool is_about(const Version& version);
    // Finds nothing of others, and does not search all that is kept. Throws Problem for what would.
    void narrow(Search& search);

private:
    struct Published {
        bool active = false;
        const plan::DataSet* data_set = nullptr;
        plan::Answers answers;
    };
    const Published& published(const std::string& plan_id);
    bool has_authority(const std::string& patient);
    std::optional<Version> of_patient(Version version) const;
    std::optional<Version> of_care_plan(Version version);
    std::optional<Version> of_response(Version version);
    std::optional<Version> of_event(Version version) const;
    bool hides_whereabouts(const nlohmann::json& patient) const;

    View& view_;
    const DataSets& data_sets_;
    const plan::Actor& actor_;
    std::optional<std::set<std::string>> patients_;
    bool without_whereabouts_ = false;
    std::map<std::string, Published> published_;
};

}  // namespace careplug::exchange
