#include "checking_engine.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "checking_session.h"

namespace careplug::tools {

namespace {

const Scenario& chosen(const std::filesystem::path& folder) {
    std::string name;
    std::ifstream(folder / scenario_file) >> name;
    const Scenario* const found = find_scenario(name);
    return found != nullptr ? *found : scenarios().front();
}

}  // namespace

int checking_engine(const std::filesystem::path& folder) {
    const Play play = chosen(folder).play;
    TimelineWriter timeline(folder / timeline_file);
    played::Part part;
    part.greet = [&](const wire::Hello& hello, wire::Stream&) {
        // The loader starts another engine. Here none comes back: the host has to live without.
        for (const Entry& entry : read_timeline(folder / timeline_file))
            if (entry.what == Entry::What::sent && entry.name == engine_ends) ::_exit(1);
        wire::HelloAnswer answer;
        if (play == Play::open_refused) {
            answer.status = CAREPLUG_REFUSED_STORAGE;
            answer.sentence =
                "The folder of the care plan service cannot be written. Tell your administrator.";
        }
        timeline.write({{"asked", "careplug_open"},
                        {"arguments", {hello.host_name, hello.settings}},
                        {"status", answer.status}});
        return answer;
    };
    part.open_session = [&](const std::string& kind, const wire::SessionResume*, wire::Stream& calls,
                            wire::Stream& events) {
        wire::Reply reply;
        if (play == Play::session_refused) {
            reply.status = CAREPLUG_FAILED_PLUGIN;
            reply.problem = "There is no plugin for this kind of host.";
        } else {
            std::thread([play, &timeline, own_calls = std::move(calls),
                         own_events = std::move(events)]() mutable {
                CheckingSession session(play, timeline, std::move(own_events));
                played::serve_calls(
                    own_calls,
                    {[&](const auto& signature, const auto& call, played::Outgoing& out) {
                         session.answer(signature, call, out);
                     },
                     [&](const wire::Table& told, int descriptor) { session.take_table(told, descriptor); }});
                timeline.write({{"sent", "session-ended"}});
            }).detach();
        }
        timeline.write({{"asked", "careplug_session_open"}, {"arguments", {kind}}, {"status", reply.status}});
        return reply;
    };
    const int status = played::serve_control(part);
    timeline.write({{"sent", "engine-ended"}});
    // Sessions still run on threads of their own.
    ::_exit(status);
}

}  // namespace careplug::tools
