// What the engine asks of the exchange for the patients that a session shows.
#include <careplug/plan/nhs_number.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine.h"
#include "system/times.h"

namespace careplug::engine {
namespace {

using nlohmann::json;

constexpr std::size_t numbers_in_one_search = 200;
// How often one question may be halved to find out whose answer cannot be told.
constexpr int most_halvings = 64;

std::string number_list(const std::vector<std::string>& numbers, std::size_t from, std::size_t to) {
    std::string list;
    for (std::size_t at = from; at < to; ++at) {
        if (!list.empty()) list += ',';
        list += std::string(plan::nhs_number_system) + "|" + numbers[at];
    }
    return list;
}

const std::string& subject_of(const json& resource) {
    return resource.at(resource.contains("for") ? "for" : "subject")
        .at("identifier")
        .at("value")
        .get_ref<const std::string&>();
}

// Whose plan this is: empty where the plan does not say so in a number that is one.
std::string number_of(const json& care_plan) {
    try {
        const auto number = plan::parse_nhs_number(subject_of(care_plan));
        return number.valid() ? number.digits : std::string();
    } catch (const json::exception&) {
        return {};
    }
}

// The numbers that a resource names: of its subject, or a Patient's own.
std::vector<std::string> numbers_in(const json& resource) {
    std::vector<std::string> numbers;
    if (resource.value("resourceType", std::string()) != "Patient") return {number_of(resource)};
    for (const auto& identifier : resource.value("identifier", json::array()))
        if (const auto number = plan::parse_nhs_number(identifier.value("value", std::string()));
            number.valid())
            numbers.push_back(number.digits);
    return numbers;
}

}  // namespace

void Engine::poll(Exchange& exchange, Session& session) {
    const auto identity = session.identity();
    if (!identity) return;
    ask_inbox(exchange, session, *identity);
    const auto numbers = session.numbers();
    // Asked even where nobody is shown: session-state says whether the exchange answers.
    if (numbers.empty()) {
        exchange.send("GET", "metadata", identity->token);
        return;
    }
    ask(exchange, session, *identity, numbers);
}

void Engine::ask(Exchange& exchange, Session& session, const Identity& identity,
                 const std::vector<std::string>& numbers) {
    try {
        for (std::size_t from = 0; from < numbers.size(); from += numbers_in_one_search) {
            const std::size_t to = std::min(numbers.size(), from + numbers_in_one_search);
            int halvings = most_halvings;
            ask_some(exchange, session, identity,
                     {numbers.begin() + static_cast<std::ptrdiff_t>(from),
                      numbers.begin() + static_cast<std::ptrdiff_t>(to)},
                     halvings);
        }
    } catch (const Refused& refused) {
        if (refused.status == 401)
            session.identity_refused(identity.token, refused.what());
        else
            session.apply_failure(refused.status == 403 ? CAREPLUG_REASON_NOT_PERMITTED
                                                        : CAREPLUG_REASON_OTHER);
    } catch (const BadAnswer& failure) {
        log_.say(failure.what());
        session.apply_failure(CAREPLUG_REASON_OTHER);
    }
}

std::string Engine::Asked::number_now(const std::string& number) const {
    const auto found = now.find(number);
    return found == now.end() ? number : found->second;
}

std::string Engine::Asked::all_numbers() const {
    return number_list(wanted, 0, wanted.size());
}

// Whom the numbers belong to comes first: of a number that was superseded, or that two people answer to, no
// plan is asked for (hazard H1).
Engine::Asked Engine::ask_persons(Exchange& exchange, Session& session, const Identity& identity,
                                  const std::vector<std::string>& numbers) {
    const auto persons = persons_of(
        numbers,
        [&](const std::vector<std::string>& some) {
            return exchange.search("Patient", {{"identifier", number_list(some, 0, some.size())}},
                                   identity.token);
        },
        [&](const std::string& reference) { return exchange.read(reference, identity.token); });
    session.apply_persons(persons);
    Asked asked;
    for (const auto& number : numbers) {
        const Person& person = persons.at(number);
        if (person.state != Person::State::clear) continue;
        asked.numbers.push_back(number);
        asked.wanted.push_back(number);
        for (const auto& earlier : person.earlier)
            if (asked.now.emplace(earlier, number).second) asked.wanted.push_back(earlier);
    }
    return asked;
}

// A plan in the answer that names none of the numbers asked for is somebody's plan all the same (a number
// that was superseded, or is missing in the plan). Whoever it may be of must not read "no plan", so the
// question is halved until one number is left, whose answer is then not known.
void Engine::ask_some(Exchange& exchange, Session& session, const Identity& identity,
                      const std::vector<std::string>& all, int& halvings) {
    const std::int64_t checked = now_ms();
    const std::int64_t checked_boot = boot_ms();
    const Asked asked = ask_persons(exchange, session, identity, all);
    const std::vector<std::string>& numbers = asked.numbers;
    if (numbers.empty()) return;
    std::map<std::string, std::vector<json>> found;
    for (const auto& one : numbers) found[one];
    bool whose_is_not_known = false;
    for (auto& care_plan :
         exchange.search("CarePlan", {{"patient.identifier", asked.all_numbers()}}, identity.token)) {
        const auto owner = found.find(asked.number_now(number_of(care_plan)));
        if (owner == found.end())
            whose_is_not_known = true;
        else
            owner->second.push_back(std::move(care_plan));
    }
    ask_submissions(exchange, session, identity, asked);
    ask_proposals(exchange, session, identity, asked);
    if (!whose_is_not_known) {
        session.apply(numbers, found, checked, checked_boot);
        ask_accepted(exchange, session, identity, asked);
        return;
    }
    if (numbers.size() > 1 && --halvings >= 0) {
        const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
        ask_some(exchange, session, identity, {numbers.begin(), middle}, halvings);
        ask_some(exchange, session, identity, {middle, numbers.end()}, halvings);
        return;
    }
    // The plan whose person is not named may be anybody's of these, also of one whose other plan was found.
    session.apply_failure(CAREPLUG_REASON_OTHER, numbers);
}

// What colleagues could not publish, whichever patients are shown. It changes nothing that is known of plans.
void Engine::ask_inbox(Exchange& exchange, Session& session, const Identity& identity) {
    const std::string organisation = session.inbox_organisation();
    if (organisation.empty()) return;
    try {
        session.apply_inbox(exchange.search(
            "QuestionnaireResponse",
            {{"_tag", std::string(plan::fhir::inbox_system) + "|" + organisation}, {"status", "in-progress"}},
            identity.token));
    } catch (const Unreachable&) {
        throw;
    } catch (const std::exception&) {
        log_.say("the exchange does not tell what waits in the inbox of this organisation");
    }
}

// What patients propose, for who may decide it, and for the patient what became of it.
void Engine::ask_proposals(Exchange& exchange, Session& session, const Identity& identity,
                           const Asked& asked) {
    if (!session.wants_proposals()) return;
    std::map<std::string, std::vector<json>> found;
    try {
        send_audit(exchange);
        std::vector<std::pair<std::string, std::string>> query{{"patient.identifier", asked.all_numbers()}};
        if (!session.is_of_person()) query.emplace_back("status", "requested");
        for (auto& task : exchange.search("Task", query, identity.token))
            found[asked.number_now(number_of(task))].push_back(std::move(task));
    } catch (const Unreachable&) {
        throw;
    } catch (const std::exception&) {
        log_.say("the exchange does not tell what patients suggest");
        return;
    }
    session.apply_proposals(asked.numbers, found);
}

// Who may write plans sees what waits to be approved. What is asked for here changes no knowledge, so an
// exchange that refuses it takes nothing away.
void Engine::ask_submissions(Exchange& exchange, Session& session, const Identity& identity,
                             const Asked& asked) {
    if (!session.wants_submissions()) return;
    std::map<std::string, std::vector<json>> found;
    try {
        // What they say is given to whom the exchange was told of.
        send_audit(exchange);
        for (auto& response : exchange.search(
                 "QuestionnaireResponse",
                 {{"patient.identifier", asked.all_numbers()}, {"status", "in-progress"}}, identity.token))
            found[asked.number_now(number_of(response))].push_back(std::move(response));
    } catch (const Unreachable&) {
        throw;
    } catch (const std::exception&) {
        log_.say("the exchange does not tell which changes wait to be approved");
        return;
    }
    session.apply_submissions(asked.numbers, found);
}

void Engine::look_again(Exchange& exchange, Session& session, const std::string& type,
                        const std::set<std::string>& changed) {
    const auto identity = session.identity();
    const auto numbers = session.numbers();
    if (!identity || numbers.empty() || changed.empty()) return;
    const auto now = session.earlier_numbers();
    std::vector<std::string> wanted = numbers;
    for (const auto& [earlier, number] : now) wanted.push_back(earlier);
    const char* by_number = type == "Patient" ? "identifier" : "patient.identifier";
    std::string ids;
    for (const auto& one : changed) ids += (ids.empty() ? "" : ",") + one;
    std::set<std::string> of_mine;
    try {
        for (std::size_t from = 0; from < wanted.size(); from += numbers_in_one_search) {
            const std::size_t to = std::min(wanted.size(), from + numbers_in_one_search);
            for (const auto& resource : exchange.search(
                     type, {{"_id", ids}, {by_number, number_list(wanted, from, to)}}, identity->token)) {
                // Who replaced whom concerns both numbers.
                if (resource.contains("link")) of_mine.insert(numbers.begin(), numbers.end());
                for (const auto& number : numbers_in(resource)) {
                    of_mine.insert(number);
                    if (const auto found = now.find(number); found != now.end())
                        of_mine.insert(found->second);
                }
            }
        }
    } catch (const Unreachable&) {
        throw;
    } catch (const std::exception&) {
        // The complete question below says what is wrong.
        of_mine = {numbers.begin(), numbers.end()};
    }
    std::vector<std::string> mine;
    std::set_intersection(numbers.begin(), numbers.end(), of_mine.begin(), of_mine.end(),
                          std::back_inserter(mine));
    if (!mine.empty()) ask(exchange, session, *identity, mine);
}

}  // namespace careplug::engine
