#include "filters.h"

#include <careplug/wire/policy.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace careplug::jail {
namespace {

constexpr std::uint32_t whole = 0xffffffff;

void reach_outside(Filter& filter) {
    static constexpr long calls[] = {
        SYS_clone,
        SYS_clone3,
        SYS_execve,
        SYS_execveat,
        SYS_socket,
        SYS_socketpair,
        SYS_connect,
        SYS_bind,
        SYS_listen,
        SYS_accept,
        SYS_accept4,
        SYS_kill,
        SYS_tkill,
        SYS_rt_sigqueueinfo,
        SYS_rt_tgsigqueueinfo,
        SYS_pidfd_open,
        SYS_pidfd_getfd,
        SYS_pidfd_send_signal,
        SYS_ptrace,
        SYS_process_vm_readv,
        SYS_process_vm_writev,
        SYS_process_madvise,
        SYS_kcmp,
        SYS_prctl,
        SYS_unshare,
        SYS_setns,
        SYS_mount,
        SYS_umount2,
        SYS_pivot_root,
        SYS_chroot,
        SYS_open_tree,
        SYS_move_mount,
        SYS_fsopen,
        SYS_bpf,
        SYS_perf_event_open,
        SYS_userfaultfd,
        SYS_io_uring_setup,
        SYS_io_uring_enter,
        SYS_io_uring_register,
        SYS_io_setup,
        SYS_keyctl,
        SYS_add_key,
        SYS_request_key,
        SYS_init_module,
        SYS_finit_module,
        SYS_delete_module,
        SYS_kexec_load,
        SYS_reboot,
        SYS_setuid,
        SYS_setgid,
        SYS_setreuid,
        SYS_setresuid,
        SYS_setgroups,
        SYS_capset,
        SYS_personality,
        SYS_shmget,
        SYS_msgget,
        SYS_semget,
        SYS_mq_open,
        SYS_landlock_create_ruleset,
#ifdef SYS_fork
        SYS_fork,
        SYS_vfork,
#endif
    };
    for (const long call : calls) filter.rule(call, Verdict::killed);
}

// What both steps need: memory, the socket, the clock, an abort that reads as one.
void basics(Filter& filter) {
    const auto socket = static_cast<std::uint32_t>(wire::jail_socket_descriptor);
    filter.rule_if(SYS_recvmsg, 0, whole, socket, Verdict::allowed)
        .rule_if(SYS_sendmsg, 0, whole, socket, Verdict::allowed)
        .rule(SYS_ppoll, Verdict::allowed)
#ifdef SYS_poll
        .rule(SYS_poll, Verdict::allowed)
#endif
        .rule(SYS_futex, Verdict::allowed)
        .rule(SYS_brk, Verdict::allowed)
        .rule(SYS_munmap, Verdict::allowed)
        .rule(SYS_mremap, Verdict::allowed)
        .rule(SYS_madvise, Verdict::allowed)
        .rule(SYS_clock_gettime, Verdict::allowed)
        .rule(SYS_exit, Verdict::allowed)
        .rule(SYS_exit_group, Verdict::allowed)
        .rule(SYS_rt_sigprocmask, Verdict::allowed)
        .rule(SYS_rt_sigreturn, Verdict::allowed)
        .rule(SYS_getpid, Verdict::allowed)
        .rule(SYS_gettid, Verdict::allowed)
        .rule_if(SYS_tgkill, 0, whole, static_cast<std::uint32_t>(::getpid()), Verdict::allowed)
        .rule(SYS_tgkill, Verdict::killed)
        // 1 and 2 are /dev/null.
        .rule_if(SYS_write, 0, whole, 1, Verdict::allowed)
        .rule_if(SYS_write, 0, whole, 2, Verdict::allowed);
}

}  // namespace

Filter loading_filter() {
    Filter filter(Verdict::refused);
    basics(filter);
    filter.rule_if(SYS_openat, 2, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY, Verdict::allowed)
        .rule(SYS_read, Verdict::allowed)
        .rule(SYS_pread64, Verdict::allowed)
        .rule(SYS_close, Verdict::allowed)
        .rule(SYS_fstat, Verdict::allowed)
        .rule(SYS_newfstatat, Verdict::allowed)
        .rule(SYS_mmap, Verdict::allowed)
        .rule(SYS_mprotect, Verdict::allowed)
        .rule(SYS_seccomp, Verdict::allowed);  // for the next filter; one may only take more away
    reach_outside(filter);
    return filter;
}

Filter calling_filter() {
    Filter filter(Verdict::refused);
    basics(filter);
    // No memory becomes code any more.
    filter.rule_if(SYS_mmap, 2, PROT_EXEC, 0, Verdict::allowed)
        .rule_if(SYS_mprotect, 2, PROT_EXEC, 0, Verdict::allowed);
    reach_outside(filter);
    filter.rule(SYS_seccomp, Verdict::killed);
    return filter;
}

}  // namespace careplug::jail
