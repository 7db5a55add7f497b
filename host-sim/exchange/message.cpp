#include "message.h"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include "problem.h"
#include "times.h"

namespace careplug::exchange {

Response response_of(const Version& version) {
    Response response;
    response.body = version.body;
    response.headers = {{"ETag", version.etag()}, {"Last-Modified", http_date(version.updated)}};
    return response;
}

Response response_of_write(const Version& version, int status, const std::string& base) {
    auto response = response_of(version);
    response.status = status;
    response.headers["Location"] =
        base + "/" + version.reference() + "/_history/" + std::to_string(version.version);
    return response;
}

std::vector<std::string> segments(const std::string& path) {
    std::vector<std::string> parts;
    std::size_t start = 0;
    while (start < path.size()) {
        const auto end = std::min(path.find('/', start), path.size());
        if (end > start) {
            std::string decoded;
            try {
                Poco::URI::decode(path.substr(start, end - start), decoded);
            } catch (const Poco::Exception&) {
                throw Problem(400, "value", "The address has a % that two hexadecimal digits do not follow.");
            }
            parts.push_back(std::move(decoded));
        }
        start = end + 1;
    }
    return parts;
}

}  // namespace careplug::exchange
