#include <careplug/jail/filter.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>

namespace careplug::jail {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_X86_64;
// Calls of the x32 table have this bit and would slip past numbers compared below.
constexpr std::uint32_t other_table = 0x40000000;
#elif defined(__aarch64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_AARCH64;
constexpr std::uint32_t other_table = 0x80000000;
#else
#error "name this processor's architecture for seccomp"
#endif

constexpr std::uint16_t load = BPF_LD | BPF_W | BPF_ABS;
constexpr std::uint16_t equal = BPF_JMP | BPF_JEQ | BPF_K;
constexpr std::uint16_t at_least = BPF_JMP | BPF_JGE | BPF_K;
constexpr std::uint16_t mask_with = BPF_ALU | BPF_AND | BPF_K;
constexpr std::uint16_t answer = BPF_RET | BPF_K;

std::uint32_t code(Verdict verdict) {
    switch (verdict) {
        case Verdict::allowed:
            return SECCOMP_RET_ALLOW;
        case Verdict::refused:
            return SECCOMP_RET_ERRNO | EPERM;
        case Verdict::killed:
            break;
    }
    return SECCOMP_RET_KILL_PROCESS;
}

constexpr sock_filter step(std::uint16_t operation, std::uint32_t value, std::uint8_t if_true = 0,
                           std::uint8_t if_false = 0) {
    return {operation, if_true, if_false, value};
}

constexpr std::uint32_t number_at = offsetof(seccomp_data, nr);

std::uint32_t argument_at(unsigned argument) {
    return static_cast<std::uint32_t>(offsetof(seccomp_data, args) + argument * sizeof(std::uint64_t));
}

}  // namespace

Filter::Filter(Verdict otherwise) : otherwise_(otherwise) {
    const std::uint32_t killed = code(Verdict::killed);
    program_ = {
        step(load, offsetof(seccomp_data, arch)),
        step(equal, architecture, 1, 0),
        step(answer, killed),
        step(load, number_at),
        step(at_least, other_table, 0, 1),
        step(answer, killed),
    };
}

Filter& Filter::rule(long call, Verdict verdict) {
    program_.push_back(step(equal, static_cast<std::uint32_t>(call), 0, 1));
    program_.push_back(step(answer, code(verdict)));
    return *this;
}

Filter& Filter::rule_if(long call, unsigned argument, std::uint32_t mask, std::uint32_t value,
                        Verdict verdict) {
    program_.push_back(step(equal, static_cast<std::uint32_t>(call), 0, 5));
    program_.push_back(step(load, argument_at(argument)));
    program_.push_back(step(mask_with, mask));
    program_.push_back(step(equal, value, 0, 1));
    program_.push_back(step(answer, code(verdict)));
    program_.push_back(step(load, number_at));
    return *this;
}

bool Filter::install() const {
    std::vector<sock_filter> whole = program_;
    whole.push_back(step(answer, code(otherwise_)));
    const sock_fprog program{static_cast<unsigned short>(whole.size()), whole.data()};
    return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0;
}

}  // namespace careplug::jail
