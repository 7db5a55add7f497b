// What others did to plans since this organisation accepted last.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine.h"
#include "plans/history.h"
#include "system/times.h"

namespace careplug::engine {
namespace {

using nlohmann::json;

// What practices accept is looked at in passing: what is known of plans must not wait for it.
constexpr std::int64_t longest_look_ms = 300;

using Accepted = std::map<std::string, plan::fhir::Accepted>;              // by plan
using Contacts = std::map<std::string, std::vector<plan::fhir::Contact>>;  // by plan

Accepted accepted_by(Exchange& exchange, const std::string& token, const std::string& organisation,
                     const std::vector<Session::Unaccepted>& plans) {
    std::string ids;
    for (const auto& one : plans)
        ids += (ids.empty() ? "" : ",") + plan::fhir::acceptance_id(one.plan_id, organisation);
    Accepted accepted;
    for (const auto& task : exchange.search("Task", {{"_id", ids}}, token)) {
        auto read = plan::fhir::read_acceptance(task);
        accepted[read.plan_id] = std::move(read.accepted);
    }
    return accepted;
}

// Who left a note, and when; the exchange tells no more before the record is opened.
Contacts left_by_others(Exchange& exchange, const std::string& token, const std::string& organisation,
                        const std::string& numbers, const std::string& form) {
    Contacts found;
    for (const auto& response : exchange.search(
             "QuestionnaireResponse",
             {{"patient.identifier", numbers}, {"questionnaire", form}, {"status", "completed"}}, token)) {
        auto one = plan::fhir::read_contact_header(response);
        if (one.organisation != organisation) found[one.plan_id].push_back(std::move(one));
    }
    for (auto& [plan_id, notes] : found)
        std::stable_sort(notes.begin(), notes.end(), [](const auto& a, const auto& b) {
            return parse_time(a.when) < parse_time(b.when);
        });
    return found;
}

// The plan's versions say who published and who changed its state; one that names nobody counts as another's.
void look_at_versions(const History& history, const std::string& organisation, Session::Elsewhere& now) {
    for (const auto& past : history.states) {
        const plan::Plan& header = past.header;
        if (past.published) {
            if (header.revision > now.accepted.revision && header.organisation != organisation)
                now.by_others = true;
        } else if (header.status_organisation != organisation &&
                   !now.accepted.holds_state(plan::fhir::counted_version(header.etag), header.revision)) {
            now.states.push_back(header);
            now.states.back().summary = {};
        }
    }
}

// Whether what the plan says of its last change is not enough.
bool needs_versions(const Session::Unaccepted& one, const Session::Elsewhere& now) {
    const std::int64_t versions = std::int64_t{one.version} - now.accepted.version;
    const std::int64_t revisions = std::int64_t{one.revision} - now.accepted.revision;
    const bool hidden = !now.by_others && revisions > 1;
    return hidden || (one.version != 0 && versions != revisions);
}

}  // namespace

// Nothing that is asked for here changes what is known, so an exchange that refuses it takes nothing away.
void Engine::ask_accepted(Exchange& exchange, Session& session, const Identity& identity,
                          const Asked& asked) {
    const std::string organisation = session.accepting_organisation();
    if (organisation.empty()) return;
    const auto plans = session.to_accept(asked.numbers);
    if (plans.empty()) return;
    std::map<std::string, Session::Elsewhere> elsewhere;
    try {
        auto accepted = accepted_by(exchange, identity.token, organisation, plans);
        auto notes = left_by_others(exchange, identity.token, organisation, asked.all_numbers(),
                                    catalogue_.contact().url);
        const std::int64_t began = boot_ms();
        for (const auto& one : plans) {
            Session::Elsewhere now;
            now.plan_id = one.plan_id;
            now.accepted = accepted[one.plan_id];
            now.revision = one.revision;
            now.version = one.version;
            now.by_others = one.revision > now.accepted.revision && one.organisation != organisation;
            now.notes = std::move(notes[one.plan_id]);
            const Session::Elsewhere& last = one.last;
            if (!needs_versions(one, now)) {
                // Said by the plan itself.
            } else if (last.plan_id == now.plan_id && last.revision == now.revision &&
                       last.version == now.version && last.accepted.revision == now.accepted.revision &&
                       last.accepted.version == now.accepted.version) {
                now.by_others = last.by_others;
                now.states = last.states;
            } else if (boot_ms() - began <= longest_look_ms) {
                look_at_versions(fetch_states(exchange, identity.token, one.plan_id, catalogue_),
                                 organisation, now);
            } else {
                continue;
            }
            elsewhere[one.digits] = std::move(now);
        }
    } catch (const Unreachable&) {
        throw;
    } catch (const std::exception&) {
        log_.say("the exchange does not tell what this organisation accepted");
        return;
    }
    session.apply_accepted(elsewhere);
}

}  // namespace careplug::engine
