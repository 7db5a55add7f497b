// Bundles as text. The resources in them are texts already and are not parsed again.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "message.h"

namespace careplug::exchange {

using Links = std::vector<std::pair<std::string, std::string>>;  // relation, url

class BundleText {
public:
    BundleText(const std::string& type, std::string base);

    void total(std::int64_t count);
    void links(const Links& links);
    void add_found(const Version& version, const char* mode);
    void add_past(const Version& version);
    void add_answer(const Response& response, bool with_resource);
    std::string finish();

private:
    void add(const std::string& entry);

    std::string base_;
    std::string head_;
    std::string entries_;
};

}  // namespace careplug::exchange
