// A server before the real exchange that answers as a test says: what a faulty exchange, a cut line or a
// foreign server may answer. It passes on whatever the test leaves alone.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace careplug::test {

struct FrontAnswer {
    int status = 200;
    std::string body;
};

class Front {
public:
    explicit Front(std::string exchange);
    ~Front();
    std::string url() const;
    // Changes the exchange's answer, or its own: called for each request with "POST /CarePlan/_search".
    using Change = std::function<void(const std::string& request, FrontAnswer& answer)>;
    void change(Change change);
    // Answers instead of the exchange, which does not hear of the request.
    using Instead =
        std::function<std::optional<FrontAnswer>(const std::string& request, const std::string& body)>;
    void instead(Instead instead);
    FrontAnswer answer(const std::string& method, const std::string& path, const std::string& body,
                       const std::string& content_type, const std::string& authorization);

private:
    struct Server;
    const std::string exchange_;
    std::mutex mutex_;
    Change change_;
    Instead instead_;
    std::unique_ptr<Server> server_;
};

}  // namespace careplug::test
