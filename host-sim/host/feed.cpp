#include "feed.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace careplug::sim {
namespace {

// A page that does not read this many events is gone; it reads everything again when it comes back.
constexpr std::size_t most_waiting = 1000;

}  // namespace

std::optional<std::string> Stream::wait(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    ready_.wait_for(lock, timeout, [this] { return closed_ || !waiting_.empty(); });
    if (closed_) return std::nullopt;
    if (waiting_.empty()) return std::string();
    std::string text = std::move(waiting_.front());
    waiting_.pop_front();
    return text;
}

void Stream::push(const std::string& text) {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= most_waiting) closed_ = true;
    waiting_.push_back(text);
    ready_.notify_one();
}

void Stream::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    ready_.notify_one();
}

std::shared_ptr<Stream> Feed::join() {
    const std::lock_guard lock(mutex_);
    auto stream = std::make_shared<Stream>();
    if (closed_) stream->close();
    streams_.push_back(stream);
    return stream;
}

void Feed::publish(const std::string& name, const nlohmann::json& data) {
    const std::string text = "event: " + name + "\ndata: " + data.dump() + "\n\n";
    const std::lock_guard lock(mutex_);
    std::erase_if(streams_, [](const auto& stream) { return stream.expired(); });
    for (const auto& weak : streams_)
        if (const auto stream = weak.lock()) stream->push(text);
}

void Feed::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    for (const auto& weak : streams_)
        if (const auto stream = weak.lock()) stream->close();
}

}  // namespace careplug::sim
