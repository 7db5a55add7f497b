// Prints docs/states.md from the tables of the contract. A test compares the page with what is printed here.
#include <careplug/wire/functions.h>

#include <iostream>
#include <string>

using namespace careplug::wire;

namespace {

constexpr const char* objects[] = {"Loader",    "Session", "Patient",           "Panel",
                                   "Operation", "Request", "Result or problem", "Policy of a plugin"};
constexpr const char* threads[] = {"any-thread", "session", "policy"};
constexpr const char* deadlines[] = {"instant", "local", "switch"};
constexpr const char* keepers[] = {"loader", "engine", "plugin"};

template <class Word, class Value>
const char* word(const Word& words, Value value) {
    return words[static_cast<std::size_t>(value)];
}

std::string status_name(careplug_status status) {
    switch (status) {
        case CAREPLUG_REFUSED:
            return "`REFUSED`";
        case CAREPLUG_REFUSED_BUSY:
            return "`REFUSED_BUSY`";
        case CAREPLUG_REFUSED_HANDLE:
            return "`REFUSED_HANDLE`";
        case CAREPLUG_REFUSED_SIGNED_OUT:
            return "`REFUSED_SIGNED_OUT`";
        case CAREPLUG_REFUSED_CONFLICT:
            return "`REFUSED_CONFLICT`";
        case CAREPLUG_FAILED_ENGINE:
            return "`FAILED_ENGINE`";
        default:
            return "";
    }
}

std::string identifier(std::string_view name) {
    std::string made(name);
    for (char& c : made)
        if (c == ' ') c = '_';
    return made;
}

void diagram(Object object) {
    std::cout << "\n## " << word(objects, object) << "\n\n```mermaid\nstateDiagram-v2\n";
    for (const StateRow& each : states)
        if (each.object == object && each.name.find(' ') != std::string_view::npos)
            std::cout << "  state \"" << each.name << "\" as " << identifier(each.name) << '\n';
    for (const Transition& each : transitions) {
        if (each.object != object) continue;
        const std::string from = each.from.empty() ? "[*]" : identifier(each.from);
        std::cout << "  " << from << " --> " << identifier(each.to) << " : " << each.by << '\n';
    }
    std::cout
        << "```\n\n| state | meaning | known to | a call that is not allowed answers |\n|---|---|---|---|\n";
    for (const StateRow& each : states)
        if (each.object == object)
            std::cout << "| " << each.name << " | " << each.meaning << " | " << word(keepers, each.keeper)
                      << " | " << status_name(each.refusal) << " |\n";
}

std::string names(const States& set, Object object) {
    std::string list;
    for (const StateRow& each : states)
        if (each.object == object && set.has(each.state))
            list += (list.empty() ? "" : ", ") + std::string(each.name);
    return list;
}

std::string lower(std::string text) {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
    return text;
}

// The states of the objects that a call names, besides its session.
std::string needed(const Contract& row) {
    std::string list;
    for (std::size_t i = 0; i < std::size(objects); ++i) {
        const auto object = static_cast<Object>(i);
        if (object == Object::session || !row.allowed.any_of(object)) continue;
        list += (list.empty() ? "" : "; ") + lower(word(objects, object)) + " " + names(row.allowed, object);
    }
    return list;
}

void calls() {
    std::cout << R"(
## Allowed calls

A call needs its session in one of the states of the third column and its objects in those of the fourth.
An empty field needs nothing.

| function | thread, deadline | session | objects |
|---|---|---|---|
)";
    for (const Contract& row : functions)
        std::cout << "| `" << row.name << "` | " << word(threads, row.thread) << ", "
                  << word(deadlines, row.deadline) << " | " << names(row.allowed, Object::session) << " | "
                  << needed(row) << " |\n";
}

}  // namespace

int main() {
    std::cout << R"(# States and allowed calls

This page is printed by `careplug_states_page` from the table in `sdk/wire/include/careplug/wire/functions.h`,
which also drives the wire, the loader's checks and the random calls of the tests. After a change of the table:

```
ninja -C build careplug_states_page && build/tests/careplug_states_page > docs/states.md
```

Every object is a handle. What closes an object closes what lies under it: loader, session, patient, panel.
Operations, results and problems stay until they are released. A call in a wrong state changes nothing,
answers the status of the state, and puts a sentence into `problem` that names the function and, for a handle
that is no longer live, the function that ended it. Functions without a `problem` say it in the trace (below).

While a function of thread `session` runs, its session is *calling*: a second one is refused with
`REFUSED_BUSY`, whatever thread it comes from; functions of `any-thread` are never busy.

## Trace

With `CAREPLUG_TRACE=FILE` in the environment of `careplug_open`, the loader appends a line for each call to
FILE: time, function, status, microseconds. Each mistake of the host gets a line with its sentence. No text
that the host passed and no answer stands in it. Without the variable nothing is written.
)";
    for (std::size_t i = 0; i < std::size(objects); ++i) diagram(static_cast<Object>(i));
    calls();
    return std::cout.flush() ? 0 : 1;
}
