// The exchange's stream of changes: whatever it sends, a notice names one resource, or everything.
#include <sstream>
#include <string>

#include "exchange/change_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using careplug::engine::ChangeReader;
    ChangeReader reader;
    std::istringstream stream(std::string(data, data + size));
    for (std::string line; std::getline(stream, line) && !reader.overflowed();) {
        const auto notice = reader.take(line);
        if (notice && notice->type.empty() != notice->id.empty()) __builtin_trap();
    }
    return 0;
}
