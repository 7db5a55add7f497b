// The figures of the benchmark, each adding its lines to the report.
#pragma once

#include <utility>
#include <vector>

#include "bench/measure.h"

namespace careplug::bench {

void call_checks(Report& report);        // an instant call with its checks, against a bare function
void flag_reads(Report& report);         // one patient and a board of 200, against a hash table
void starts(Report& report);             // from nothing to the first flag, with a store that knows it
void plugin_load(Report& report);        // library to opened policy, against dlopen alone
void policy_calls(Report& report);       // flags of 200 patients in a jail, against the bare function
void panel_calls(Report& report);        // view and durable update, against a socket and a commit
void exchange_requests(Report& report);  // read and save over HTTP, against raw SQLite
void save_to_board(Report& report);      // submit in the GP panel to the flag on the A&E board

inline std::vector<std::pair<const char*, void (*)(Report&)>> all_figures() {
    return {{"checks", call_checks},         {"flags", flag_reads},           {"start", starts},
            {"plugin", plugin_load},         {"policy", policy_calls},        {"panel", panel_calls},
            {"exchange", exchange_requests}, {"save to board", save_to_board}};
}

}  // namespace careplug::bench
