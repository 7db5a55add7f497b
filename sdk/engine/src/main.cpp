// careplug-engine: started by the loader with one end of a socket pair as descriptor 3; ends when that ends.
#include <careplug/wire/protocol.h>
#include <careplug/wire/version.h>
#include <fcntl.h>

#include <cstdio>
#include <string_view>

#include "control.h"

int main(int count, char** words) {
    using namespace careplug;
    if (count > 1 && std::string_view(words[1]) == "--version") {
        std::printf("careplug-engine %s\n", wire::words(wire::this_version()).c_str());
        return 0;
    }
    engine::harden_process();
    if (::fcntl(wire::control_descriptor, F_SETFD, FD_CLOEXEC) != 0) {
        std::fputs("careplug-engine is started by libcareplug, not by hand.\n", stderr);
        return 2;
    }
    return engine::serve_control(wire::Stream(wire::control_descriptor, wire::Stream::Takes::descriptors));
}
