// The data sets on this computer: by canonical url|version, read once.
#pragma once

#include <careplug/plan/data_set.h>

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace careplug::engine {

class Catalogue {
public:
    // Throws SettingsMistake where the folder holds no plan or no contact form.
    explicit Catalogue(const std::string& folder);

    // The kind of plan this engine creates.
    const plan::DataSet& main() const { return *main_; }
    const plan::DataSet& contact() const { return *contact_; }
    // Null where this computer does not have it.
    const plan::DataSet* find(const std::string& canonical) const;
    // A kind of plan (CarePlan.category) by any of its data sets; null where no data set here is of it.
    const plan::DataSet* of_kind(const std::string& system, const std::string& code) const;

private:
    std::map<std::string, plan::DataSet> sets_;
    const plan::DataSet* main_ = nullptr;
    const plan::DataSet* contact_ = nullptr;
};

}  // namespace careplug::engine
