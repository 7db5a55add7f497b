// Whose turn it is to send an author's changes, where several engines have one store: exactly one sends. A
// lock of the kernel's, so that an engine that ended holds none.
#pragma once

#include <careplug/package/descriptor.h>
#include <optional>
#include <string>
#include <utility>

#include "store/sealer.h"

namespace careplug::engine {

class Turns;

class Turn {
public:
    Turn(Turn&& from) noexcept : turns_(std::exchange(from.turns_, nullptr)), place_(from.place_) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn();

private:
    friend class Turns;
    Turn(const Turns* turns, long place) : turns_(turns), place_(place) {}
    const Turns* turns_;
    long place_;
};

class Turns {
public:
    // In the folder of a store. Throws StoreFailure.
    Turns(const std::string& folder, const Sealer& sealer);

    // Nothing while another engine has it. One at a time in one process.
    std::optional<Turn> take(const std::string& author) const;

private:
    friend class Turn;
    bool set(short kind, long place) const;

    const Sealer& sealer_;
    package::Descriptor file_;
};

}  // namespace careplug::engine
