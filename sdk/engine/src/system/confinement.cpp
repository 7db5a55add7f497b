#include "system/confinement.h"

#include <Poco/URI.h>
#include <careplug/controls/controls.h>
#include <careplug/jail/filter.h>
#include <careplug/jail/landlock.h>
#include <dlfcn.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cstdint>

namespace careplug::engine {
namespace {

using jail::Filter;
using jail::Landlock;
using jail::Verdict;

constexpr std::uint16_t names_of_hosts = 53;

// Every program is started through it.
std::string dynamic_linker() {
    Dl_info about{};
    const auto* base = reinterpret_cast<const void*>(::getauxval(AT_BASE));  // NOLINT: an address as a number
    return base && ::dladdr(base, &about) != 0 && about.dli_fname ? about.dli_fname : std::string();
}

// What neither the engine nor a jail that it starts ever needs. Refused, not killed: a library that tries is
// told.
Filter engine_filter() {
    static constexpr long calls[] = {
        SYS_ptrace,
        SYS_process_vm_readv,
        SYS_process_vm_writev,
        SYS_kcmp,
        SYS_pidfd_getfd,
        SYS_bpf,
        SYS_perf_event_open,
        SYS_userfaultfd,
        SYS_keyctl,
        SYS_add_key,
        SYS_request_key,
        SYS_init_module,
        SYS_finit_module,
        SYS_delete_module,
        SYS_kexec_load,
        SYS_reboot,
        SYS_mount,
        SYS_umount2,
        SYS_pivot_root,
        SYS_chroot,
        SYS_open_tree,
        SYS_move_mount,
        SYS_fsopen,
        SYS_setns,
        SYS_swapon,
        SYS_swapoff,
        SYS_acct,
        SYS_settimeofday,
        SYS_clock_settime,
        SYS_adjtimex,
        SYS_sethostname,
        SYS_open_by_handle_at,
        SYS_io_uring_setup,
        SYS_personality,
        SYS_quotactl,
        SYS_execveat,
    };
    Filter filter(Verdict::allowed);
    for (const long call : calls) filter.rule(call, Verdict::refused);
    return filter;
}

}  // namespace

Confinement::Confinement(const Settings& settings, const package::Descriptor& jail) : readable_(settings) {
    std::string lacking;
    const auto note = [&](bool holds, const std::string& what) {
        std::string& list = holds ? sentence_ : lacking;
        list += (list.empty() ? "" : ", ") + what;
    };
    note(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no new privileges");
    Landlock landlock;
    readable_.allow_in(landlock);
    landlock.allow(settings.store, Landlock::Rights::own);
    // For what is started with it as its standard output.
    landlock.allow("/dev/null", Landlock::Rights::own);
    landlock.allow(jail.number(), Landlock::Rights::read_and_execute);
    landlock.allow(dynamic_linker(), Landlock::Rights::read_and_execute);
    landlock.allow_connect(Poco::URI(settings.exchange).getPort());
    landlock.allow_connect(names_of_hosts);
    const bool landlocked = control::on("H16.engine-confined") && landlock.enforce();
    readable_.remember();
    note(landlocked, "files read where settings, system libraries and names of hosts lie alone");
    note(landlocked, "files changed in the store alone, no program started but careplug-jail");
    note(landlocked && landlock.version() >= 4,
         "connections to the exchange's port and to name servers alone");
    note(landlocked && landlock.version() >= 6, "signals to its own jails alone");
    note(engine_filter().install(), "system calls of debuggers and administrators refused");
    if (!lacking.empty()) sentence_ += "; lacking here: " + lacking;
}

}  // namespace careplug::engine
