// One engine and the sessions on it.
#ifndef CAREPLUG_LOADER_LOADER_H
#define CAREPLUG_LOADER_LOADER_H

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
    const std::shared_ptr<Supervisor> supervisor_ = std::make_shared<Supervisor>();

    std::mutex sessions_lock_;
    std::map<careplug_handle, std::shared_ptr<Session>> sessions_;
    bool closed_ = false;
};

}  // namespace careplug::loader

#endif
