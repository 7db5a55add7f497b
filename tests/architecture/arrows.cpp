#include "arrows.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

namespace careplug::architecture {

namespace fs = std::filesystem;

const std::vector<Room>& rooms() {
    static const std::vector<Room> list = {
        {"abi", {}},
        {"sdk/controls", {}},
        {"sdk/plan", {"careplug/controls/", "careplug/base.h"}},
        {"sdk/wire", {"careplug/controls/", "careplug/base.h", "careplug/host.h"}},
        {"sdk/jail", {"careplug/controls/", "careplug/wire/", "careplug/base.h", "careplug/plugin.h"}},
        {"sdk/plugin", {"careplug/controls/", "careplug/plan/", "careplug/base.h", "careplug/plugin.h"}},
        {"sdk/package", {"careplug/controls/", "careplug/base.h"}},
        {"sdk/loader", {"careplug/controls/", "careplug/wire/", "careplug/base.h", "careplug/host.h"}},
        {"sdk/engine",
         {"careplug/controls/", "careplug/plan/", "careplug/wire/", "careplug/jail/", "careplug/package/",
          "careplug/base.h", "careplug/host.h", "careplug/plugin.h", "sdk/engine/src/"}},
        // Inside the engine: from what it stands on to the sessions, which may use all of it.
        {"sdk/engine/src/system",
         {"careplug/controls/", "careplug/jail/", "careplug/wire/", "careplug/package/descriptor.h",
          "careplug/base.h", "sdk/engine/src/settings/"}},
        {"sdk/engine/src/settings", {"careplug/plan/"}},
        {"sdk/engine/src/store",
         {"careplug/controls/", "careplug/package/descriptor.h", "careplug/base.h",
          "sdk/engine/src/system/"}},
        {"sdk/engine/src/exchange",
         {"careplug/controls/", "careplug/plan/", "careplug/base.h", "sdk/engine/src/system/"}},
        {"sdk/engine/src/plugins",
         {"careplug/controls/", "careplug/jail/", "careplug/wire/", "careplug/package/", "careplug/plan/",
          "careplug/base.h", "careplug/host.h", "careplug/plugin.h", "sdk/engine/src/system/",
          "sdk/engine/src/settings/"}},
        {"sdk/engine/src/plans",
         {"careplug/controls/", "careplug/plan/", "careplug/wire/", "careplug/base.h", "careplug/host.h",
          "sdk/engine/src/system/", "sdk/engine/src/settings/", "sdk/engine/src/exchange/",
          "sdk/engine/src/editing/"}},
        {"sdk/engine/src/editing",
         {"careplug/controls/", "careplug/plan/", "careplug/wire/", "careplug/base.h", "careplug/host.h",
          "sdk/engine/src/system/", "sdk/engine/src/store/"}},
        {"sdk/engine/src/sending",
         {"careplug/controls/", "careplug/plan/", "careplug/base.h", "careplug/host.h",
          "sdk/engine/src/system/", "sdk/engine/src/exchange/", "sdk/engine/src/store/",
          "sdk/engine/src/plans/", "sdk/engine/src/editing/", "sdk/engine/src/hub.h"}},
        {"sdk/engine/src/filing", {"careplug/controls/", "careplug/plan/"}},
        {"sdk/engine/src/session",
         {"careplug/controls/", "careplug/plan/", "careplug/wire/", "careplug/base.h", "careplug/host.h",
          "careplug/plugin.h", "sdk/engine/src/system/", "sdk/engine/src/settings/",
          "sdk/engine/src/exchange/", "sdk/engine/src/store/", "sdk/engine/src/plugins/",
          "sdk/engine/src/plans/", "sdk/engine/src/editing/", "sdk/engine/src/sending/",
          "sdk/engine/src/filing/", "sdk/engine/src/hub.h"}},
        // Judges plugins and hosts from outside: by the contract and the data set, never by the helper that a
        // plugin is made with.
        {"sdk/tools",
         {"careplug/plan/", "careplug/wire/", "careplug/package/", "careplug/base.h", "careplug/host.h",
          "careplug/plugin.h"}},
        {"plugins", {"careplug/plugin/"}},
        // The people whom a simulated host holds, but not the plans that the simulator sends to the exchange.
        {"host-sim/host",
         {"careplug/base.h", "careplug/host.h", "host-sim/population/people.h",
          "host-sim/population/record_bundle.h"}},
        {"host-sim/exchange", {"careplug/controls/", "careplug/plan/"}},
        {"host-sim/population", {"careplug/plan/"}},
        // Starts exchange and hosts as programs, and sends the population to the exchange.
        {"host-sim/sim", {"careplug/plan/", "host-sim/population/", "host-sim/host/"}},
        {"samples/hosts", {"careplug/base.h", "careplug/host.h"}},
        {"samples/plugins", {"careplug/plugin/", "careplug/base.h", "careplug/plugin.h"}},
    };
    return list;
}

namespace {

// tests/ may reach everywhere; docs/ hold no programs.
const std::set<std::string> unruled = {"tests", "docs"};

bool is_source(const fs::path& file) {
    static const std::set<std::string> endings = {".c",  ".cc",  ".cpp", ".cxx", ".h",
                                                  ".hh", ".hpp", ".hxx", ".inc"};
    return endings.count(file.extension().string()) == 1;
}

bool below(const std::string& path, const std::string& folder) {
    return path.size() > folder.size() && path.compare(0, folder.size(), folder) == 0 &&
           path[folder.size()] == '/';
}

const Room* room_of(const std::string& file) {
    const Room* longest = nullptr;
    for (const Room& room : rooms())
        if (below(file, room.folder) && (longest == nullptr || room.folder.size() > longest->folder.size()))
            longest = &room;
    return longest;
}

std::string text_of(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

std::map<std::string, fs::path> sources(const fs::path& root) {
    std::map<std::string, fs::path> found;
    for (auto at = fs::recursive_directory_iterator(root); at != fs::recursive_directory_iterator(); ++at) {
        const std::string name = at->path().filename().string();
        // Build trees and fetched packages are not the house.
        if (at->is_directory() && (name.starts_with(".") || name == "build" || name == "node_modules"))
            at.disable_recursion_pending();
        else if (at->is_regular_file() && is_source(at->path()))
            found.emplace(fs::relative(at->path(), root).generic_string(), at->path());
    }
    return found;
}

// The file of the house that an include names: beside the includer, else by the end of its path, in the
// includer's own room first. Nothing for headers of the system and of libraries.
std::optional<std::string> target_of(const std::map<std::string, fs::path>& files, const std::string& from,
                                     const std::string& include) {
    const std::string beside = (fs::path(from).parent_path() / include).lexically_normal().generic_string();
    if (files.count(beside) == 1) return beside;
    const std::string end = "/" + fs::path(include).lexically_normal().generic_string();
    std::optional<std::string> elsewhere;
    for (const auto& [file, path] : files) {
        if (!file.ends_with(end)) continue;
        if (room_of(file) == room_of(from)) return file;
        if (!elsewhere) elsewhere = file;
    }
    return elsewhere;
}

bool allowed(const Room& room, const std::string& include, const std::string& target) {
    return std::any_of(room.may_include.begin(), room.may_include.end(), [&](const std::string& prefix) {
        return prefix.ends_with("/") ? include.starts_with(prefix) || target.starts_with(prefix)
                                     : include == prefix || target == prefix;
    });
}

}  // namespace

std::vector<std::string> includes_of(const std::string& source) {
    static const std::regex comment(R"(/\*[^*]*\*+(?:[^/*][^*]*\*+)*/)");
    static const std::regex line(R"re(^\s*#\s*(?:include|include_next|import)\s*[<"]([^>"]+)[>"])re");
    std::vector<std::string> names;
    std::istringstream lines(std::regex_replace(source, comment, ""));
    for (std::string each; std::getline(lines, each);) {
        std::smatch match;
        if (std::regex_search(each, match, line)) names.push_back(match[1]);
    }
    return names;
}

std::vector<Breach> breaches(const fs::path& root) {
    const auto files = sources(root);
    std::vector<Breach> found;
    for (const auto& [file, path] : files) {
        const std::string top = file.substr(0, file.find('/'));
        if (unruled.count(top) == 1) continue;
        const Room* room = room_of(file);
        if (room == nullptr) {
            found.push_back(
                {file, "", "lies in no room: name its folder and arrows in tests/architecture/arrows.cpp"});
            continue;
        }
        for (const std::string& include : includes_of(text_of(path))) {
            const auto target = target_of(files, file, include);
            if (target && room_of(*target) == room) continue;
            if (!target && !include.starts_with("careplug/")) continue;
            if (!allowed(*room, include, target.value_or("")))
                found.push_back({file, include, room->folder + " may not reach " + target.value_or("it")});
        }
    }
    return found;
}

std::size_t sources_below(const fs::path& root) {
    return sources(root).size();
}

}  // namespace careplug::architecture
