#include "sandbox.h"

#include <careplug/controls/controls.h>
#include <careplug/jail/landlock.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "filters.h"

namespace careplug::jail {
namespace {

// Of address space: many times what the largest document needs, and little enough that a plugin that grows
// without end fails before the computer does.
constexpr rlim_t memory = rlim_t{1} << 30;
// Numbers of descriptors that the jail holds or loads the plugin with.
constexpr rlim_t descriptors = 8;

bool limit(__rlimit_resource_t resource, rlim_t most) {
    const rlimit both{most, most};
    return ::setrlimit(resource, &both) == 0;
}

bool limits() {
    // No limit of processor time: the engine ends whoever passes a deadline, and a jail may run for months.
    bool all = limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NOFILE, descriptors) &&
               limit(RLIMIT_NPROC, 0) && limit(RLIMIT_MEMLOCK, 0) && limit(RLIMIT_MSGQUEUE, 0);
#ifndef CAREPLUG_SANITIZED
    all = limit(RLIMIT_AS, memory) && all;
#endif
    return all;
}

// For an engine that an administrator started as root, and for what a namespace of one's own gives.
bool drop_capabilities() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
    return ::syscall(SYS_capset, &header, none) == 0;
}

}  // namespace

void Sandbox::note(bool holds, const std::string& what) {
    std::string& list = holds ? held_ : lacking_;
    list += (list.empty() ? "" : ", ") + what;
}

void Sandbox::confine(int plugin) {
    note(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no new privileges");
    note(::unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWNS | CLONE_NEWUTS) == 0,
         "namespaces of its own");
    note(drop_capabilities(), "no capabilities");
    // After the steps above, which forget it: the engine is gone, so is the jail, even inside an endless
    // loop.
    if (control::on("H16.ends-with-its-engine")) ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    note(::prctl(PR_SET_DUMPABLE, 0) == 0 && limits(), "limits of memory and files");
    Landlock landlock;
    // As a file on a disk; one in memory is open to its holder without.
    landlock.allow(plugin, Landlock::Rights::read_and_execute);
    const bool landlocked = landlock.enforce();
    note(landlocked, landlocked ? "Landlock " + std::to_string(landlock.version()) : "Landlock");
#ifdef CAREPLUG_SANITIZED
    note(false, "system calls filtered");
#else
    filtered_ = control::on("H16.system-calls-filtered") && loading_filter().install();
    note(filtered_, "system calls filtered");
#endif
}

std::string Sandbox::sentence() const {
    return held_ + (lacking_.empty() ? "" : "; lacking here: " + lacking_);
}

bool Sandbox::finish() {
    return !filtered_ || calling_filter().install();
}

}  // namespace careplug::jail
