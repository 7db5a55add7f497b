// When an engine can no longer serve though it lives, it ends, and the loader starts another.
#include <errno.h>
#include <fcntl.h>

#include <cstdlib>

#include "engine.h"
#include "system/times.h"

namespace careplug::engine {
namespace {

constexpr std::int64_t proven_ms = 65 * 1000;
constexpr std::int64_t look_at_files_every_ms = 5 * 1000;

}  // namespace

// Another engine takes over: what matters is on disk, and the loader starts one.
void Engine::make_way(const std::string& reason) {
    log_.say(reason + ": another engine takes over");
    std::_Exit(0);
}

void Engine::look_at_itself() {
    if (!package::Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)) && errno == EMFILE)
        make_way("no file can be opened any more, too many are open");
    // Soon enough after a change of networks, and so late that the loader takes this engine for a good one.
    if (boot_ms() - started_ < proven_ms || boot_ms() - looked_at_files_ < look_at_files_every_ms) return;
    looked_at_files_ = boot_ms();
    if (const std::string file = confinement_.shut_out(); !file.empty())
        make_way(file + " was replaced by a file that this engine may not read");
}

}  // namespace careplug::engine
