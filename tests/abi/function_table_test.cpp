// The table of functions.h against the headers that vendors and authors of plugins compile with.
#include <careplug/wire/functions.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

using namespace careplug::wire;

namespace {

struct Declared {
    std::string name;
    std::string tag;
    std::vector<std::string> types;
    std::vector<std::string> names;
};

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string joined(const std::string& text) {
    std::string line;
    bool space = false;
    for (const char c : text) {
        if (c == '\n' || c == ' ' || c == '\t') {
            space = !line.empty();
            continue;
        }
        if (space) line += ' ';
        space = false;
        line += c;
    }
    return line;
}

// `const char *items`: every record of the contract is the type "record".
void add_parameter(Declared& declared, const std::string& text) {
    const std::size_t end = text.find_last_of(" *") + 1;
    std::string type = text.substr(0, end);
    while (type.ends_with(' ')) type.pop_back();
    for (std::size_t at = type.find("careplug_"); at != std::string::npos; at = std::string::npos) {
        const std::size_t stop = type.find(' ', at);
        const std::string name = type.substr(at, stop - at);
        if (name != "careplug_handle" && name != "careplug_status" && name != "careplug_patient_key")
            type.replace(at, name.size(), "record");
    }
    declared.types.push_back(type);
    declared.names.push_back(text.substr(end));
}

std::vector<Declared> declarations(const std::string& header, const std::string& table) {
    std::vector<Declared> all;
    const std::string_view mark = "CAREPLUG_CALL ";
    for (std::size_t at = header.find(mark); at != std::string::npos; at = header.find(mark, at + 1)) {
        std::size_t start = at + mark.size();
        const bool member = header[start] == '*';
        if (member) ++start;
        const std::size_t stop = header.find_first_of("()", start);
        const std::string name = header.substr(start, stop - start);
        const std::size_t open = header.find('(', stop);
        const std::string inside = joined(header.substr(open + 1, header.find(')', open) - open - 1));
        Declared declared;
        declared.name = member ? table + "." + name : name;
        const std::size_t close = header.rfind("] */", at);
        const std::size_t from = header.rfind('[', close) + 1;
        declared.tag = joined(header.substr(from, close - from));
        for (std::size_t begin = 0; begin < inside.size();) {
            const std::size_t comma = std::min(inside.find(',', begin), inside.size());
            add_parameter(declared, joined(inside.substr(begin, comma - begin)));
            begin = comma + 1;
        }
        all.push_back(std::move(declared));
    }
    return all;
}

std::vector<Declared> declared_functions() {
    const std::filesystem::path include = CAREPLUG_SOURCE_DIR "/abi/include/careplug";
    auto all = declarations(read(include / "host.h"), {});
    for (auto& one : declarations(read(include / "plugin.h"), "careplug_policy"))
        all.push_back(std::move(one));
    return all;
}

std::string tag_of(const Contract& row) {
    const char* threads[] = {"any-thread", "session", "policy"};
    const char* objects[] = {"loader",    "session", "patient", "panel", "operation",
                             "(request)", "any",     "open",    "any"};
    const char* deadlines[] = {"instant", "local", "switch"};
    return std::string(threads[static_cast<std::size_t>(row.thread)]) + " | " +
           objects[static_cast<std::size_t>(row.object)] + " | " +
           deadlines[static_cast<std::size_t>(row.deadline)];
}

std::vector<std::string> types_of(Parameter parameter, bool policy) {
    const std::string key = "const careplug_patient_key *";
    switch (parameter) {
        case Parameter::none:
            return {};
        case Parameter::integer:
            return {"integer"};
        case Parameter::handle:
            return {"careplug_handle"};
        case Parameter::text:
            return {"const char *", "uint64_t"};
        case Parameter::patient:
            return {key};
        case Parameter::patients:
            return {key, "uint64_t", "uint64_t"};
        case Parameter::result:
        case Parameter::problem:
            return {"careplug_handle *"};
        case Parameter::created:
            return {policy ? "uint64_t *" : "careplug_handle *"};
        case Parameter::record_in:
            return {"const record *"};
        case Parameter::record_out:
            return {"record *"};
        case Parameter::records:
            return {"record *", "uint64_t", "uint64_t"};
        case Parameter::patients_and_records:
            return {key, "uint64_t", "record *", "uint64_t", "uint64_t"};
        case Parameter::integer_out:
            return {"int64_t *"};
        case Parameter::text_view:
            return {"const char **", "uint64_t *"};
        case Parameter::text_out:
            return {"char *", "uint64_t", "uint64_t *"};
        case Parameter::time:
            return {"int64_t"};
    }
    return {};
}

std::vector<std::string> types_of(const Contract& row) {
    const bool policy = row.thread == Thread::policy;
    std::vector<std::string> types;
    if (row.object != Object::none) types.push_back(policy ? "uint64_t" : "careplug_handle");
    for (const Parameter parameter : row.parameters)
        for (auto& type : types_of(parameter, policy)) types.push_back(std::move(type));
    return types;
}

}  // namespace

TEST_CASE("the table has every function of the headers, with its tag") {
    const auto declared = declared_functions();
    REQUIRE(declared.size() == functions.size());
    for (std::size_t i = 0; i < functions.size(); ++i) {
        CHECK(functions[i].name == declared[i].name);
        INFO(declared[i].name);
        CHECK(tag_of(functions[i]) == declared[i].tag);
    }
}

TEST_CASE("the table's parameters are those of the headers") {
    for (const auto& declared : declared_functions()) {
        INFO(declared.name);
        const auto row = std::find_if(functions.begin(), functions.end(),
                                      [&](const Contract& each) { return each.name == declared.name; });
        REQUIRE(row != functions.end());
        auto found = declared.types;
        for (auto& type : found)
            if (type == "int32_t" || type == "uint32_t" || type == "careplug_status") type = "integer";
        CHECK(types_of(*row) == found);
        for (const Parameter parameter : row->parameters)
            if (parameter == Parameter::problem) CHECK(declared.names.back() == "problem");
    }
}

TEST_CASE("the table and the guards' list of functions agree") {
    std::set<std::string> recorded;
    for (const auto& entry : std::filesystem::directory_iterator(CAREPLUG_SOURCE_DIR "/abi/baselines")) {
        std::ifstream file(entry.path() / "functions.txt");
        std::string face, name, tag;
        while (file >> face >> name && std::getline(file, tag))
            if (face != "#") recorded.insert(name + tag);
    }
    for (const Contract& row : functions) {
        INFO(row.name);
        CHECK(recorded.contains(std::string(row.name) + " [" + tag_of(row) + "]"));
    }
    CHECK(recorded.size() == functions.size());
}

TEST_CASE("every function with work for the engine has a call, and nothing else has") {
    for (const Contract& row : functions) {
        INFO(row.name);
        const bool own = row.deadline == Deadline::instant || row.thread == Thread::policy ||
                         row.function == Function::open || row.function == Function::close;
        CHECK((row.call == Call::none) == own);
    }
}
