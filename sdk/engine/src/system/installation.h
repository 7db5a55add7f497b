// The programs of this engine as they lie on the disk now: whether others were installed in their place.
#pragma once

#include <careplug/package/descriptor.h>
#include <string>

namespace careplug::engine {

class Installation {
public:
    // Of the running program and of careplug-jail: as it was given, or else as it lies beside it.
    explicit Installation(package::Descriptor jail);

    const package::Descriptor& jail_program() const { return jail_; }
    // Once for each program that was installed in the place of one of ours, as soon as the files have not
    // changed between two calls: what is still being put there is not looked at.
    bool replaced();

private:
    std::string folder_;
    std::string engine_path_;
    std::string jail_path_;
    package::Descriptor engine_;
    package::Descriptor jail_;
    std::string seen_;
    std::string told_;
};

}  // namespace careplug::engine
