// The documents of the plan that the checking engine plays: invented, small, with a question of each type.
#pragma once

#include <careplug/base.h>
#include <careplug/wire/calls.h>
#include <careplug/wire/flag_table.h>

#include <string>
#include <vector>

#include "scenario.h"

namespace careplug::tools {

inline constexpr std::uint32_t known_revision = 7;

// What one panel shows now.
struct Shown {
    std::string nhs_number;
    std::string birth_date;
    bool plan_arrived = true;
    std::string record = "awaited";
    bool newer = false;
    bool conflict = false;
    std::string resolved;
    std::uint32_t revision = known_revision;
    std::string mode = "edit";
};

std::string panel_view(Play play, const Shown& shown);
std::string panel_form();
std::string panel_response();
std::string plan_summary(Play play);
std::string plan_actions(Play play);
std::string flag_details(Play play, std::uint32_t revision);
std::string session_state(Play play, bool signed_in);
std::string no_issues();
std::string outcome(const std::string& sentence, std::uint32_t revision);

// Writes every word, and a row for each of these patients: not known while nobody is signed in.
void write_flags(wire::FlagTableWriter& table, Play play, const wire::Patients& patients,
                 std::uint32_t revision, bool signed_in);

std::string text_of(const std::uint8_t* field, std::size_t size);

}  // namespace careplug::tools
