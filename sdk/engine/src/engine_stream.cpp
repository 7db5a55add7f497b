// The change stream: Server-Sent Events of the exchange. A gap in it means a complete poll.
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Timespan.h>
#include <Poco/URI.h>

#include <array>
#include <istream>

#include "engine.h"
#include "exchange/change_reader.h"
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
    std::array<char, ChangeReader::longest> buffer{};
    ChangeReader reader;
    while (in.getline(buffer.data(), buffer.size()) && !reader.overflowed())
        if (const auto notice = reader.take(buffer.data())) look_again(*notice);
}

void Engine::look_again(const ChangeNotice& notice) {
    {
        const std::lock_guard lock(mutex_);
        if (notice.type.empty())
            poll_everything_ = true;
        else if (notice.type == "CarePlan")
            changed_plans_.insert(notice.id);
        else if (notice.type == "Patient")
            changed_patients_.insert(notice.id);
        else if (notice.type == "QuestionnaireResponse")
            changed_responses_.insert(notice.id);
        else if (notice.type == "Task")
            changed_tasks_.insert(notice.id);
        else
            return;
        poll_flag_ = true;
    }
    poll_wanted_.notify_all();
}

}  // namespace careplug::engine
