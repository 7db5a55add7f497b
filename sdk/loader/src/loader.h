// One engine and the sessions on it.
#ifndef CAREPLUG_LOADER_LOADER_H
#define CAREPLUG_LOADER_LOADER_H

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "session.h"

namespace careplug::loader {

class Loader {
public:
    static constexpr Kind kind = Kind::loader;

    // Starts the engine and asks it whether it takes this host.
    Answer open(std::string host_name, std::string settings);
    // Answer::created is the handle of the session.
    Answer open_session(std::string_view host_kind, std::string_view workstation, careplug_handle self);
    void forget(careplug_handle session, wire::Function by);
    void close();

private:
    Answer ask(std::uint32_t frame, wire::View payload, std::uint32_t answer_kind, std::int64_t deadline,
               std::span<const int> descriptors, wire::Message& reply);

    std::mutex control_lock_;  // held while control is used; a session opens after another
    wire::Stream control_;
    std::uint64_t sequence_ = 0;

    std::mutex sessions_lock_;
    std::map<careplug_handle, std::shared_ptr<Session>> sessions_;
    std::atomic<bool> closed_ = false;

    EngineProcess process_;
};

}  // namespace careplug::loader

#endif
