// What the faulty engine can do with a call, and how a test tells it.
#pragma once

#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

namespace careplug::test {

enum class After { answered, replaced, either };

struct Fault {
    std::string_view name;
    After after;  // what becomes of the engine
};

// Before the call reaches the engine's sessions, or with what they answered.
inline constexpr std::array faults{
    Fault{"crash", After::replaced},
    Fault{"crash-when-done", After::replaced},
    Fault{"abort", After::replaced},
    Fault{"exit", After::replaced},
    Fault{"hang", After::replaced},
    Fault{"slow", After::answered},
    Fault{"too-slow", After::replaced},
    Fault{"gigabyte", After::replaced},    // says that a gigabyte follows
    Fault{"over-limit", After::replaced},  // says that one byte more than allowed follows
    Fault{"noise", After::replaced},       // bytes that are no frame
    Fault{"noise-in-frame", After::replaced},
    Fault{"cut-off", After::replaced},       // half of the answer, then the end of the socket
    Fault{"cut-in-frame", After::replaced},  // a whole frame that holds half of the answer
    Fault{"other-call", After::replaced},    // the answer of another call
    Fault{"other-patient", After::either},   // the answer for another patient
    Fault{"no-handle", After::either},       // a new thing without a handle, events of things nobody has
    Fault{"memory", After::either},          // all that it may have, or nearly
    Fault{"leak", After::either},            // no descriptor is left
    Fault{"descriptors", After::answered},   // two hundred with the answer
    Fault{"fork", After::replaced},          // a child keeps every socket when it dies
};

// One fault at one call, in a file beside the engine's settings. Whoever takes the order removes it.
class Order {
public:
    explicit Order(std::filesystem::path settings) : file_(settings.parent_path() / "fault") {}

    void give(std::string_view call, std::string_view fault) const {
        std::ofstream(file_.string() + ".new") << call << ' ' << fault;
        std::filesystem::rename(file_.string() + ".new", file_);
    }
    // The fault for this call.
    std::optional<std::string> take(std::string_view call) const {
        std::ifstream file(file_);
        std::string wanted;
        std::string fault;
        if (!(file >> wanted >> fault) || wanted != call) return std::nullopt;
        std::filesystem::remove(file_);
        return fault;
    }
    bool taken() const { return !std::filesystem::exists(file_); }

private:
    std::filesystem::path file_;
};

// How the rows are called that are no call of calls.h.
inline constexpr std::string_view greeting = "careplug_open";
inline constexpr std::string_view resuming = "resume";
inline constexpr std::string_view giving_a_table = "table";

}  // namespace careplug::test
