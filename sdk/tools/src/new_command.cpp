#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "arguments.h"
#include "commands.h"

namespace careplug::tools {

namespace {

namespace fs = std::filesystem;

// The same name as a file's, a function's, a class's and a person's.
struct Names {
    std::string file;   // night-nursing
    std::string snake;  // night_nursing
    std::string camel;  // NightNursing
    std::string title;  // Night nursing
};

Names names_of(const std::string& name) {
    const bool plain = !name.empty() && name[0] >= 'a' && name[0] <= 'z' &&
                       std::all_of(name.begin(), name.end(), [](char c) {
                           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
                       });
    if (!plain || name.size() > 60 || name.back() == '-' || name.back() == '_')
        throw UsageError(
            "A plugin's name begins with a small letter and holds small letters, digits and hyphens: "
            "my-plugin.");
    Names names;
    bool begins = true;
    for (const char c : name) {
        const bool gap = c == '-' || c == '_';
        names.file += gap ? '-' : c;
        names.snake += gap ? '_' : c;
        names.title += gap ? ' ' : c;
        if (!gap) names.camel += begins && c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
        begins = gap;
    }
    if (names.title[0] >= 'a') names.title[0] = static_cast<char>(names.title[0] - 'a' + 'A');
    return names;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

std::string read_file(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in || text.str().empty())
        throw UsageError("The template " + file.string() +
                         " cannot be read. Name a Careplug checkout with --sdk.");
    return text.str();
}

void write_file(const fs::path& file, const std::string& text) {
    std::ofstream out(file, std::ios::binary);
    out << text;
    out.close();
    if (!out) throw UsageError(file.string() + " cannot be written.");
}

constexpr const char* cmake = R"(cmake_minimum_required(VERSION 3.25)
project(@SNAKE@ LANGUAGES C CXX)

set(careplug_DIR "@BUILD@" CACHE PATH "Build folder of a Careplug checkout")
find_package(careplug CONFIG REQUIRED)

careplug_add_plugin(@SNAKE@ SOURCES @SNAKE@.cpp)
)";

constexpr const char* readme = R"(# @TITLE@

A Careplug plugin: @SNAKE@.cpp is all of it. It began as the sample of a night nursing team; change what your
kind of host does otherwise. @SDK@/docs/first-plugin.md says what each function is asked and answers.

Build it and check it:

    cmake -S . -B build
    cmake --build build
    @PROGRAM@ check build/plugins/@SNAKE@.so

The Careplug checkout must be built first (`./dev build` there).
)";

}  // namespace

int new_command(const std::vector<std::string>& words) {
    const Arguments arguments(words, {"--into", "--sdk"}, {});
    if (arguments.rest().size() != 1) throw UsageError("Name the plugin: careplug new my-plugin.");
    const Names names = names_of(arguments.rest().front());
    const fs::path program = fs::read_symlink("/proc/self/exe");
    const fs::path sdk = fs::absolute(arguments.value("--sdk").value_or(CAREPLUG_CHECKOUT));
    const fs::path folder = fs::path(arguments.value("--into").value_or(".")) / names.file;
    if (fs::exists(folder))
        throw UsageError(folder.string() + " is there already: choose another name or folder.");

    // The first plugin of the docs, under the new name: what is read there is what is built here.
    std::string source = read_file(sdk / "samples" / "plugins" / "night_nursing.cpp");
    source = replaced(std::move(source), "night_nursing", names.snake);
    source = replaced(std::move(source), "NightNursing", names.camel);
    source = replaced(std::move(source), "night-nursing", names.file);
    source = replaced(std::move(source), "Night nursing", names.title);

    const auto filled = [&](std::string text) {
        text = replaced(std::move(text), "@BUILD@", program.parent_path().parent_path().string());
        text = replaced(std::move(text), "@PROGRAM@", program.string());
        text = replaced(std::move(text), "@SDK@", sdk.string());
        text = replaced(std::move(text), "@TITLE@", names.title);
        return replaced(std::move(text), "@SNAKE@", names.snake);
    };
    std::error_code wrong;
    fs::create_directories(folder, wrong);
    if (wrong) throw UsageError(folder.string() + " cannot be made: " + wrong.message() + ".");
    write_file(folder / (names.snake + ".cpp"), source);
    write_file(folder / "CMakeLists.txt", filled(cmake));
    write_file(folder / "README.md", filled(readme));
    std::cout << "Made " << folder.string() << ": README.md there says how to build and check it.\n";
    return 0;
}

}  // namespace careplug::tools
