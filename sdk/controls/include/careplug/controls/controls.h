#pragma once

#include "list.h"

#ifdef CAREPLUG_CONTROL_SWITCHES
#include <array>
#include <cstdlib>
#include <cstring>
#endif

// A control asks at the one place where it acts:
//     if (control::on("H3.legacy-codes")) ...
// That is always true, and no code, unless the build has switches (CAREPLUG_CONTROL_SWITCHES). Then the tests
// switch a control off by its id in the environment, and its proof must fail (tests/safety/switches.mjs).
namespace careplug::control {

// An id that the list holds: any other does not compile.
class Id {
public:
    consteval Id(const char* text) : text_(text) {
        if (!is_listed(text_)) throw "no such control: name it in list.h";
    }
    constexpr std::string_view text() const { return text_; }

private:
    std::string_view text_;
};

#ifdef CAREPLUG_CONTROL_SWITCHES

// "CAREPLUG_CONTROLS_OFF=id,id": read once, for a host may change its environment later.
inline char* environment() {
    static constexpr std::string_view name = "CAREPLUG_CONTROLS_OFF=";
    static std::array<char, 256> entry = [] {
        std::array<char, 256> read{};
        const char* const given = std::getenv("CAREPLUG_CONTROLS_OFF");
        if (given == nullptr || std::strlen(given) >= read.size() - name.size()) return read;
        std::memcpy(read.data(), name.data(), name.size());
        std::memcpy(read.data() + name.size(), given, std::strlen(given));
        return read;
    }();
    return entry[0] == '\0' ? nullptr : entry.data();
}

inline bool on(Id id) {
    const char* const entry = environment();
    if (entry == nullptr) return true;
    std::string_view off(std::strchr(entry, '=') + 1);
    while (true) {
        const std::size_t end = off.find(',');
        if (off.substr(0, end) == id.text()) return false;
        if (end == std::string_view::npos) return true;
        off.remove_prefix(end + 1);
    }
}

#else

consteval char* environment() {
    return nullptr;
}

consteval bool on(Id) {
    return true;
}

#endif

}  // namespace careplug::control
