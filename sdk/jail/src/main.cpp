// careplug-jail: started by careplug-engine for one plugin. It gives up everything, loads the plugin from the
// descriptor that it was given, and answers the engine's calls of it until the engine hangs up.
#include <careplug/wire/policy.h>
#include <careplug/wire/stream.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>

#include "policy_library.h"
#include "sandbox.h"
#include "serve.h"

namespace {

using namespace careplug;
using namespace careplug::jail;

bool tell(wire::Stream& engine, wire::PolicyFrame frame, wire::View payload) {
    return engine.send(wire::kind_of(frame), 0, payload) == wire::Outcome::done;
}

void run(wire::Stream& engine) {
    Sandbox sandbox;
    sandbox.confine(wire::jail_plugin_descriptor);
    if (!tell(engine, wire::PolicyFrame::confined, wire::view_of(sandbox.sentence()))) return;
    PolicyLibrary library(wire::jail_plugin_descriptor);
    ::close(wire::jail_plugin_descriptor);
    if (!sandbox.finish()) throw UnfitPlugin{wire::LoadFault::no_sandbox, {}};
    const careplug_policy& table = library.table();
    std::string facts;
    careplug_status status = CAREPLUG_OK;
    const bool described =
        text_answer(facts, status, [&](char* out, std::uint64_t capacity, std::uint64_t* length) {
            return table.describe(out, capacity, length);
        });
    if (!described || status >= 100) throw UnfitPlugin{wire::LoadFault::no_description, {}};
    if (tell(engine, wire::PolicyFrame::ready, wire::view_of(facts))) serve(engine, table);
}

}  // namespace

int main() {
    int kind = 0;
    socklen_t size = sizeof kind;
    if (::getsockopt(wire::jail_socket_descriptor, SOL_SOCKET, SO_TYPE, &kind, &size) != 0) {
        std::fputs("careplug-jail is started by careplug-engine, not by hand.\n", stderr);
        return 2;
    }
    ::close(wire::jail_program_descriptor);
    wire::Stream engine(wire::jail_socket_descriptor);
    try {
        run(engine);
    } catch (const UnfitPlugin& unfit) {
        tell(engine, wire::PolicyFrame::unfit, encode(wire::Unfit{unfit.fault, unfit.sentence}));
    } catch (const std::exception&) {
        // Memory, or what a plugin threw across its boundary: the engine hears the socket end.
        std::_Exit(3);
    }
    // Nothing of the plugin's runs once more at the end.
    std::_Exit(0);
}
