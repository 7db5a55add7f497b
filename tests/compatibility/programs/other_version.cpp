// Linked in place of sdk/wire/src/this_version.cpp: what is linked with it calls itself another version.
#include <careplug/wire/version.h>

careplug::wire::Version careplug::wire::this_version() {
    return {CAREPLUG_OTHER_VERSION};
}
