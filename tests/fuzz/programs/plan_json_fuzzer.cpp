// Whatever JSON comes in: a Questionnaire, a CarePlan, answers or a host's record is read, or refused with
// std::invalid_argument. Anything else that is thrown, and any fault, stops the fuzzer.
#include <careplug/plan/changes.h>
#include <careplug/plan/cpr_conflict.h>
#include <careplug/plan/fhir.h>
#include <careplug/plan/flags.h>
#include <careplug/plan/merge.h>
#include <careplug/plan/prefill.h>
#include <careplug/plan/proposal.h>
#include <careplug/plan/rows.h>
#include <careplug/plan/validate.h>

#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

namespace {

using namespace careplug::plan;

const DataSet& data_set() {
    static const DataSet set = [] {
        std::ifstream file(std::string(CAREPLUG_SOURCE_DIR) + "/sdk/plan/datasets/urgent-care-plan.json");
        std::ostringstream text;
        text << file.rdbuf();
        return read_data_set(text.str());
    }();
    return set;
}

template <typename Reading>
void accept_or_refuse(Reading reading) {
    try {
        reading();
    } catch (const std::invalid_argument&) {
    }
}

void use(const Answers& answers) {
    const std::string today = "2026-11-21";
    validate(data_set(), answers, Intent::publish, today);
    without_disabled(data_set(), answers, today);
    const nlohmann::json items = fhir::write_items(data_set(), answers);
    Answers named = answers;
    name_rows(data_set(), named);
    merge(data_set(), {}, answers, named);
    if (!merge(data_set(), named, named, answers).conflicts.empty()) __builtin_trap();
    changes(data_set(), answers, named);
    changes(data_set(), {}, answers);
    if (!changes(data_set(), answers, answers).empty()) __builtin_trap();
    const Restored restored = restore(data_set(), {}, named, {"dem.keysafe"});
    for (const auto& link_id : restored.taken)
        if (!same(restored.answers, named, link_id)) __builtin_trap();
    Plan plan;
    plan.summary = fhir::summary_of(data_set(), answers);
    FlagContext context;
    context.view = "ae";
    context.today = today;
    bool has_cpr = false;
    for (const Flag& flag : flags_of(data_set(), plan, context)) has_cpr = has_cpr || flag.slot != 0;
    if (!has_cpr && answers.values("con.status").empty()) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    accept_or_refuse([&] { read_data_set(text); });
    accept_or_refuse([&] {
        const nlohmann::json document = fhir::parse(text);
        accept_or_refuse([&] { use(fhir::read_answers(data_set(), document)); });
        accept_or_refuse([&] { fhir::read_plan(data_set(), document); });
        accept_or_refuse([&] { fhir::write_acceptance(fhir::read_acceptance(document)); });
        accept_or_refuse([&] { fhir::read_contact_header(document); });
        accept_or_refuse([&] {
            fhir::read_proposal(data_set(), document);
            fhir::redacted_proposal(document);
        });
        Actor actor;
        actor.role = "gp";
        prefill(data_set(), document, actor, "2026-11-21T14:02:00Z");
        words_of(cpr_conflict(sources_in_record(data_set(), document, "2026-11-21")));
    });
    return 0;
}
