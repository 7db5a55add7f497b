#include "store/turns.h"

#include <fcntl.h>

#include "store/store.h"

namespace careplug::engine {

Turn::~Turn() {
    if (turns_) turns_->set(F_UNLCK, place_);
}

Turns::Turns(const std::string& folder, const Sealer& sealer)
    : sealer_(sealer), file_(::open((folder + "/sending").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (!file_)
        throw StoreFailure("The store folder " + folder +
                           " is not writable: ask the administrator to allow it.");
}

// A lock of the process's, not of the descriptor's: no child of this one inherits it.
bool Turns::set(short kind, long place) const {
    struct flock lock {};
    lock.l_type = kind;
    lock.l_whence = SEEK_SET;
    lock.l_start = place;
    lock.l_len = 1;
    return ::fcntl(file_.number(), F_SETLK, &lock) == 0;
}

std::optional<Turn> Turns::take(const std::string& author) const {
    // One byte for each author; nothing is written there.
    const long place = std::stol(sealer_.lookup(author).substr(0, 15), nullptr, 16);
    if (!set(F_WRLCK, place)) return std::nullopt;
    return Turn(this, place);
}

}  // namespace careplug::engine
