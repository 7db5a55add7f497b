// One line for each request on standard error. No tokens, no names, no numbers of people: of a query the
// names of its parameters alone.
#pragma once

#include <chrono>
#include <string>

namespace careplug::exchange {

class RequestTimer {
public:
    std::int64_t milliseconds() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                     start_)
            .count();
    }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

void log_request(const std::string& method, const std::string& path, const std::string& query, int status,
                 const RequestTimer& timer);

}  // namespace careplug::exchange
