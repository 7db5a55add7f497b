// The commands of `careplug`. Each gives the exit status.
#pragma once

#include <string>
#include <vector>

namespace careplug::tools {

int check_command(const std::vector<std::string>& words);
int check_host_command(const std::vector<std::string>& words);
int new_command(const std::vector<std::string>& words);
int requirements_command();
int keygen_command(const std::vector<std::string>& words);
int sign_command(const std::vector<std::string>& words);
int audit_command(const std::vector<std::string>& words);
int verify_command(const std::vector<std::string>& words);
// Hidden: what a plugin says of itself, on descriptor 3.
int describe_command(const std::vector<std::string>& words);
// Hidden: one test of one requirement, in a process that the checker started.
int run_one_command(const std::vector<std::string>& words);
// Hidden: all answers to ordinary documents, from a process of its own.
int write_answers_command(const std::vector<std::string>& words);

}  // namespace careplug::tools
