#include <careplug/base.h>
#include <careplug/wire/version.h>

namespace careplug::wire {

Version this_version() {
    return {CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR, CAREPLUG_ABI_CANDIDATE};
}

}  // namespace careplug::wire
