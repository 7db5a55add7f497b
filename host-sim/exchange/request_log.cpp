#include "request_log.h"

#include <unistd.h>

#include <algorithm>

#include "resource_types.h"

namespace careplug::exchange {

namespace {

bool is_plain(std::string_view text) {
    return text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char letter) {
               return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_' ||
                      letter == '.' || letter == '-' || letter == '$' || letter == ':';
           });
}

// Ten digits could be an NHS number that someone put into an address.
bool may_be_number(std::string_view text) {
    return std::count_if(text.begin(), text.end(),
                         [](char letter) { return letter >= '0' && letter <= '9'; }) == 10 &&
           text.size() <= 12;
}

void add_plain(std::string& line, std::string_view word) {
    line += is_plain(word) && !may_be_number(word) ? word : std::string_view("?");
}

}  // namespace

void log_request(const std::string& method, const std::string& path, const std::string& query, int status,
                 const RequestTimer& timer) {
    std::string line;
    add_plain(line, method.substr(0, 10));
    line += ' ';
    std::size_t start = 0;
    while (start < path.size()) {
        const auto end = std::min(path.find('/', start + 1), path.size());
        line += '/';
        add_plain(line, std::string_view(path).substr(start + 1, end - start - 1));
        start = end;
    }
    char separator = '?';
    for (std::size_t at = 0; at < query.size();) {
        const auto end = std::min(query.find('&', at), query.size());
        line += separator;
        add_plain(line, std::string_view(query).substr(at, std::min(query.find('=', at), end) - at));
        separator = '&';
        at = end + 1;
    }
    line += ' ' + std::to_string(status) + ' ' + std::to_string(timer.milliseconds()) + " ms\n";
    // One write, so that lines of threads never mix. A log that nobody reads stops no request.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace careplug::exchange
