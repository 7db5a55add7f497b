#include "plans.h"

#include <careplug/plan/prefill.h>

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "random.h"
#include "record_bundle.h"

namespace careplug::sim {
namespace {

using plan::Answers;
using plan::Coding;
using plan::Date;
using plan::Item;

// Of the people whom all three hosts list.
constexpr std::size_t awaiting_person = 6;
constexpr std::size_t suspended_person = 8;
constexpr std::size_t closed_person = 11;

constexpr const char* snomed = "http://snomed.info/sct";
constexpr const char* local = plan::fhir::local_system;

std::string uuid(Random& random) {
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (const char c : std::string("xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx"))
        out += c == 'x' ? digits[random.below(16)] : c;
    return out;
}

// A code of the field's own value set, or one of an older system, which stays as it was written.
Coding code_of(const plan::DataSet& data_set, const std::string& link_id, const std::string& code) {
    if (const plan::Field* field = data_set.find(link_id))
        for (const plan::Option& option : field->options)
            if (option.coding.code == code) return option.coding;
    if (code == "304253006") return {snomed, code, "Not for resuscitation"};
    throw std::invalid_argument("The data set has no code " + code + " for " + link_id + ".");
}

Item text_item(const std::string& link_id, const std::string& text) {
    return {link_id, {text}, {}};
}

Item row_of(const std::string& group, Random& random, std::vector<Item> items) {
    items.insert(items.begin(), text_item(plan::row_link_id(group), uuid(random)));
    return {group, {}, std::move(items)};
}

// Writes one person's answers.
class Writer {
public:
    Writer(const plan::DataSet& data_set, Answers& answers, Random& random)
        : data_set_(data_set), answers_(answers), random_(random) {}

    void code(const std::string& link_id, const std::string& value) {
        answers_.set(link_id, code_of(data_set_, link_id, value));
    }
    void text(const std::string& link_id, const std::string& value) { answers_.set(link_id, value); }
    void date(const std::string& link_id, const std::string& value) { answers_.set(link_id, Date{value}); }
    void clear(const std::string& link_id) { answers_.clear(link_id); }
    void row(const std::string& group, std::vector<Item> items) {
        answers_.replace(group, {row_of(group, random_, std::move(items))});
    }
    void group(const std::string& link_id, std::vector<Item> items) {
        answers_.replace(link_id, {Item{link_id, {}, std::move(items)}});
    }

private:
    const plan::DataSet& data_set_;
    Answers& answers_;
    Random& random_;
};

// Whether the decision is for CPR.
bool write_cpr(Writer& write, Random& random, bool child) {
    const std::size_t kind = random.below(10);
    if (kind == 9) {
        write.code("cpr.decision", "no-decision-recorded");
        write.clear("cpr.by");
        return false;
    }
    write.code("cpr.decision", child       ? "modified-cpr"
                               : kind == 0 ? "304253006"
                               : kind < 7  ? "450476008"
                                           : "450475007");
    write.date("cpr.date",
               "2026-0" + std::to_string(random.between(1, 9)) + "-1" + std::to_string(random.between(0, 9)));
    write.text("cpr.reason", "Frailty and advanced illness; discussed at home.");
    write.code("cpr.discussed", "873341000000100");
    write.text("cpr.where", random.one_in(2) ? "Yellow folder, hall table"
                                             : "Bedside drawer, with the district nurse notes");
    write.group("cpr.by", {text_item("cpr.by.name", "Dr P. Iwobi"), text_item("cpr.by.role", "GP")});
    return !child && kind >= 7;
}

void write_treatment(Writer& write, Random& random, const plan::DataSet& data_set) {
    constexpr std::array<const char*, 5> levels = {
        "full-escalation-including-intensive-care", "hospital-ward-based-treatment",
        "hospital-only-if-not-manageable-at-home", "treat-in-usual-place-of-residence", "comfort-care-only"};
    write.code("tep.level", levels[random.below(levels.size())]);
    write.text("tep.text", "Oral antibiotics first; not for ventilation by tube.");
    write.row("tep.scenario", {text_item("tep.scenario.problem", "Breathless"),
                               {"tep.scenario.level", {code_of(data_set, "tep.scenario.level", "home")}, {}},
                               text_item("tep.scenario.action",
                                         "Sit up, fan, then 2.5 mg oral morphine. Call the hospice line.")});
}

void write_legal(Writer& write, Random& random, bool for_cpr) {
    if (random.one_in(4) && !for_cpr) {
        write.code("leg.adrt", "816321000000109");
        write.text("leg.adrt_text", "Refuses ventilation and artificial feeding, also if life is at risk.");
        write.date("leg.adrt_date", "2025-02-03");
        write.text("leg.adrt_where", "Copy with the GP");
    } else {
        write.code("leg.adrt", "none-known");
    }
    if (random.one_in(3)) {
        write.code("leg.lpa", "816381000000105");
        write.row("leg.attorney", {text_item("leg.attorney.name", "Grace Clarke"),
                                   text_item("leg.attorney.phone", "07700 900 417")});
    } else {
        write.code("leg.lpa", "none-known");
    }
    write.code("leg.capacity", random.one_in(4) ? "does-not-have-capacity" : "has-capacity");
}

void write_medicines(Writer& write, Random& random, const plan::DataSet& data_set) {
    if (random.one_in(3)) {
        write.code("med.antic", "376201000000102");
        write.text("med.antic_where", "Kitchen, blue tin");
        write.date("med.antic_exp", random.one_in(3) ? "2026-10-31" : "2028-03-31");
    } else {
        write.code("med.antic", "not-prescribed");
    }
    if (random.one_in(6))
        write.row("med.devices",
                  {{"med.devices.kind", {code_of(data_set, "med.devices.kind", "icd")}, {}},
                   {"med.devices.icd", {code_of(data_set, "med.devices.icd", "icd-active")}, {}}});
}

void write_people_and_wishes(Writer& write, Random& random, const Person& person) {
    write.code("ppl.carer", random.one_in(4) ? "414041006" : "184156005");
    write.row("ppl.emergency", {{"ppl.emergency.order", {std::int64_t{1}}, {}},
                                text_item("ppl.emergency.name", random.one_in(2) ? "Grace " + person.family
                                                                                 : "Luca " + person.family),
                                text_item("ppl.emergency.relationship", "son or daughter"),
                                text_item("ppl.emergency.phone", person.phone)});
    write.code("pref.care", random.one_in(4) ? "41" : "21");
    write.code("pref.ppd1", "21");
    write.text("pref.matters", "To be at home, with the radio on and the dog on the bed.");
    if (random.one_in(8))
        write.text("risk.staff", "Large dog: ask for it to be shut in the kitchen before going in.");
    if (random.one_in(3)) {
        write.text("dem.access", "Ring twice, slow to the door.");
        write.text("dem.keysafe", "Left of the door, code held by the family");
    }
}

plan::Actor author_of(Random& random) {
    if (random.one_in(3))
        return {"bthorne", "sim", "Dr B. Thorne", "hospital_clinician", true, "RZZ01", "Eastmoor General"};
    return {"piwobi", "sim", "Dr P. Iwobi", "gp", true, "Y90001", "Alder Lane Surgery"};
}

}  // namespace

SeedPlan make_plan(const Population& population, std::size_t person_index, std::uint64_t seed,
                   const plan::DataSet& data_set, const std::string& today) {
    const Person& person = population.people.at(person_index);
    Random random(seed * 7919 + person_index);
    SeedPlan out;
    out.revision.plan_id = uuid(random);
    out.revision.id = uuid(random);
    out.revision.author = author_of(random);
    out.revision.authored = today + "T00:00:00Z";
    out.revision.answers = plan::prefill(data_set, nlohmann::json::parse(record_bundle(person)),
                                         out.revision.author, out.revision.authored);
    Writer write(data_set, out.revision.answers, random);
    write.code("con.status", "882921000000109");
    write.date("con.date", "2026-01-1" + std::to_string(random.between(0, 9)));
    if (!person.problems.empty()) write.text("dx.primary", person.problems.front().text);
    if (person.allergy_list == AllergyList::unreadable)
        write.code("alg.state", "not-recorded-could-not-be-read");
    const bool for_cpr = write_cpr(write, random, std::stoi(person.birth_date.substr(0, 4)) > 2008);
    write_treatment(write, random, data_set);
    write_legal(write, random, for_cpr);
    write_medicines(write, random, data_set);
    write_people_and_wishes(write, random, person);
    write.date("meta.review", random.one_in(6) ? "2026-10-01" : "2028-01-15");
    out.subject = {person.nhs_number,
                   person.family,
                   person.given,
                   person.birth_date,
                   person.sex,
                   person.address_line + ", " + person.city + ", " + person.postcode,
                   ""};
    if (person_index == suspended_person) out.act = plan::PlanAct::suspend;
    if (person_index == closed_person) out.act = plan::PlanAct::close;
    if (person_index == awaiting_person) {
        out.submission = out.revision;
        out.submission->id = uuid(random);
        out.submission->author = {"lodell", "sim",    "Nurse L. Odell",    "district_nurse",
                                  false,    "Y90001", "Alder Lane Surgery"};
        out.submission->base_revision_id = out.revision.id;
        out.submission->answers.set(
            "pref.matters", std::string("To be at home, with the radio on; the dog now lives with her son."));
    }
    return out;
}

}  // namespace careplug::sim
