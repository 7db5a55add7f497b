// The files that the engine may read once it is confined, and whether one of them can no longer be read.
//
// A rule of Landlock holds for the file that had a name at that time. Where another file takes the name later
// (a network change writes /etc/resolv.conf anew, an administrator exchanges a folder) it may not be read,
// and only a new engine may be told of it.
#pragma once

#include <careplug/jail/landlock.h>

#include <string>
#include <vector>

#include "settings/settings.h"

namespace careplug::engine {

class ReadableFiles {
public:
    // What names of hosts, certificates, plugins and data sets are read from.
    explicit ReadableFiles(const Settings& settings);

    void allow_in(jail::Landlock& landlock) const;
    // After the rules are in force: what counts from then on.
    void remember();
    // The name of one that was replaced, or came, and may not be read; empty: none.
    std::string shut_out() const;

private:
    std::vector<std::string> needed_;  // whose loss matters
    std::vector<std::string> helpful_;
};

}  // namespace careplug::engine
