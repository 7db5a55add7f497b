// What a desk tells its open pages: Server-Sent Events, one queue for each page.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace careplug::sim {

class Stream {
public:
    // The next event, or an empty text when none came in time. Nothing once the stream is closed.
    std::optional<std::string> wait(std::chrono::milliseconds timeout);
    void push(const std::string& text);
    void close();

private:
    std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<std::string> waiting_;
    bool closed_ = false;
};

class Feed {
public:
    std::shared_ptr<Stream> join();
    void publish(const std::string& name, const nlohmann::json& data);
    void close();

private:
    std::mutex mutex_;
    std::vector<std::weak_ptr<Stream>> streams_;
    bool closed_ = false;
};

}  // namespace careplug::sim
