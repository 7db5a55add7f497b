// The kinds of plan that this exchange holds rules for.
#pragma once

#include <careplug/plan/data_set.h>

#include <filesystem>
#include <map>
#include <string>

#include "store.h"

namespace careplug::exchange {

class DataSets {
public:
    // Reads each .json of the folder into the store, as a Questionnaire, and then every version ever stored:
    // a revision is judged with the version that it names. Throws StartProblem naming a file that is no data
    // set.
    DataSets(const std::filesystem::path& folder, Store& store);

    // Null where there is none. `canonical` is url|version.
    const plan::DataSet* find(const std::string& canonical) const;
    const std::map<std::string, plan::DataSet, std::less<>>& all() const { return sets_; }
    static bool is_contact(const plan::DataSet& data_set);

private:
    std::map<std::string, plan::DataSet, std::less<>> sets_;
};

}  // namespace careplug::exchange
