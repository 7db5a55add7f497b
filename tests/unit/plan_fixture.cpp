#include "plan_fixture.h"

#include <careplug/plan/fhir.h>
#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace plan_test {

namespace {

DataSet load(const std::string& name) {
    return read_data_set(read_file(std::string(CAREPLUG_SOURCE_DIR) + "/sdk/plan/datasets/" + name));
}

// Emoji, right to left, combining characters, markup, quotes, line breaks.
const std::string difficult =
    "\"Ünïcode\" \xF0\x9F\x9A\x91 \xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D e\xCC\x81 <script>alert('x')</script> & "
    "\\ {dem.nhs}\nline two\t.";

Value answer_to(const Field& field, std::size_t which) {
    switch (field.type) {
        case ItemType::choice:
            return field.options.at(which % field.options.size()).coding;
        case ItemType::open_choice:
            if (which == 1) return difficult;
            if (field.options.empty()) return Coding{snomed, "1234567890", "A diagnosis"};
            return field.options.at(which % field.options.size()).coding;
        case ItemType::boolean:
            return true;
        case ItemType::integer:
            return field.minimum.value_or(1) + static_cast<std::int64_t>(field.step.value_or(1));
        case ItemType::date:
            return Date{field.partial_date && which == 0 ? "2026-03" : "2026-02-28"};
        case ItemType::date_time:
            return DateTime{"2026-11-21T14:02:00+00:00"};
        default:
            if (!field.validation.empty()) return std::string("9990000018");
            return field.is_phone ? "020 7946 001" + std::to_string(which)
                                  : difficult + std::to_string(which);
    }
}

Item filled(const Field& field, std::size_t row) {
    Item item{field.link_id, {}, {}};
    if (field.has_row_id)
        item.items.push_back({row_link_id(field.link_id), {Value("row-" + std::to_string(row))}, {}});
    if (field.type == ItemType::group) {
        for (const Field& child : field.items) item.items.push_back(filled(child, row));
        return item;
    }
    const std::size_t answers = field.repeats ? 2 : 1;
    for (std::size_t i = 0; i < answers; ++i)
        item.answers.push_back(answer_to(field, field.repeats ? i : row));
    return item;
}

}  // namespace

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

const DataSet& urgent_care_plan() {
    static const DataSet data_set = load("urgent-care-plan.json");
    return data_set;
}

const DataSet& contact_form() {
    static const DataSet data_set = load("urgent-care-contact.json");
    return data_set;
}

const DataSet& contingency_plan() {
    static const DataSet data_set = load("contingency-plan.json");
    return data_set;
}

Coding option(const DataSet& data_set, const std::string& link_id, const std::string& code) {
    const Field* field = data_set.find(link_id);
    if (field == nullptr) throw std::runtime_error("no field " + link_id);
    for (const Option& each : field->options)
        if (each.coding.code == code) return each.coding;
    throw std::runtime_error("no option " + code + " of " + link_id);
}

Answers complete_answers() {
    const DataSet& set = urgent_care_plan();
    Answers answers;
    const auto choose = [&](const char* link_id, const char* code) {
        answers.set(link_id, option(set, link_id, code));
    };
    answers.set("meta.review", Date{"2027-05-21"});
    choose("con.status", "882921000000109");
    answers.set("con.date", Date{"2026-11-20"});
    answers.set("dem.family", std::string("Nkemelu"));
    answers.set("dem.given", std::string("Adaeze"));
    answers.set("dem.dob", Date{"1944-06-19"});
    answers.set("dem.nhs", std::string("9990000018"));
    choose("dem.nhs_status", "01");
    answers.set("dem.address", std::string("4 Orchard Row, Alderwick"));
    choose("ppl.carer", urgent_care_plan().find("ppl.carer")->options.front().coding.code.c_str());
    answers.set("ppl.gp", std::string("Dr P. Iwobi"));
    answers.replace(
        "ppl.practice",
        {{"ppl.practice", {}, {{"ppl.practice.name", {Value(std::string("Alder Lane Surgery"))}, {}}}}});
    answers.set("dx.primary", Coding{snomed, "1234567890", "Heart failure"});
    choose("alg.state", "no-known-allergies");
    choose("cpr.decision", "450476008");
    answers.set("cpr.date", Date{"2026-11-01"});
    answers.replace("cpr.by", {{"cpr.by",
                                {},
                                {{"cpr.by.name", {Value(std::string("Dr A. Patel"))}, {}},
                                 {"cpr.by.role", {Value(std::string("GP"))}, {}}}}});
    answers.set("cpr.where", std::string("Yellow folder, hall"));
    answers.set("cpr.reason", std::string("Agreed with the person"));
    choose("tep.level", "hospital-ward-based-treatment");
    choose("leg.adrt", "none-known");
    choose("leg.lpa", urgent_care_plan().find("leg.lpa")->options.back().coding.code.c_str());
    choose("leg.capacity", "has-capacity");
    return answers;
}

Answers every_answer() {
    Answers answers;
    for (const Field* field : urgent_care_plan().fields()) {
        const std::size_t rows = field->type == ItemType::group && field->repeats ? 3 : 1;
        for (std::size_t row = 0; row < rows; ++row) answers.items.push_back(filled(*field, row));
    }
    return answers;
}

Plan active_plan(const DataSet& data_set, const Answers& answers) {
    Plan plan;
    plan.id = "6f0d5c1e-7f5a-4f0e-9d51-0e4a54a1c001";
    plan.data_set = data_set.canonical();
    plan.nhs_number = "9990000018";
    plan.patient_reference = "Patient/1";
    plan.revision = 7;
    plan.revision_id = "6f0d5c1e-7f5a-4f0e-9d51-0e4a54a1c007";
    plan.created = "2026-11-01T09:00:00Z";
    plan.amended = "2026-11-20T09:30:00Z";
    plan.author = "Dr P. Iwobi, GP, Alder Lane Surgery";
    plan.approver = plan.author;
    plan.approver_role = "gp";
    plan.review = "2027-05-21";
    plan.summary = fhir::summary_of(data_set, answers);
    return plan;
}

std::vector<Flag> flags(const DataSet& data_set, const Answers& answers, const std::string& view) {
    FlagContext context;
    context.view = view;
    context.today = today;
    context.checked = "14:02";
    return flags_of(data_set, active_plan(data_set, answers), context);
}

const Flag* find(const std::vector<Flag>& flags, const std::string& id) {
    const auto found =
        std::find_if(flags.begin(), flags.end(), [&](const Flag& flag) { return flag.id == id; });
    return found == flags.end() ? nullptr : &*found;
}

std::vector<Flag> in_slot(const std::vector<Flag>& flags, int slot) {
    std::vector<Flag> found;
    std::copy_if(flags.begin(), flags.end(), std::back_inserter(found),
                 [&](const Flag& flag) { return flag.slot == slot; });
    return found;
}

int count(const std::vector<Issue>& issues, const std::string& link_id, Severity severity) {
    return static_cast<int>(std::count_if(issues.begin(), issues.end(), [&](const Issue& issue) {
        return issue.link_id == link_id && issue.severity == severity;
    }));
}

std::string words_of(const std::vector<Issue>& issues) {
    std::string words;
    for (const Issue& issue : issues) words += issue.link_id + ": " + issue.words + "\n";
    return words;
}

Actor gp() {
    Actor actor;
    actor.subject = "piwobi";
    actor.issuer = "gp";
    actor.name = "Dr P. Iwobi";
    actor.role = "gp";
    actor.organisation = "Y90001";
    actor.organisation_name = "Alder Lane Surgery";
    return actor;
}

}  // namespace plan_test
