// Whatever comes as an AuditEvent: it is read and is the same after its journey, or is refused with
// std::invalid_argument; and its place in the chain is what its hash is made of (hazard H9).
#include <careplug/plan/audit.h>
#include <careplug/plan/fhir.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

using namespace careplug;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    nlohmann::json given;
    try {
        given = plan::fhir::parse(std::string(data, data + size));
    } catch (const std::invalid_argument&) {
        return 0;
    }
    if (given.is_object()) {
        plan::ChainLink link = plan::fhir::link_of(given);
        const std::string chained = plan::fhir::chained_text(given);
        // The hash itself is no part of what is hashed; everything else of the link is.
        link.hash = "another";
        nlohmann::json linked = given;
        plan::fhir::put_link(linked, link);
        if (plan::fhir::chained_text(linked) != chained) __builtin_trap();
        link.sequence = link.sequence == 1 ? 2 : 1;
        plan::fhir::put_link(linked, link);
        if (plan::fhir::chained_text(linked) == chained) __builtin_trap();
    }
    try {
        const plan::AuditRecord record = plan::fhir::read_audit_event(given);
        const nlohmann::json written = plan::fhir::write_audit_event(record);
        if (plan::fhir::write_audit_event(plan::fhir::read_audit_event(written)) != written) __builtin_trap();
    } catch (const std::invalid_argument&) {
    }
    return 0;
}
