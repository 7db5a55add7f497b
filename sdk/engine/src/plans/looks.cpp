#include "plans/looks.h"

#include <careplug/plan/nhs_number.h>
#include <careplug/plan/relationship.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "system/times.h"

namespace careplug::engine {
namespace {

using nlohmann::json;
namespace kind = plan::audit_kind;
namespace basis = plan::basis;

// What one person does within this time of what they did before is one visit.
constexpr std::int64_t pause_ms = 30 * 60 * 1000;
constexpr std::size_t most_visits = 200;

std::string why_of(const std::string& of, const plan::Actor& who, bool of_reader) {
    const std::string whose = of_reader ? "you are" : "the person is";
    if (of == basis::registered) return whose + " registered with them";
    if (of == basis::caseload) return whose + " in the care of their team";
    if (of == basis::urgent_case) return of_reader ? "your urgent care" : "the person's urgent care";
    if (of == basis::self_claimed) return "for a reason that they gave; a privacy officer was told";
    if (of == basis::break_glass) return "in an emergency; a privacy officer was told";
    if (of == basis::own_plan && who.role == "patient") return "it is their own plan";
    if (of == basis::own_plan) return of_reader ? "they act for you" : "they act for the person";
    return "the reason is not known";
}

std::string what_of(const std::string& of) {
    if (of == kind::open) return "opened the record";
    if (of == kind::reveal) return "looked at an answer that is covered at first";
    if (of == kind::break_glass) return "opened the plan in an emergency";
    return "opened the plan";
}

// An emergency stands above what else a visit was for.
int weight(const std::string& of) {
    return of == basis::break_glass ? 3 : of == basis::self_claimed ? 2 : of.empty() ? 0 : 1;
}

struct Visit {
    plan::Actor actor;
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::string basis;
    std::vector<std::string> what;
};

// The last opening of somebody who goes on reading later.
struct Opening {
    std::string basis;
    std::int64_t at = 0;
};

std::vector<Visit> visits_of(const std::vector<plan::AuditRecord>& events, const plan::DataSet& data_set) {
    std::vector<Visit> visits;
    std::map<std::string, std::size_t> going_on;
    std::map<std::string, Opening> openings;
    for (const auto& event : events) {
        const std::string who = event.actor.words();
        const std::int64_t at = parse_time(event.when);
        const auto found = going_on.find(who);
        if (found == going_on.end() || at - visits[found->second].last > pause_ms) {
            going_on[who] = visits.size();
            visits.push_back({event.actor, at, at, {}, {}});
        }
        Visit& visit = visits[going_on[who]];
        visit.last = at;
        std::string of = event.kind == kind::break_glass ? basis::break_glass : event.basis;
        if (of.empty()) {
            const auto& opening = openings[who];
            if (at - opening.at <= plan::open_for_ms(data_set, event.actor, opening.basis))
                of = opening.basis;
        } else {
            openings[who] = {of, at};
        }
        if (weight(of) >= weight(visit.basis)) visit.basis = of;
        const std::string what = what_of(event.kind);
        if (std::find(visit.what.begin(), visit.what.end(), what) == visit.what.end())
            visit.what.push_back(what);
    }
    return visits;
}

}  // namespace

std::vector<plan::AuditRecord> fetch_looks(Exchange& exchange, const std::string& token,
                                           const std::string& digits) {
    std::string kinds;
    for (const char* each : {kind::open, kind::read, kind::reveal, kind::break_glass})
        kinds += (kinds.empty() ? "" : ",") + std::string(each);
    std::vector<plan::AuditRecord> events;
    for (const auto& event :
         exchange.search("AuditEvent",
                         {{"patient.identifier", std::string(plan::nhs_number_system) + "|" + digits},
                          {"subtype", kinds}},
                         token)) {
        try {
            events.push_back(plan::fhir::read_audit_event(event));
        } catch (const std::invalid_argument& unreadable) {
            throw BadAnswer(unreadable.what());
        }
    }
    return events;
}

json draw_looks(std::vector<plan::AuditRecord> events, const plan::DataSet& data_set,
                const plan::Actor& reader) {
    std::stable_sort(events.begin(), events.end(), [](const auto& one, const auto& other) {
        return parse_time(one.when) < parse_time(other.when);
    });
    auto visits = visits_of(events, data_set);
    std::stable_sort(visits.begin(), visits.end(),
                     [](const Visit& one, const Visit& other) { return one.last > other.last; });
    json out{{"state", "known"},
             {"note",
              "A list that shows only short signs of a plan is not counted here. What was looked at on a "
              "computer without a line is here once that computer has sent it."},
             {"entries", json::array()}};
    for (const Visit& visit : visits) {
        if (out["entries"].size() == most_visits) break;
        const plan::Actor& who = visit.actor;
        json entry{{"first", iso_time(visit.first)},
                   {"last", iso_time(visit.last)},
                   {"name", who.name},
                   {"role", who.role},
                   {"role_words", plan::role_words(who.role)},
                   {"organisation", who.organisation_name},
                   {"own", plan::is_person(who) && who.role == reader.role && who.name == reader.name},
                   {"emergency", visit.basis == basis::break_glass},
                   {"why", why_of(visit.basis, who, reader.role == "patient")},
                   {"what", visit.what}};
        out["entries"].push_back(std::move(entry));
    }
    if (visits.size() > most_visits) out["earlier"] = visits.size() - most_visits;
    return out;
}

json draw_unknown_looks(const std::string& why) {
    return {{"state", "not-known"},
            {"sentence",
             "It could not be found out who looked at this plan. That does not mean that nobody "
             "did. " +
                 why},
            {"entries", json::array()}};
}

}  // namespace careplug::engine
