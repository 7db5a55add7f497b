#include "event_queue.h"

#include <catch2/catch.hpp>

using namespace careplug;

namespace {

wire::Event event(std::int32_t kind, std::uint64_t subject = 0, std::uint64_t generation = 0) {
    wire::Event made;
    made.kind = kind;
    made.subject = subject;
    made.generation = generation;
    return made;
}

}  // namespace

TEST_CASE("events are given once, oldest first") {
    loader::EventQueue queue;
    queue.add(event(CAREPLUG_EVENT_REQUEST, 1));
    queue.add(event(CAREPLUG_EVENT_REQUEST, 2));
    CHECK(queue.take()->subject == 1);
    CHECK(queue.take()->subject == 2);
    CHECK_FALSE(queue.take());
}

TEST_CASE("what only says \"read again\" is kept once, with the newest generation") {
    loader::EventQueue queue;
    for (std::uint64_t generation = 1; generation <= 5000; ++generation) {
        queue.add(event(CAREPLUG_EVENT_FLAGS, 0, generation));
        queue.add(event(CAREPLUG_EVENT_PANEL, 8));
    }
    CHECK_FALSE(queue.full());
    CHECK(queue.take()->generation == 5000);
    CHECK(queue.take()->kind == CAREPLUG_EVENT_PANEL);
    CHECK(queue.empty());
}

TEST_CASE("requests and completions are never joined") {
    loader::EventQueue queue;
    for (int i = 0; i < 3; ++i) queue.add(event(CAREPLUG_EVENT_OPERATION, 8));
    queue.take();
    queue.take();
    CHECK_FALSE(queue.empty());
}
