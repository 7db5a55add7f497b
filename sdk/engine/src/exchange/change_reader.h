// The exchange's stream of changes (text/event-stream), line by line. A notice only says "look again"; what
// is not understood says "look at everything".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace careplug::engine {

struct ChangeNotice {
    std::string type;  // of the resource; empty: anything may have changed
    std::string id;
};

class ChangeReader {
public:
    // Longer than any line or notice that an exchange sends.
    static constexpr std::size_t longest = 64 * 1024;

    // A line without its end. A notice is complete with the empty line behind it.
    std::optional<ChangeNotice> take(std::string_view line);
    // What does not end is no notice: the stream is to be begun anew.
    bool overflowed() const { return data_.size() >= longest; }

private:
    std::string name_;
    std::string data_;
};

}  // namespace careplug::engine
