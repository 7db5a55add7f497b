#include <careplug/package/descriptor.h>
#include <fcntl.h>
#include <unistd.h>

namespace careplug::package {

Descriptor::~Descriptor() {
    if (number_ >= 0) ::close(number_);
}

Descriptor Descriptor::duplicate(int at_least) const {
    return Descriptor(::fcntl(number_, F_DUPFD_CLOEXEC, at_least));
}

}  // namespace careplug::package
