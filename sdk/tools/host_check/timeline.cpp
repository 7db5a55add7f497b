#include "timeline.h"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

namespace careplug::tools {

namespace {

using nlohmann::json;

std::optional<Entry> engine_entry(Entry entry, const std::string& text) {
    const json said = json::parse(text, nullptr, false);
    if (!said.is_object()) return std::nullopt;
    const bool asked = said.contains("asked");
    entry.what = asked ? Entry::What::asked : Entry::What::sent;
    entry.name = said.value(asked ? "asked" : "sent", "");
    entry.status = said.value("status", 0);
    entry.handle = said.value("object", std::uint64_t{0});
    entry.text = text;
    return entry;
}

std::optional<Entry> loader_entry(Entry entry, const std::string& first, std::istringstream& words) {
    using What = Entry::What;
    const auto rest = [&] {
        std::string text;
        std::getline(words >> std::ws, text);
        return text;
    };
    if (first == "given" || first == "ended") {
        entry.what = first == "given" ? What::given : What::ended;
        words >> entry.name >> entry.handle >> entry.text;
    } else if (first == "read" || first == "word") {
        entry.what = first == "read" ? What::read : What::word;
        words >> entry.handle;
    } else if (first == "event") {
        entry.what = What::event;
        words >> entry.status >> entry.handle;
    } else if (first == "flags") {
        entry.what = What::flags;
        words >> entry.status >> entry.handle;
        for (std::uint64_t word = 0; words >> word;) entry.numbers.push_back(word);
    } else if (first.starts_with("careplug_")) {
        entry.name = first;
        if (std::string next; words >> next && next == "mistake:") {
            entry.what = What::mistake;
            entry.text = rest();
        } else {
            std::from_chars(next.data(), next.data() + next.size(), entry.status);
        }
    } else {
        return std::nullopt;
    }
    return entry;
}

}  // namespace

TimelineWriter::TimelineWriter(const std::filesystem::path& file)
    : descriptor_(::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600)) {}

TimelineWriter::~TimelineWriter() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

void TimelineWriter::write(const json& what) {
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    const std::string line =
        std::to_string(now) + " engine " + what.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
    const std::lock_guard lock(mutex_);
    // A line that is lost shows as a call that the host did not make; the disk is then full for everybody.
    const ssize_t written = ::write(descriptor_, line.data(), line.size());
    static_cast<void>(written);
}

std::vector<Entry> read_timeline(const std::filesystem::path& file) {
    std::vector<Entry> entries;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line);
        Entry entry;
        std::string first;
        if (!(words >> entry.time >> first)) continue;
        if (first == "engine") {
            std::string rest;
            std::getline(words >> std::ws, rest);
            if (auto made = engine_entry(entry, rest)) entries.push_back(std::move(*made));
        } else if (auto made = loader_entry(entry, first, words)) {
            entries.push_back(std::move(*made));
        }
    }
    return entries;
}

}  // namespace careplug::tools
