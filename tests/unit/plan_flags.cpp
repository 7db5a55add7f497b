#include <careplug/base.h>

#include <careplug/plan/fhir.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "plan_fixture.h"

using namespace plan_test;

namespace {

Answers with_cpr(Value decision) {
    Answers answers = complete_answers();
    answers.set("cpr.decision", std::move(decision));
    return answers;
}

std::string cpr_flag(const Answers& answers, const std::string& view = "ae") {
    const auto slot = in_slot(flags(urgent_care_plan(), answers, view), CAREPLUG_SLOT_CPR);
    return slot.size() == 1 ? slot.front().id : std::to_string(slot.size()) + " flags";
}

const std::vector<std::string> clinical_views{"gp", "ooh", "ae", "nhs111", "ambulance"};

}  // namespace

TEST_CASE("H3: a legacy DNACPR code raises the DNACPR flag") {
    for (const char* display : {"", "Not for resuscitation"}) {
        const Answers answers = with_cpr(Coding{snomed, "304253006", display});
        for (const std::string& view : clinical_views) CHECK(cpr_flag(answers, view) == "dnacpr");
    }
    const auto all = flags(urgent_care_plan(), with_cpr(Coding{snomed, "304253006", ""}));
    REQUIRE(find(all, "dnacpr") != nullptr);
    CHECK(find(all, "dnacpr")->short_words == "DNACPR");
}

TEST_CASE("H3: the legacy code for resuscitation raises the For CPR flag") {
    CHECK(cpr_flag(with_cpr(Coding{snomed, "304252001", "For resuscitation"})) == "for-cpr");
}

TEST_CASE("H3: legacy codes are shown as received, never rewritten") {
    const Answers answers = with_cpr(Coding{snomed, "304253006", "Not for resuscitation"});
    CHECK(display(urgent_care_plan(), answers, "cpr.decision") == "Not for resuscitation");
    CHECK(active_plan(urgent_care_plan(), answers).summary.first("cpr.decision") != nullptr);
    CHECK(*active_plan(urgent_care_plan(), answers).summary.first("cpr.decision") ==
          *answers.first("cpr.decision"));
}

TEST_CASE("H3: the CPR slot is never empty when a plan exists") {
    std::vector<Answers> plans{Answers{}, complete_answers(), every_answer()};
    for (const Option& option : urgent_care_plan().find("cpr.decision")->options)
        plans.push_back(with_cpr(option.coding));
    plans.push_back(with_cpr(Coding{snomed, "304253006", ""}));
    plans.push_back(with_cpr(Coding{snomed, "999", "Something new"}));
    plans.push_back(with_cpr(std::string("unknown")));
    plans.push_back(with_cpr(true));
    plans.push_back(with_cpr(Coding{"", "450476008", ""}));
    Answers none = complete_answers();
    none.clear("cpr.decision");
    plans.push_back(none);
    for (const Answers& answers : plans)
        for (const std::string& view : clinical_views) {
            INFO(view);
            CHECK(in_slot(flags(urgent_care_plan(), answers, view), CAREPLUG_SLOT_CPR).size() == 1);
            CHECK(in_slot(flags(contingency_plan(), answers, view), CAREPLUG_SLOT_CPR).size() == 1);
        }
}

TEST_CASE("Each CPR answer has its own flag") {
    const DataSet& set = urgent_care_plan();
    CHECK(cpr_flag(with_cpr(option(set, "cpr.decision", "450476008"))) == "dnacpr");
    CHECK(cpr_flag(with_cpr(option(set, "cpr.decision", "450475007"))) == "for-cpr");
    CHECK(cpr_flag(with_cpr(option(set, "cpr.decision", "modified-cpr"))) == "cpr-modified");
    CHECK(cpr_flag(with_cpr(option(set, "cpr.decision", "no-decision-recorded"))) == "cpr-none");
    Answers none = complete_answers();
    none.clear("cpr.decision");
    CHECK(cpr_flag(none) == "cpr-none");
    const auto all = flags(set, complete_answers());
    CHECK(find(all, "dnacpr")->long_words ==
          "Not for attempted CPR. Decided 01-Nov-2026 by Dr A. Patel, GP. Form: Yellow folder, hall");
    CHECK(find(all, "dnacpr")->on_wire);
}

TEST_CASE("H3: an unreadable CPR entry says: open the plan, with the text as received") {
    for (const Value& value : {Value(Coding{snomed, "999", "No heroics"}), Value(std::string("No heroics")),
                               Value(Coding{"", "", "No heroics"})}) {
        const Answers answers = with_cpr(value);
        CHECK(cpr_flag(answers) == "cpr-unreadable");
        const auto all = flags(urgent_care_plan(), answers);
        REQUIRE(find(all, "cpr-unreadable") != nullptr);
        CHECK(find(all, "cpr-unreadable")->short_words == "CPR: open plan");
        CHECK(find(all, "cpr-unreadable")->long_words.find("No heroics") != std::string::npos);
    }
    // A known code of another code system is not that code.
    CHECK(cpr_flag(with_cpr(Coding{"urn:other", "450475007", ""})) == "cpr-unreadable");
    CHECK(cpr_flag(with_cpr(Coding{"", "450475007", ""})) == "cpr-unreadable");
    // Two answers where one belongs.
    Answers two = complete_answers();
    two.replace("cpr.decision", {{"cpr.decision",
                                  {option(urgent_care_plan(), "cpr.decision", "450476008"),
                                   option(urgent_care_plan(), "cpr.decision", "450475007")},
                                  {}}});
    CHECK(cpr_flag(two) == "cpr-unreadable");
}

TEST_CASE("H20: a CPR code and display that contradict each other are not read as either") {
    CHECK(cpr_flag(with_cpr(Coding{snomed, "450476008", "For attempted cardiopulmonary resuscitation"})) ==
          "cpr-unreadable");
    CHECK(cpr_flag(with_cpr(Coding{snomed, "450475007",
                                   "NOT for attempted  cardiopulmonary resuscitation"})) == "cpr-unreadable");
    CHECK(cpr_flag(with_cpr(Coding{snomed, "450476008", "For resuscitation"})) == "cpr-unreadable");
    CHECK(cpr_flag(with_cpr(Coding{snomed, "304252001", "Not for resuscitation"})) == "cpr-unreadable");
    // Other words for the same answer are no contradiction.
    CHECK(cpr_flag(with_cpr(Coding{snomed, "450476008", "DNACPR"})) == "dnacpr");
    const auto all = flags(urgent_care_plan(), with_cpr(Coding{snomed, "450476008", "For resuscitation"}));
    REQUIRE(find(all, "cpr-unreadable") != nullptr);
    CHECK(find(all, "cpr-unreadable")->long_words.find("For resuscitation (450476008)") != std::string::npos);
}

TEST_CASE("Flags of content, each by its rule and in its words") {
    const DataSet& set = urgent_care_plan();
    Answers answers = complete_answers();
    answers.set("leg.adrt", option(set, "leg.adrt", "816321000000109"));
    answers.set("leg.adrt_text", std::string("No ventilation"));
    answers.set("leg.lpa", option(set, "leg.lpa", "816381000000105"));
    answers.replace("leg.attorney", {{"leg.attorney",
                                      {},
                                      {{"leg.attorney.$row", {Value(std::string("r1"))}, {}},
                                       {"leg.attorney.name", {Value(std::string("Ngozi N."))}, {}},
                                       {"leg.attorney.phone", {Value(std::string("020 7946 0018"))}, {}}}},
                                     {"leg.attorney",
                                      {},
                                      {{"leg.attorney.$row", {Value(std::string("r2"))}, {}},
                                       {"leg.attorney.name", {Value(std::string("Obi N."))}, {}},
                                       {"leg.attorney.phone", {Value(std::string("020 7946 0019"))}, {}}}}});
    answers.set("med.antic", option(set, "med.antic", "376201000000102"));
    answers.set("med.antic_where", std::string("Fridge door"));
    answers.set("med.antic_exp", Date{"2026-12-31"});
    answers.replace("med.devices",
                    {{"med.devices",
                      {},
                      {{"med.devices.kind", {Value(option(set, "med.devices.kind", "icd"))}, {}},
                       {"med.devices.icd", {Value(option(set, "med.devices.icd", "icd-active"))}, {}}}}});
    answers.set("risk.staff", std::string("Dog bites"));
    const auto all = flags(set, answers);
    const auto words = [&](const char* id) {
        const Flag* flag = find(all, id);
        return flag == nullptr ? std::string("absent") : flag->short_words + " | " + flag->long_words;
    };
    CHECK(words("adrt") == "ADRT | Advance decision to refuse treatment, not recorded: No ventilation");
    CHECK(words("lpa") ==
          "LPA | Attorney for health and welfare: Ngozi N.; Obi N. 020 7946 0018; 020 7946 0019");
    CHECK(words("ceiling") == "Ceiling: ward | Ceiling of treatment: Hospital, ward-based treatment");
    CHECK(words("anticipatory").find("Fridge door; expiry 31-Dec-2026") != std::string::npos);
    CHECK(words("anticipatory-expired") == "absent");
    CHECK(words("icd-active") == "ICD active | Implanted defibrillator, shocks active");
    CHECK(words("staff-note") == "Staff safety note | Safety note for staff: open to read");
    CHECK(words("plan") ==
          "Care plan | Urgent care plan, amended 20-Nov-2026 09:30, approved by Dr P. Iwobi, GP, Alder Lane "
          "Surgery; "
          "checked 14:02");
    CHECK(words("review-overdue") == "absent");
    for (const Flag& flag : all) CHECK(flag.long_words.find("Dog bites") == std::string::npos);
    // A professional's involvement is no ADRT.
    answers.set("leg.adrt", option(set, "leg.adrt", "820621000000107"));
    CHECK(find(flags(set, answers), "adrt") == nullptr);
    // Not decided is no ceiling.
    answers.set("tep.level", option(set, "tep.level", "not-decided"));
    CHECK(find(flags(set, answers), "ceiling") == nullptr);
}

TEST_CASE("Each ceiling has a short word") {
    const DataSet& set = urgent_care_plan();
    const std::vector<std::pair<const char*, const char*>> words{
        {"full-escalation-including-intensive-care", "Ceiling: full"},
        {"hospital-ward-based-treatment", "Ceiling: ward"},
        {"hospital-only-if-not-manageable-at-home", "Ceiling: home first"},
        {"treat-in-usual-place-of-residence", "Ceiling: usual residence"},
        {"comfort-care-only", "Ceiling: comfort"}};
    for (const auto& [code, expected] : words) {
        Answers answers = complete_answers();
        answers.set("tep.level", option(set, "tep.level", code));
        CHECK(find(flags(set, answers), "ceiling")->short_words == expected);
    }
}

TEST_CASE("Dates pass only when all of them has passed") {
    const DataSet& set = urgent_care_plan();
    const auto overdue = [&](const char* date) {
        Answers answers = complete_answers();
        answers.set("meta.review", Date{date});
        return find(flags(set, answers), "review-overdue") != nullptr;
    };
    CHECK(overdue("2026-11-20"));
    CHECK_FALSE(overdue("2026-11-21"));
    CHECK_FALSE(overdue("2026-11"));
    CHECK(overdue("2026-10"));
    CHECK_FALSE(overdue("2026"));
    CHECK(overdue("2025"));
    CHECK_FALSE(overdue("soon"));
    Answers both = complete_answers();
    both.set("meta.review", Date{"2026-11-03"});
    both.set("cpr.review", Date{"2026-11-02"});
    CHECK(find(flags(set, both), "review-overdue")->long_words ==
          "Review was due 02-Nov-2026. The decisions above are still those recorded.");
    Answers medicines = complete_answers();
    medicines.set("med.antic", option(set, "med.antic", "871021000000106"));
    medicines.set("med.antic_exp", Date{"2026-11-20"});
    const auto all = in_slot(flags(set, medicines), CAREPLUG_SLOT_MEDICINES);
    REQUIRE(all.size() == 2);
    CHECK(all.front().id == "anticipatory-expired");
}

TEST_CASE("Flags stand in the order of slots and ranks") {
    const auto all = flags(urgent_care_plan(), every_answer());
    for (std::size_t i = 1; i < all.size(); ++i)
        CHECK(std::make_pair(all[i - 1].slot, all[i - 1].rank) <= std::make_pair(all[i].slot, all[i].rank));
    CHECK(all.front().slot == CAREPLUG_SLOT_KNOWLEDGE);
}

TEST_CASE("H12: a flag is given to its views alone, and not where its words or rule are not shown") {
    const DataSet& set = urgent_care_plan();
    Answers answers = complete_answers();
    answers.set("risk.staff", std::string("x"));
    CHECK(find(flags(set, answers, "ambulance"), "staff-note") != nullptr);
    CHECK(find(flags(set, answers, "gp"), "staff-note") == nullptr);
    CHECK(flags(set, answers, "patient").empty());

    // The same data set, with the place of the form not shown to 111.
    DataSet narrowed = set;
    for (Section& section : narrowed.sections)
        for (Field& field : section.fields)
            if (field.link_id == "cpr.where" || field.link_id == "tep.level") field.shown_in = {"gp", "ae"};
    const auto nhs111 = flags(narrowed, answers, "nhs111");
    CHECK(find(nhs111, "ceiling") == nullptr);
    CHECK(find(nhs111, "dnacpr") == nullptr);
    REQUIRE(in_slot(nhs111, CAREPLUG_SLOT_CPR).size() == 1);
    CHECK(in_slot(nhs111, CAREPLUG_SLOT_CPR).front().id == "cpr-unreadable");
    REQUIRE(find(nhs111, "cpr-unreadable") != nullptr);
    CHECK(find(nhs111, "cpr-unreadable")->long_words.find("Not for attempted") == std::string::npos);
    CHECK(find(flags(narrowed, answers, "ae"), "dnacpr") != nullptr);
}

TEST_CASE("A patient's flag is withheld by the patient's access and awareness") {
    DataSet set = urgent_care_plan();
    for (FlagDefinition& flag : set.flags)
        if (flag.id == "dnacpr") flag.views = {"patient", "ae"};
    Answers answers = complete_answers();
    CHECK(find(flags(set, answers, "patient"), "dnacpr") == nullptr);
    answers.set("con.patient_access", option(set, "con.patient_access", "all"));
    CHECK(find(flags(set, answers, "patient"), "dnacpr") != nullptr);
    answers.set("cpr.aware", option(set, "cpr.aware", "845151000000104"));
    CHECK(find(flags(set, answers, "patient"), "dnacpr") == nullptr);
    CHECK(find(flags(set, answers, "ae"), "dnacpr") != nullptr);
}

TEST_CASE("H8: a suspended, closed or removed plan gives no content, and says what it is") {
    const DataSet& set = urgent_care_plan();
    FlagContext context;
    context.view = "ae";
    context.today = today;
    context.checked = "14:02";
    Answers answers = complete_answers();
    answers.set("end.date", Date{"2026-11-19"});
    Plan plan = active_plan(set, answers);
    plan.status_date = "2026-11-20T10:00:00Z";
    const auto only = [&](PlanStatus status) {
        plan.status = status;
        const auto all = flags_of(set, plan, context);
        return all.size() == 1 ? all.front().id + ": " + all.front().long_words : std::to_string(all.size());
    };
    CHECK(only(PlanStatus::on_hold) ==
          "suspended: A plan exists; consent to share was withdrawn 20-Nov-2026. CPR decision: not known "
          "here. Look for "
          "the paper form, ask the GP.");
    CHECK(only(PlanStatus::completed) ==
          "closed: Death recorded 19-Nov-2026 by Dr P. Iwobi, GP, Alder Lane Surgery. Plan closed.");
    CHECK(only(PlanStatus::entered_in_error).find("removed: The plan shown here until 20-Nov-2026 10:00") ==
          0);
    // Consent withdrawn in the answers of a plan that is still active.
    answers.set("con.status", option(set, "con.status", "882941000000102"));
    plan.summary = fhir::summary_of(set, answers);
    CHECK(only(PlanStatus::active).find("suspended: ") == 0);
}

TEST_CASE("H3: what is not known never looks like none") {
    const DataSet& set = urgent_care_plan();
    FlagContext context;
    context.view = "ae";
    context.checked = "14:02";
    context.today = today;
    const auto none = flags_of_no_plan(set, context);
    REQUIRE(none.size() == 1);
    CHECK(none.front().id == "no-plan");
    CHECK(none.front().short_words == "No plan found");
    CHECK(none.front().long_words.find("(checked 14:02)") != std::string::npos);
    const Flag unknown = not_known_flag(set, "the exchange does not answer", "14:02");
    CHECK(unknown.short_words == "Plan not known");
    CHECK(unknown.long_words ==
          "Urgent care plan: not known (the exchange does not answer, since 14:02). Do not assume there is "
          "none.");
    CHECK(not_known_flag(contingency_plan(), "x", "y").long_words.find("Do not assume there is none") !=
          std::string::npos);
}

TEST_CASE("An author sees what is not shared and what is unfinished") {
    const DataSet& set = urgent_care_plan();
    FlagContext context;
    context.view = "gp";
    context.today = today;
    context.not_sent = "queued";
    context.not_sent_time = "14:05";
    context.has_own_draft = true;
    context.draft_time = "13:50";
    const auto all = flags_of(set, active_plan(set, complete_answers()), context);
    REQUIRE(find(all, "not-sent") != nullptr);
    CHECK(find(all, "not-sent")->long_words == "Your change of 14:05 is not yet visible to others (queued)");
    CHECK(find(all, "own-draft")->long_words == "You have an unfinished draft of 13:50");
    CHECK(flags_of_no_plan(set, context).size() == 3);
    context.view = "nhs111";
    CHECK(find(flags_of(set, active_plan(set, complete_answers()), context), "not-sent") == nullptr);
}

TEST_CASE("H7: flags come from the published summary alone") {
    // A draft beside the plan changes nothing but the mark that it exists.
    const DataSet& set = urgent_care_plan();
    FlagContext context;
    context.view = "gp";
    context.today = today;
    auto without = flags_of(set, active_plan(set, complete_answers()), context);
    context.has_own_draft = true;
    auto with = flags_of(set, active_plan(set, complete_answers()), context);
    REQUIRE(with.size() == without.size() + 1);
    CHECK(with.back().id == "own-draft");
    with.pop_back();
    CHECK(with == without);
}

TEST_CASE("Words are filled once: braces in an answer stay as they are") {
    Answers answers = complete_answers();
    answers.set("cpr.where", std::string("{dem.keysafe} {cpr.date} {"));
    answers.set("dem.keysafe", std::string("4711"));
    const std::string words = fill_words(
        urgent_care_plan(), "Form: {cpr.where}, {cpr.reason}, {dem.keysafe}, {no.such}, {x", answers, {});
    CHECK(words == "Form: {dem.keysafe} {cpr.date} {, Agreed with the person, recorded, not recorded, {x");
}

TEST_CASE("H8: a legacy code of consent permits what its code of now permits, to publish and to show") {
    DataSet set = urgent_care_plan();
    const Answers given = complete_answers();
    const auto* now = std::get_if<Coding>(given.first("con.status"));
    REQUIRE(now != nullptr);
    set.legacy_codes["111111"] = now->code;
    Answers answers = given;
    answers.set("con.status", Coding{snomed, "111111", "Consent given"});
    FlagContext context;
    context.view = "ae";
    context.today = today;
    CHECK(find(flags_of(set, active_plan(set, answers), context), "suspended") == nullptr);
    answers.set("con.status", Coding{snomed, "222222", "Not known here"});
    CHECK(find(flags_of(set, active_plan(set, answers), context), "suspended") != nullptr);
}
