// The plugin as the engine meets it: loaded from its file, spoken to through careplug_entry and the table.
#pragma once

#include <careplug/plugin.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "trial.h"

namespace careplug::tools {

using Entry = careplug_status(CAREPLUG_CALL*)(const careplug_plugin_offer*, careplug_plugin_answer*);

// The file alone, without a handshake.
class Library {
public:
    // Throws NotRun where it does not load: that is for the requirement about loading to judge.
    explicit Library(const std::filesystem::path& file);
    ~Library();
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
    Entry entry() const { return entry_; }

private:
    void* handle_;
    Entry entry_;
};

careplug_plugin_offer current_offer();
careplug_plugin_answer empty_answer();
std::string sentence_of(const careplug_plugin_answer& answer);
// The table, after a handshake of equals. Throws NotRun where there is none.
const careplug_policy& table_of(const Library& library);

struct Answer {
    careplug_status status = 0;
    std::string text;
    bool ok() const { return status >= 0 && status < 100; }
    bool refused() const { return status >= 100 && status < 200; }
};

using DocumentFunction = careplug_status(CAREPLUG_CALL*)(std::uint64_t, const char*, std::uint64_t,
                                                         std::int64_t, char*, std::uint64_t, std::uint64_t*);

struct NamedFunction {
    const char* name;
    DocumentFunction careplug_policy::*function;
};
// actions, panel, check, summary, write_back.
inline constexpr NamedFunction document_functions[] = {{"actions", &careplug_policy::actions},
                                                       {"panel", &careplug_policy::panel},
                                                       {"check", &careplug_policy::check},
                                                       {"summary", &careplug_policy::summary},
                                                       {"write_back", &careplug_policy::write_back}};

inline constexpr std::int64_t usual_time = 1'795'269'731'000;  // 2026-11-21T14:02:11Z

// Asks with room for most answers, and again where it was not enough, as the engine does.
Answer ask(DocumentFunction function, std::uint64_t policy, std::string_view document,
           std::int64_t now = usual_time);
Answer describe(const careplug_policy& table);

}  // namespace careplug::tools
