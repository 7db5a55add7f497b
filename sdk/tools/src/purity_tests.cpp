// Requirements about purity: the same input gives the same output.
#include <cstdlib>
#include <random>

#include "answer_book.h"
#include "clock_watch.h"
#include "requirement_tests.h"

namespace careplug::tools::purity {

void same_answer_twice(const Trial& trial) {
    const Scene scene(trial);
    const AnswerBook first = answer_book(scene);
    for (int i = 0; i < 3; ++i) expect_same(first, answer_book(scene), "Asked again,");
}

void same_answer_after_other_calls(const Trial& trial) {
    const Scene scene(trial);
    const AnswerBook first = answer_book(scene);
    const auto samples = ordinary_samples(scene);
    std::mt19937_64 random(trial.seed);
    for (int i = 0; i < 120; ++i) {
        const std::size_t at = random() % samples.size();
        const Answer answer = samples[at].ask(scene.policy);
        const std::string given =
            std::string(samples[at].function.name) + " " + std::to_string(answer.status) + " " + answer.text;
        expect_same({first[at]}, {given}, "After " + std::to_string(i) + " other calls");
        if (random() % 10 == 0) scene.policy.ask(samples[at].function, "{\"cut short\": ");
    }
}

void same_answer_in_a_new_session(const Trial& trial) {
    const Scene scene(trial);
    const AnswerBook first = answer_book(scene);
    const OpenPolicy again(scene.table, scene.documents.session(scene.view));
    expect_same(first, answer_book(scene.documents, again), "In a second session with the same rights");
}

void sessions_do_not_mix(const Trial& trial) {
    const Scene scene(trial);
    const AnswerBook alone = answer_book(scene);
    const OpenPolicy reader(scene.table, scene.documents.session(scene.view, {false, false}));
    const AnswerBook readers = answer_book(scene.documents, reader);
    for (int i = 0; i < 2; ++i) {
        expect_same(alone, answer_book(scene), "While a session of fewer rights is open,");
        expect_same(readers, answer_book(scene.documents, reader), "While a session of more rights is open,");
    }
}

void same_answer_in_another_process(const Trial& trial) {
    const Scene scene(trial);
    expect_same(answer_book(scene), book_of_another_process(trial, {}, ""), "In another process");
}

void same_answer_in_another_environment(const Trial& trial) {
    const Scene scene(trial);
    // Freed and new memory holds other bytes, so that what was never set shows.
    const std::vector<std::string> environment = {
        "TZ=Pacific/Kiritimati", "LANG=tr_TR.UTF-8",    "LC_ALL=tr_TR.UTF-8", "HOME=/",
        "USER=nobody",           "MALLOC_PERTURB_=165", "PATH=/nowhere"};
    expect_same(answer_book(scene), book_of_another_process(trial, environment, "/"),
                "With another time zone, language, environment and folder");
}

void clock_does_not_matter(const Trial& trial) {
    const Scene scene(trial);
    const AnswerBook usual = answer_book(scene);
    for (int hours = 1; hours < 24; ++hours) {
        const ClockWatch watch(std::int64_t{hours} * 3600 + std::int64_t{hours} * 40 * 86'400);
        const AnswerBook given = answer_book(scene);
        const std::uint64_t readings = watch.readings();
        expect_same(usual, given,
                    "When the computer's clock runs " + std::to_string(hours) + " hours ahead,");
        expect(readings == 0, "The plugin read a clock; the time is an argument of every call.");
        if (hours > 2) hours += 4;
    }
}

}  // namespace careplug::tools::purity
