// Requirements about the process that a plugin lives in.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>

#include "answer_book.h"
#include "process_state.h"
#include "requirement_tests.h"
#include "system_calls.h"
#include "text.h"

namespace careplug::tools::manners {

namespace {

// Loads the plugin, asks it everything, and unloads it.
void live(const Trial& trial) {
    const Scene scene(trial);
    answer_book(scene);
}

// While it is loaded, and after it is gone, what `look` sees is as before.
template <class Look>
void leaves(const Trial& trial, Look look, const std::string& otherwise) {
    const auto before = look();
    {
        const Scene scene(trial);
        answer_book(scene);
        expect(look() == before, otherwise);
    }
    expect(look() == before, otherwise);
}

}  // namespace

void opens_no_descriptors(const Trial& trial) {
    leaves(trial, open_descriptors, "The plugin opened a file or connection and left it open.");
}

void starts_no_threads(const Trial& trial) {
    leaves(trial, thread_count, "The plugin started a thread.");
}

void leaves_signals_alone(const Trial& trial) {
    leaves(trial, signal_state, "The plugin changed how a signal is handled or blocked.");
}

void leaves_surroundings_alone(const Trial& trial) {
    leaves(trial, surroundings,
           "The plugin changed the environment, the locale, the folder or the file mode mask.");
}

void leaves_floating_point_alone(const Trial& trial) {
    leaves(trial, floating_point_state, "The plugin changed the rounding or the traps of floating point.");
}

void prints_nothing(const Trial& trial) {
    const int output = memfd_create("output", MFD_CLOEXEC);
    if (output < 0 || dup2(output, 1) != 1 || dup2(output, 2) != 2)
        throw NotRun("The output could not be caught.");
    live(trial);
    std::fflush(nullptr);
    expect(lseek(output, 0, SEEK_CUR) == 0, "The plugin wrote to standard output or standard error.");
}

void asks_the_kernel_for_memory_alone(const Trial& trial) {
    const Scene scene(trial);
    const std::string call = forbidden_system_call([&] { answer_book(scene); });
    expect(call.empty(), "While it was asked, the plugin called the kernel: " + call + ".");
}

void calls_leave_no_memory(const Trial& trial) {
    const Scene scene(trial);
    const auto samples = ordinary_samples(scene);
    const auto ask_all = [&](int rounds) {
        for (int i = 0; i < rounds; ++i)
            for (const Sample& sample : samples) sample.ask(scene.policy);
    };
    ask_all(5);
    const std::size_t before = allocated_bytes();
    ask_all(92);
    const std::size_t after = allocated_bytes();
    expect(after < before + 128 * 1024,
           "About 1000 calls left " + std::to_string((after - before) / 1024) + " KB of memory behind.");
}

void sessions_leave_no_memory(const Trial& trial) {
    const Scene scene(trial);
    const json session = scene.documents.session(scene.view);
    const auto open_and_close = [&](int times) {
        for (int i = 0; i < times; ++i) OpenPolicy(scene.table, session).close();
    };
    open_and_close(3);
    const std::size_t before = allocated_bytes();
    open_and_close(20);
    const std::size_t after = allocated_bytes();
    expect(after < before + 256 * 1024, "Opening and closing 20 sessions left " +
                                            std::to_string((after - before) / 1024) +
                                            " KB of memory behind.");
}

}  // namespace careplug::tools::manners
