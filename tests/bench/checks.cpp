// What the loader's checks cost on an instant call: always on, and with the trace.
#include <careplug/host.h>

#include <cstdlib>
#include <stdexcept>

#include "bench/figures.h"

namespace careplug::bench {

namespace {

// One call is too short for the clock: a thousand in microseconds are one in nanoseconds.
constexpr int thousand = 1000;

careplug_status bare(careplug_handle handle, const char** data, std::uint64_t* length) {
    *data = reinterpret_cast<const char*>(handle);
    *length = handle;
    return CAREPLUG_OK;
}

// A refused careplug_open gives a problem without an engine, and follows CAREPLUG_TRACE.
careplug_handle problem_of_open() {
    const careplug_offer offer{sizeof offer, 99, 0, 0};
    careplug_answer answer{};
    answer.size = sizeof answer;
    careplug_handle loader = 0;
    careplug_handle problem = 0;
    careplug_open(&offer, &answer, nullptr, 0, nullptr, 0, &loader, &problem);
    if (problem == 0) throw std::runtime_error("careplug_open took an unknown version");
    return problem;
}

template <class Function>
Distribution thousand_calls(Function function, careplug_handle handle) {
    // The compiler must not see what it calls, as with a function of a library.
    Function volatile called = function;
    return measure(2000, 1, [&] {
        for (int i = 0; i < thousand; ++i) {
            const char* data = nullptr;
            std::uint64_t length = 0;
            called(handle, &data, &length);
        }
    });
}

}  // namespace

void call_checks(Report& report) {
    const char* floor = "a bare function, 1000 calls";
    const careplug_handle live = problem_of_open();
    const careplug_handle stale = problem_of_open();
    careplug_release(stale);
    const auto plain = thousand_calls(&bare, live);
    report.add(
        {"problem_detail, 1000 calls", thousand_calls(&careplug_problem_detail, live), floor, plain, ""});
    report.add({"the same, refused: stale handle", thousand_calls(&careplug_problem_detail, stale), floor,
                plain, ""});
    ::setenv("CAREPLUG_TRACE", "/dev/null", 1);
    careplug_release(problem_of_open());
    report.add({"the same with the trace, to /dev/null", thousand_calls(&careplug_problem_detail, live),
                floor, thousand_calls(&bare, live), ""});
    ::unsetenv("CAREPLUG_TRACE");
    careplug_release(problem_of_open());
    careplug_release(live);
}

}  // namespace careplug::bench
