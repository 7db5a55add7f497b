// What the engine itself gives up once it is open: it reads what it needs and nothing else, changes files in
// its store alone, starts careplug-jail alone, and connects to the exchange alone, as far as this kernel can
// hold it to that.
#pragma once

#include <careplug/package/descriptor.h>
#include <string>

#include "settings/settings.h"
#include "system/readable_files.h"

namespace careplug::engine {

class Confinement {
public:
    // Before the first thread, which would stay free.
    Confinement(const Settings& settings, const package::Descriptor& jail);

    // What holds and what this system lacks.
    const std::string& sentence() const { return sentence_; }
    // A file that was replaced by one that this process may not read; empty: none.
    std::string shut_out() const { return readable_.shut_out(); }

private:
    ReadableFiles readable_;
    std::string sentence_;
};

}  // namespace careplug::engine
