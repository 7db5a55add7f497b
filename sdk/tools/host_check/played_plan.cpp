#include "played_plan.h"

#include <careplug/wire/stream.h>

#include <chrono>
#include <cstring>
#include <nlohmann/json.hpp>

namespace careplug::tools {

namespace {

using nlohmann::json;

constexpr std::size_t large = 6U << 20;
constexpr std::int64_t day = 86'400'000;

std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

json question(const char* id, const char* label, const char* type, bool required) {
    return {{"linkId", id},
            {"label", label},
            {"type", type},
            {"section", "plan"},
            {"section_title", "Plan"},
            {"core", true},
            {"enabled", true},
            {"required", required},
            {"read_only", false},
            {"repeats", false},
            {"masked", false},
            {"safety_critical", required},
            {"answer", json::array()},
            {"text", ""},
            {"items", json::array()}};
}

json items() {
    json cpr = question("cpr.decision", "CPR decision", "choice", true);
    cpr["choices"] = {
        {{"system", "http://snomed.info/sct"}, {"code", "450476008"}, {"display", "Not for attempted CPR"}},
        {{"system", "http://snomed.info/sct"}, {"code", "450475007"}, {"display", "For attempted CPR"}}};
    json allergies = question("alg.list", "Allergies", "group", false);
    allergies["repeats"] = true;
    allergies["rows"] = json::array();
    allergies["items"] = {question("alg.substance", "Substance", "string", true)};
    json list = {question("dx.primary", "Main diagnosis", "string", true),
                 std::move(cpr),
                 question("cpr.date", "Date of the decision", "date", false),
                 question("pref.text", "What matters to me", "text", false),
                 question("pref.home", "Wishes to stay at home", "boolean", false),
                 std::move(allergies)};
    for (std::size_t i = 0; i < list.size(); ++i) list[i]["order"] = i;
    return list;
}

careplug_word_record word(std::int32_t slot, const std::string& id, const std::string& words) {
    careplug_word_record record{};
    record.size = sizeof record;
    record.slot = slot;
    std::memcpy(record.id, id.data(), id.size());
    std::memcpy(record.words, words.data(), words.size());
    return record;
}

// The numbers of the words in one table.
struct Words {
    std::uint32_t plan, dnacpr, ward, no_icu, later_engine, unknown;
};

wire::FlagRow row(Play play, std::uint32_t revision, const Words& words) {
    wire::FlagRow row;
    row.deadline = wire::boot_milliseconds() + day;
    careplug_flags_record& flags = row.flags;
    const auto add = [&](std::uint32_t number, std::uint32_t state) {
        flags.flags[flags.count].word = number;
        flags.flags[flags.count++].state = state;
    };
    flags.size = sizeof flags;
    flags.knowledge = CAREPLUG_KNOWLEDGE_PLAN;
    flags.revision = revision;
    flags.checked = now() - 60'000;
    flags.amended = now() - day;
    if (play == Play::not_known) {
        flags.knowledge = CAREPLUG_KNOWLEDGE_NOT_KNOWN;
        flags.last_knowledge = CAREPLUG_KNOWLEDGE_PLAN;
        flags.reason = CAREPLUG_REASON_UNREACHABLE;
        flags.since = now() - 60'000;
    }
    add(words.plan, 0);
    add(words.dnacpr, 0);
    if (play == Play::unknown_values) {
        flags.knowledge = 77;
        flags.last_knowledge = CAREPLUG_KNOWLEDGE_PLAN;
        flags.reason = 99;
        add(words.later_engine, 0x80U);
        add(words.unknown, 0);
    } else {
        add(words.ward, 0);
        add(words.no_icu, CAREPLUG_FLAG_COVERED);
    }
    return row;
}

}  // namespace

std::string text_of(const std::uint8_t* field, std::size_t size) {
    const auto* const end = std::find(field, field + size, std::uint8_t{0});
    return {field, end};
}

std::string panel_view(Play play, const Shown& shown) {
    json view = {
        {"title", "Edit urgent care plan"},
        {"mode", shown.mode},
        {"mode_words", "Quick entry: 6 questions"},
        {"plan", shown.plan_arrived ? "arrived" : "loading"},
        {"record", shown.record},
        {"subject",
         {{"family", "Test"},
          {"given", "Patient"},
          {"birth_date", shown.birth_date},
          {"nhs_number", shown.nhs_number}}},
        {"warnings", json::array()},
        {"may", {{"submit", true}, {"publish", true}, {"note", true}}},
        {"missing", json::array()},
        {"issues", json::array()},
        {"flags", {{{"id", "dnacpr"}, {"slot", 1}, {"short", "DNACPR"}, {"long", "Not for attempted CPR."}}}},
        {"summary", json::array()},
        {"sections", json::array()},
        {"items", items()},
        {"notes", json::array()}};
    if (shown.plan_arrived) {
        view["revision"] = shown.revision;
        view["author"] = "Dr T. Ester";
        view["summary"].push_back({{"linkId", "cpr.decision"},
                                   {"label", "CPR decision"},
                                   {"text", "Not for attempted CPR"},
                                   {"masked", false}});
    }
    if (shown.newer) view["newer"] = {{"revision", shown.revision + 1}, {"author", "Nurse O. Ther"}};
    if (shown.conflict) {
        json unit = {
            {"unit", "cpr"},
            {"label", "CPR decision"},
            {"theirs_author", "Nurse O. Ther"},
            {"mine", {{{"linkId", "cpr.decision"}, {"label", "CPR decision"}, {"text", "mine"}}}},
            {"theirs", {{{"linkId", "cpr.decision"}, {"label", "CPR decision"}, {"text", "theirs"}}}}};
        if (!shown.resolved.empty()) unit["resolved"] = shown.resolved;
        view["conflicts"] = {std::move(unit)};
    }
    if (play == Play::large_results)
        view["sections"] = {{{"linkId", "pref"},
                             {"title", "Wishes"},
                             {"items",
                              {{{"linkId", "pref.text"},
                                {"label", "What matters to me"},
                                {"text", std::string(large, 'w')},
                                {"masked", false}}}}}};
    return view.dump();
}

std::string panel_form() {
    return json{{"resourceType", "Questionnaire"},
                {"status", "active"},
                {"item", {{{"linkId", "dx.primary"}, {"text", "Main diagnosis"}, {"type", "string"}}}}}
        .dump();
}

std::string panel_response() {
    return json{{"resourceType", "QuestionnaireResponse"}, {"status", "in-progress"}, {"item", json::array()}}
        .dump();
}

std::string plan_summary(Play play) {
    const std::string words = play == Play::large_results ? std::string(large, 'w') : "Not for attempted CPR";
    return json{{"text", words}, {"html", "<article>" + words + "</article>"}}.dump();
}

std::string plan_actions(Play play) {
    json list = json::array();
    if (play == Play::not_known)
        list.push_back({{"id", "read"}, {"label", "Read the plan last known"}, {"primary", true}});
    else
        list = {{{"id", "edit"}, {"label", "Edit urgent care plan"}, {"primary", true}},
                {{"id", "read"}, {"label", "Read urgent care plan"}, {"primary", false}},
                {{"id", "note"}, {"label", "Add a contact"}, {"primary", false}}};
    return json{{"actions", std::move(list)}}.dump();
}

std::string flag_details(Play play, std::uint32_t revision) {
    const std::string words =
        play == Play::large_results ? std::string(large, 'w') : "Not for attempted CPR.";
    return json{{"knowledge", play == Play::not_known ? "not-known" : "plan"},
                {"revision", revision},
                {"flags", {{{"id", "dnacpr"}, {"slot", "cpr"}, {"short", "DNACPR"}, {"long", words}}}}}
        .dump();
}

std::string session_state(Play play, bool signed_in) {
    return json{{"signed_in", signed_in},
                {"name", "Dr T. Ester"},
                {"role", "gp"},
                {"role_words", "GP"},
                {"may_edit", true},
                {"may_publish", true},
                {"exchange", {{"address", "http://127.0.0.1/fhir"}, {"reachable", play != Play::not_known}}},
                {"queued", 0},
                {"view", "gp"}}
        .dump();
}

std::string no_issues() {
    return R"({"resourceType": "OperationOutcome", "issue": []})";
}

std::string outcome(const std::string& sentence, std::uint32_t revision) {
    json made = {{"sentence", sentence}, {"issues", json::array()}};
    if (revision != 0) made["revision"] = revision;
    return made.dump();
}

void write_flags(wire::FlagTableWriter& table, Play play, const wire::Patients& patients,
                 std::uint32_t revision, bool signed_in) {
    table.beat(wire::boot_milliseconds());
    table.unreachable(play == Play::not_known);
    const std::uint32_t not_known = table.word(word(CAREPLUG_SLOT_KNOWLEDGE, "not-known", "Plan not known"));
    table.not_known_word(not_known);
    Words words{table.word(word(CAREPLUG_SLOT_KNOWLEDGE, "plan", "Care plan")),
                table.word(word(CAREPLUG_SLOT_CPR, "dnacpr", "DNACPR")),
                table.word(word(CAREPLUG_SLOT_TREATMENT, "ceiling-ward", "Ceiling: ward")),
                table.word(word(CAREPLUG_SLOT_TREATMENT, "no-icu", "Not for intensive care")),
                table.word(word(42, "later-engine", "Ventilator at home")),
                0};
    // Of this table, and never written.
    words.unknown = words.plan + 900;
    table.keep_only(patients);
    wire::FlagRow nobody;
    nobody.flags.size = sizeof nobody.flags;
    nobody.flags.reason = CAREPLUG_REASON_SIGNED_OUT;
    nobody.flags.count = 1;
    nobody.flags.flags[0].word = not_known;
    for (const auto& patient : patients) table.put(patient, signed_in ? row(play, revision, words) : nobody);
}

}  // namespace careplug::tools
