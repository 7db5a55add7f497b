// Events and requests: what a host pulls and answers.
#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <set>

#include "base64url.h"
#include "judges.h"

namespace careplug::tools::host_events {

namespace {

using nlohmann::json;

constexpr std::int64_t longest_wait = 5000;    // milliseconds that an event may lie
constexpr std::size_t most_empty_looks = 500;  // in a second

struct Request {
    Day::Index asked;
    std::string what;
    std::string number;
    std::vector<Day::Index> answers;
};

// With what the host answered them, as far as it pulled them.
std::vector<Request> requests(const Day& day) {
    std::vector<Request> list;
    for (const auto index : day.all(
             [](const Entry& entry) { return entry.what == Entry::What::sent && entry.name == "request"; })) {
        const json said = json::parse(day.entries[index].text);
        Request request{index, said.value("what", ""), said.value("number", ""), {}};
        for (const auto answer : day.all(asked("careplug_complete")))
            if (arguments(day.entries[answer]).at(0) == day.entries[index].handle)
                request.answers.push_back(answer);
        list.push_back(std::move(request));
    }
    return list;
}

bool given_in_full(const Day& day, Day::Index answer) {
    return arguments(day.entries[answer]).at(1) == CAREPLUG_OK;
}

std::string body_of(const Day& day, Day::Index answer) {
    return arguments(day.entries[answer]).at(2).get<std::string>();
}

// The header and the claims of a token; not an object where it is none.
std::pair<json, json> token(const std::string& text) {
    const auto first = text.find('.'), second = text.rfind('.');
    if (first == std::string::npos || second == first) return {};
    const auto part = [](const std::string& encoded) {
        return json::parse(from_base64url(encoded).value_or(""), nullptr, false);
    };
    return {part(text.substr(0, first)), part(text.substr(first + 1, second - first - 1))};
}

std::vector<Day::Index> identities(const Day& day) {
    std::vector<Day::Index> list;
    for (const Request& request : requests(day))
        if (request.what == "identity")
            for (const auto answer : request.answers)
                if (given_in_full(day, answer)) list.push_back(answer);
    return list;
}

}  // namespace

void pulls_events(const Day& day) {
    applies(day.had_session(), "No session was open.");
    const auto sent =
        day.all([](const Entry& entry) { return entry.what == Entry::What::sent && entry.name == "event"; });
    const auto taken = day.all([](const Entry& entry) {
        return entry.what == Entry::What::event && entry.status != CAREPLUG_EVENT_ENGINE;
    });
    const auto closing = day.next(0, [](const Entry& entry) {
        return entry.what == Entry::What::ended && (entry.name == "session" || entry.name == "loader");
    });
    const std::int64_t end = closing ? day.entries[*closing].time : day.entries.back().time;
    // Events come in the order in which they were sent; one of a closed panel is dropped, which only helps.
    for (std::size_t i = 0; i < sent.size(); ++i) {
        const std::int64_t lay =
            (i < taken.size() ? day.entries[taken[i]].time : end) - day.entries[sent[i]].time;
        expect(lay <= longest_wait, "An event lay for " + std::to_string(lay / 1000) +
                                        " seconds: pull events until NONE, from a timer or when the wait "
                                        "handle is readable.");
    }
}

void does_not_spin(const Day& day) {
    const auto looks = day.all([](const Entry& entry) {
        return entry.what == Entry::What::call && entry.name == "careplug_next_event" &&
               entry.status == CAREPLUG_OK_NONE;
    });
    applies(!looks.empty(), "No event was waited for.");
    for (std::size_t i = most_empty_looks; i < looks.size(); ++i)
        expect(day.entries[looks[i]].time - day.entries[looks[i - most_empty_looks]].time >= 1000,
               "careplug_next_event found nothing more than " + std::to_string(most_empty_looks) +
                   " times in a second: wait between, for the wait handle or a timer.");
}

void answers_requests(const Day& day) {
    applies(day.ended_well(), "The host gave up this day.");
    applies(!day.loses_engine(), "Nobody was there to be answered.");
    const auto all = requests(day);
    const auto taken = day.all(pulled(CAREPLUG_EVENT_REQUEST)).size();
    applies(taken > 0, "No request was pulled.");
    // Requests are pulled in the order in which they were asked.
    for (std::size_t i = 0; i < std::min(taken, all.size()); ++i)
        expect(!all[i].answers.empty(), "The request \"" + all[i].what +
                                            "\" was pulled and never answered: what cannot be given is "
                                            "answered with 100 and a sentence.");
}

void answers_once(const Day& day) {
    applies(day.next(0, asked("careplug_complete")).has_value(), "No request was answered.");
    const auto twice = day.next(0, [](const Entry& entry) {
        return entry.what == Entry::What::mistake && entry.name == "careplug_complete" &&
               entry.text.find("has already answered") != std::string::npos;
    });
    if (twice) throw Failed(day.entries[*twice].text);
}

void signs_the_identity(const Day& day) {
    const auto answers = identities(day);
    applies(!answers.empty(), "No identity was given.");
    for (const auto answer : answers) {
        const auto [header, claims] = token(body_of(day, answer));
        expect(header.is_object() && claims.is_object(), "The identity is no JSON Web Token.");
        expect(text_in(header, "alg") == "RS256" && !text_in(header, "kid").empty(),
               "The token is not signed with RS256 by a key that \"kid\" names.");
        for (const char* claim : {"iss", "sub", "name", "role", "organisation", "aud"})
            expect(!text_in(claims, claim).empty(), std::string("The token lacks the claim ") + claim + ".");
        expect(claims.at("aud") == "careplug-exchange", "The token is for another audience than asked for.");
    }
}

void identity_is_fresh(const Day& day) {
    const auto answers = identities(day);
    applies(!answers.empty(), "No identity was given.");
    for (const auto answer : answers) {
        const auto [header, claims] = token(body_of(day, answer));
        applies(claims.is_object(), "The identity is no JSON Web Token.");
        const std::int64_t now = day.entries[answer].time / 1000;
        expect(claims.contains("exp") && claims.at("exp").is_number_integer(),
               "The token has no time of expiry.");
        const auto expires = claims.at("exp").get<std::int64_t>();
        expect(expires > now, "The token had expired when it was given.");
        expect(expires - now <= 610, "The token lives longer than 10 minutes.");
    }
}

void gives_the_record_asked_for(const Day& day) {
    bool any = false;
    for (const Request& request : requests(day)) {
        if (request.what != "record") continue;
        for (const auto answer : request.answers) {
            any = true;
            if (!given_in_full(day, answer)) continue;
            const std::string body = body_of(day, answer);
            const json bundle = json::parse(body, nullptr, false);
            expect(bundle.is_discarded() || text_in(bundle, "resourceType") == "Bundle",
                   "The record is no FHIR Bundle.");
            expect(body.find(request.number) != std::string::npos,
                   "The record of one patient was asked for and that of another given.");
        }
    }
    applies(any, "No record was asked for.");
}

void refuses_what_it_cannot_give(const Day& day) {
    bool any = false;
    for (const Request& request : requests(day)) {
        if (request.what == "identity" || request.what == "record") continue;
        for (const auto answer : request.answers) {
            any = true;
            expect(!given_in_full(day, answer),
                   "A request that no host knows was answered as if it had been given.");
            expect(!body_of(day, answer).empty(), "A request was refused without a sentence.");
        }
    }
    applies(any, "Nothing unknown was asked for.");
}

void waits_for_the_identity(const Day& day) {
    const auto opened = day.next(0, asked("careplug_patient_open"));
    const auto signed_in = day.next(0, [](const Entry& entry) {
        return entry.what == Entry::What::sent && entry.name == "event" &&
               json::parse(entry.text).value("kind", 0) == CAREPLUG_EVENT_SESSION &&
               entry.status == CAREPLUG_OK;
    });
    applies(opened || (day.is(Play::identity_refused) && day.had_session()), "No patient was opened.");
    expect(!opened || (signed_in && *signed_in < *opened),
           "A patient was opened while nobody was signed in: wait for EVENT_SESSION with status 0.");
}

void ignores_unknown_kinds(const Day& day) {
    applies(day.is(Play::unknown_values), "No event of an unknown kind was sent.");
    applies(day.next(0, pulled(99)).has_value(), "The event was not pulled.");
    expect(day.ended_well(),
           "After an event of an unknown kind the host did not go on as on an ordinary day.");
}

}  // namespace careplug::tools::host_events
