// Runs something in a process that may ask the kernel for memory alone, as a jailed policy may.
#pragma once

#include <functional>
#include <string>

namespace careplug::tools {

// Empty where it came to its end; else what it asked the kernel for. Throws NotRun where the kernel cannot
// hold a process to that.
std::string forbidden_system_call(const std::function<void()>& call);

}  // namespace careplug::tools
