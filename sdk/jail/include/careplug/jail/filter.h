// A filter of system calls (seccomp). Filters of one process add up: the strictest answer counts, and none
// can be taken back.
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <vector>

namespace careplug::jail {

enum class Verdict {
    allowed,
    refused,  // EPERM; the caller goes on
    killed,   // SIGSYS for the whole process
};

class Filter {
public:
    // What no rule names. A call of another architecture's table is always killed.
    explicit Filter(Verdict otherwise);

    // The first rule that fits counts.
    Filter& rule(long call, Verdict verdict);
    // Fits where (argument & mask) == value, of the argument's low 32 bits: descriptors and flags.
    Filter& rule_if(long call, unsigned argument, std::uint32_t mask, std::uint32_t value, Verdict verdict);

    // For all threads of the process. Needs no_new_privs. False where the kernel has no seccomp.
    bool install() const;

private:
    std::vector<sock_filter> program_;
    Verdict otherwise_;
};

}  // namespace careplug::jail
