// What each cell must do, written down once: the tests run every cell, and docs/abi-changes.md shows the
// tables.
#pragma once

#include <array>
#include <string>
#include <vector>

namespace careplug::test {

using Cells = std::array<const char*, 5>;

struct Row {
    const char* name;
    Cells cells;
};

inline constexpr const char* works = "works";
inline constexpr const char* refuses = "refuses";

// Loader and engine, of one level.
inline constexpr Cells columns{"current", "grown", "next", "released", "successor"};

inline const std::vector<Row> host_rows{
    {"kept 1.0-rc.1", {works, works, refuses, refuses, refuses}},
    {"current", {works, works, refuses, refuses, refuses}},
    {"grown", {works, works, refuses, refuses, refuses}},
    {"next", {refuses, refuses, works, refuses, refuses}},
    {"released", {refuses, refuses, refuses, works, works}},
    {"successor", {refuses, refuses, refuses, works, works}},
};

inline const std::vector<Row> plugin_rows{
    {"kept 1.0-rc.1", {works, works, refuses, refuses, refuses}},
    {"current", {works, works, refuses, refuses, refuses}},
    {"GP plugin", {works, works, refuses, refuses, refuses}},
    {"grown", {works, works, refuses, refuses, refuses}},
    {"next", {refuses, refuses, works, refuses, refuses}},
    {"released", {refuses, refuses, refuses, works, works}},
    {"successor", {refuses, refuses, refuses, works, works}},
    {"successor in C++", {refuses, refuses, refuses, works, works}},
};

// A loader with the engine of another level: they belong together.
inline const std::vector<Row> loader_rows{
    {"current", {works, works, refuses, refuses, refuses}},
    {"grown", {works, works, refuses, refuses, refuses}},
    {"next", {refuses, refuses, works, refuses, refuses}},
    {"released", {refuses, refuses, refuses, works, refuses}},
    {"successor", {refuses, refuses, refuses, refuses, works}},
};

}  // namespace careplug::test
