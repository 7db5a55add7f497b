// How the loader starts an engine, and an engine a jail: with no signal blocked, ignored or handled, and with
// none of the starter's descriptors but those that are given.
#ifndef CAREPLUG_WIRE_SPAWN_PLAN_H
#define CAREPLUG_WIRE_SPAWN_PLAN_H

#include <signal.h>
#include <spawn.h>

namespace careplug::wire {

struct SpawnPlan {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;

    // Further attributes, such as POSIX_SPAWN_SETSID.
    explicit SpawnPlan(short flags = 0) {
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawnattr_init(&attributes);
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setsigmask(&attributes, &none);
        ::posix_spawnattr_setsigdefault(&attributes, &all);
        ::posix_spawnattr_setflags(
            &attributes, static_cast<short>(flags | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;
    ~SpawnPlan() {
        ::posix_spawn_file_actions_destroy(&actions);
        ::posix_spawnattr_destroy(&attributes);
    }

    void give(int descriptor, int as) { ::posix_spawn_file_actions_adddup2(&actions, descriptor, as); }
    void give_nothing(int standard, int flags) {
        ::posix_spawn_file_actions_addopen(&actions, standard, "/dev/null", flags, 0);
    }
    void close_from(int first) { ::posix_spawn_file_actions_addclosefrom_np(&actions, first); }
};

}  // namespace careplug::wire

#endif
