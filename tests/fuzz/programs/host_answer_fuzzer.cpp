// What a host says: its sign-in, an update of a form, the entries that it filed and those of its record. Each
// is taken, or refused with the exception that is told to the host as a sentence.
#include <careplug/plan/fhir.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "editing/answer_edits.h"
#include "exchange/identity.h"
#include "filing/filing.h"
#include "system/problem.h"

using namespace careplug;

namespace {

const plan::DataSet& data_set() {
    static const plan::DataSet set = [] {
        std::ifstream file(std::string(CAREPLUG_SOURCE_DIR) + "/sdk/plan/datasets/urgent-care-plan.json");
        std::ostringstream text;
        text << file.rdbuf();
        return plan::read_data_set(text.str());
    }();
    return set;
}

void update(const std::string& text) {
    plan::Actor gp;
    gp.role = "gp";
    plan::Answers answers;
    try {
        engine::apply_update(data_set(), &gp, text, {}, answers);
        engine::drop_disabled(data_set(), answers, "2026-11-21");
    } catch (const engine::Problem& refused) {
        if (refused.sentence.empty() || !answers.items.empty()) __builtin_trap();
    }
}

void filed(const std::string& text) {
    engine::Filing filing;
    filing.plan_id = "plan";
    filing.entries = {{"plan/1", "active", "system", "1", "One", "One", "2026-11-21", {}}};
    try {
        engine::take_answer(filing, text);
        // Taken only where it names the record's id of what stands in the record now.
        if (filing.entries.front().host_id.empty()) __builtin_trap();
    } catch (const std::exception&) {
    }
}

void sign_in(const std::string& text) {
    try {
        const engine::Identity identity = engine::read_identity(text, 0);
        if (identity.actor.issuer.empty() || identity.actor.subject.empty()) __builtin_trap();
    } catch (const engine::IdentityMistake&) {
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    update(text);
    filed(text);
    sign_in(text);
    try {
        const nlohmann::json record = plan::fhir::parse(text);
        engine::filed_in_record(&record, "plan");
    } catch (const std::invalid_argument&) {
    }
    return 0;
}
