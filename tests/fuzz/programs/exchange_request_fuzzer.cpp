// Whatever a request brings: its query, its resource, its token. Each is read, or refused with a Problem.
// The first byte chooses which.
#include <careplug/plan/fhir.h>

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "problem.h"
#include "search_index.h"
#include "search_query.h"
#include "structure.h"
#include "token_verifier.h"

namespace {

using namespace careplug::exchange;

TokenVerifier& verifier() {
    static TokenVerifier one(std::filesystem::temp_directory_path());
    return one;
}

void read_one(std::uint8_t choice, const std::string& text) {
    const auto& types = resource_types();
    const ResourceType& type = types[choice / 3 % types.size()];
    switch (choice % 3) {
        case 0:
            read_search(type, read_query(text), "http://127.0.0.1/fhir");
            return;
        case 1: {
            nlohmann::json resource = careplug::plan::fhir::parse(text);
            if (!resource.is_object() || !type.clients_write) return;
            resource["resourceType"] = type.name;
            check_structure(type, resource);
            terms_of(type, resource);
            return;
        }
        default:
            verifier().verify("Bearer " + text);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    try {
        read_one(data[0], std::string(reinterpret_cast<const char*>(data + 1), size - 1));
    } catch (const Problem&) {
    } catch (const std::invalid_argument&) {
    }
    return 0;
}
