// The commands of `careplug`. Each gives the exit status.
#pragma once

#include <string>
#include <vector>

namespace careplug::tools {

int check_command(const std::vector<std::string>& words);
int new_command(const std::vector<std::string>& words);
int requirements_command();
// Hidden: one test of one requirement, in a process that the checker started.
int run_one_command(const std::vector<std::string>& words);
// Hidden: all answers to ordinary documents, from a process of its own.
int write_answers_command(const std::vector<std::string>& words);

}  // namespace careplug::tools
