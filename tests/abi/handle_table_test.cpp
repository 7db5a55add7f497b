#include "handle_table.h"

#include <catch2/catch.hpp>
#include <set>

#include "answer.h"
#include "session.h"

using namespace careplug::loader;

namespace {

std::shared_ptr<Result> result(const char* text) {
    auto made = std::make_shared<Result>();
    made->text = text;
    return made;
}

}  // namespace

TEST_CASE("a handle finds its object and no other kind") {
    HandleTable table(7);
    const auto handle = table.add(result("a"));
    CHECK(handle != 0);
    REQUIRE(table.find<Result>(handle));
    CHECK(table.find<Result>(handle).object->text == "a");
    const auto other = table.find<Problem>(handle);
    CHECK_FALSE(other);
    CHECK(other.fault == Fault::other_kind);
    CHECK(other.actual == Kind::result);
}

TEST_CASE("a released handle is recognised, also when its slot is used again") {
    HandleTable table(7);
    std::set<careplug_handle> given;
    careplug_handle last = 0;
    for (int i = 0; i < 100; ++i) {
        const auto handle = table.add(result("x"));
        CHECK(given.insert(handle).second);
        CHECK(table.find<Result>(last).fault == (last == 0 ? Fault::zero : Fault::released));
        CHECK(table.remove(handle));
        CHECK_FALSE(table.remove(handle));
        last = handle;
    }
    CHECK(table.find<Result>(*given.begin()).fault == Fault::released_earlier);
}

TEST_CASE("handles never given are unknown: other processes', pointers, small numbers") {
    HandleTable ours(0x12345678);
    HandleTable theirs(0x9ABCDEF0);
    ours.add(result("a"));
    const auto foreign = theirs.add(result("b"));
    CHECK(ours.find<Result>(foreign).fault == Fault::unknown);
    CHECK(ours.find<Result>(1).fault == Fault::unknown);
    CHECK(ours.find<Result>(0x7FFE12345678).fault == Fault::unknown);
    CHECK(ours.find<Result>(~careplug_handle{0}).fault == Fault::unknown);
    CHECK_FALSE(ours.remove(foreign));
}

TEST_CASE("an object lives as long as someone uses it, and not longer") {
    HandleTable table(7);
    auto object = result("a");
    const std::weak_ptr<Result> watch = object;
    const auto handle = table.add(std::move(object));
    {
        const auto found = table.find<Result>(handle);
        table.remove(handle);
        CHECK_FALSE(watch.expired());
    }
    CHECK(watch.expired());
}

TEST_CASE("a released handle remembers what ended it, until its slot is used again") {
    HandleTable table(7);
    const auto first = table.add(result("a"));
    table.remove(first, careplug::wire::Function::release);
    CHECK(table.find<Result>(first).fault == Fault::released);
    CHECK(table.find<Result>(first).ended_by == careplug::wire::Function::release);
    table.remove(table.add(result("b")), careplug::wire::Function::panel_close);
    CHECK(table.find<Result>(first).fault == Fault::released_earlier);
}
