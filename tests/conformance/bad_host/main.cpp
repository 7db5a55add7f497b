// bad_host FAULT: FAULT is a requirement's id, or "none".
#include <cstdlib>
#include <cstring>

#include "host.h"

using namespace careplug::bad_host;

int main(int count, char** values) {
    if (count != 2) return 64;
    set_fault(values[1]);
    const char* const settings = std::getenv("CAREPLUG_SETTINGS");
    if (settings == nullptr) return 64;
    careplug_offer offer = {sizeof offer, CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR, CAREPLUG_ABI_CANDIDATE};
    if (breaks("HOST-001")) offer.candidate += 1;
    careplug_answer answer{};
    answer.size = sizeof answer;
    careplug_handle loader = 0, problem = 0;
    const char* const name = "Example 1.0";
    told(careplug_open(&offer, &answer, name, breaks("HOST-002") ? 0 : std::strlen(name), settings,
                       std::strlen(settings), &loader, &problem),
         problem);
    if (loader == 0) {
        if (breaks("HOST-007")) careplug_session_open(loader, "gp", 2, "desk 1", 6, &problem, nullptr);
        return breaks("HOST-001") ? 0 : 2;
    }
    const int status = day(loader);
    if (!breaks("HOST-006")) careplug_close(loader);
    return breaks("HOST-003") ? 7 : status;
}
