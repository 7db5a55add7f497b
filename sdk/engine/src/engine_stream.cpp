// The change stream: Server-Sent Events of the exchange. A notice only says "look again"; a gap means a
// complete poll.
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Timespan.h>
#include <Poco/URI.h>

#include <array>
#include <istream>
#include <nlohmann/json.hpp>

#include "engine.h"
#include "system/times.h"

namespace careplug::engine {
namespace {

// Two heartbeats and a little.
constexpr int silence_seconds = 12;

}  // namespace

void Engine::stream_loop() {
    bool never = false;
    int pause = 100;
    while (wait(stopped_, never, pause)) {
        std::optional<Identity> identity;
        for (const auto& session : sessions())
            if (!identity) identity = session->identity();
        pause = 100;
        if (!identity) continue;
        const std::int64_t began = boot_ms();
        try {
            listen(*identity);
        } catch (const std::exception&) {
            // Whatever ended the stream, the poll finds out what that means.
        }
        {
            const std::lock_guard lock(mutex_);
            streaming_ = nullptr;
            poll_everything_ = true;
        }
        poll_soon();
        pause = boot_ms() - began < 2000 ? 1000 : 100;
    }
}

void Engine::listen(const Identity& identity) {
    const auto connection = connect_to(settings_.exchange, settings_.authority);
    connection->setTimeout(Poco::Timespan(2, 0), Poco::Timespan(10, 0), Poco::Timespan(silence_seconds, 0));
    connection->setKeepAlive(false);
    Poco::Net::HTTPRequest request("GET", Poco::URI(settings_.exchange).getPath() + "/$events",
                                   Poco::Net::HTTPMessage::HTTP_1_1);
    request.set("Accept", "text/event-stream");
    request.set("Authorization", "Bearer " + identity.token);
    struct Forget {
        Engine& engine;
        ~Forget() {
            const std::lock_guard lock(engine.mutex_);
            engine.streaming_ = nullptr;
        }
    } forget{*this};
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;
        streaming_ = connection.get();
    }
    connection->sendRequest(request);
    Poco::Net::HTTPResponse response;
    std::istream& in = connection->receiveResponse(response);
    if (response.getStatus() != Poco::Net::HTTPResponse::HTTP_OK) return;
    {
        // What changed before the stream stood was not heard.
        const std::lock_guard lock(mutex_);
        poll_everything_ = true;
    }
    poll_soon();
    // A line or a notice that does not end is none: the stream begins anew, with a complete poll.
    std::array<char, 64 * 1024> buffer{};
    std::string name;
    std::string data;
    while (in.getline(buffer.data(), buffer.size()) && data.size() < buffer.size()) {
        std::string line(buffer.data());
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (line.rfind("event:", 0) == 0)
            name = line.substr(
                line.find_first_not_of(' ', 6) == std::string::npos ? 6 : line.find_first_not_of(' ', 6));
        if (line.rfind("data:", 0) == 0) data += line.substr(5);
        if (!line.empty()) continue;
        if (name == "change") {
            const auto change = nlohmann::json::parse(data, nullptr, false);
            const std::string type = change.is_object() ? change.value("type", std::string()) : std::string();
            const std::lock_guard lock(mutex_);
            if (stopping_) return;
            if (type == "CarePlan") {
                changed_plans_.insert(change.value("id", std::string()));
            } else if (type == "Patient") {
                changed_patients_.insert(change.value("id", std::string()));
            } else if (type == "QuestionnaireResponse") {
                contacts_changed_ = true;
                changed_responses_.insert(change.value("id", std::string()));
            }
            if (type == "Task") changed_tasks_.insert(change.value("id", std::string()));
            if (type.empty()) poll_everything_ = true;
            poll_flag_ = poll_flag_ || type.empty() || type == "CarePlan" || type == "Patient" ||
                         type == "QuestionnaireResponse" || type == "Task";
        } else if (!name.empty() && name != "heartbeat") {
            const std::lock_guard lock(mutex_);
            poll_everything_ = true;
            poll_flag_ = true;
        }
        poll_wanted_.notify_all();
        name.clear();
        data.clear();
    }
}

}  // namespace careplug::engine
