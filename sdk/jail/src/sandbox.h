// What the jail gives up, in three steps: before it knows the plugin's file, before the first line of the
// plugin's code (its constructors run while it is loaded), and before the first call.
#pragma once

#include <string>

namespace careplug::jail {

// What holds and what this system lacks, in one sentence for the log. Nothing here fails for a lack: a plugin
// in a process of its own is better than none.
class Sandbox {
public:
    // `plugin`: the one file that may still be opened.
    void confine(int plugin);
    std::string sentence() const;

    // False when the filter was in force before and could not be made stricter: then the plugin must not be
    // called.
    bool finish();

private:
    void note(bool holds, const std::string& what);

    std::string held_;
    std::string lacking_;
    bool filtered_ = false;
};

}  // namespace careplug::jail
