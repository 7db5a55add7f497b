// Every operation on a plan against every other: the first was shared, the second was begun before it and
// comes after it. Where both have a target it is the same unit or the same row.
#include <catch2/catch.hpp>

#include "shared_plan.h"

using namespace histories;

namespace {

// + both stand, ? a person decides, = nothing is left to do, x refused with a reason (and the draft kept).
// One line for each first operation, one column for each second, in the order of operation_names.
constexpr std::array<std::string_view, operation_names.size()> expected{
    "??+++++++++++++++",  // edit unit
    "?=+++++++++++++++",  // clear unit
    "++?++++++++++++++",  // edit whole group
    "+++++++++++++++++",  // add row
    "++++??+++++++++++",  // edit row
    "++++?==++++++++++",  // remove row
    "++++++=++++++++++",  // move row
    "+++++++?+++++++++",  // edit consent
    "+++++++++++++++++",  // publish
    "+++++++++++++++++",  // submit
    "+++++++++++++++++",  // discard draft
    "+++++++++++++++++",  // add contact note
    "xxxxxxxxxx+x=++x+",  // withdrawal of consent
    "+++++++++++++=+=+",  // consent given
    "xxxxxxxxxx+xxx=+x",  // close
    "+++++++++++++=+=+",  // reopen
    "xxxxxxxxxx+xxxxx=",  // mark entered in error
};

std::uint64_t pick_for(Operation operation, bool second) {
    switch (operation) {
        case Operation::edit_unit:
        case Operation::clear_unit:
            return second ? 1 : 0;  // another question of the unit "cpr"
        case Operation::edit_group:
            return second ? 1 : 0;  // one says that there are allergies, the other lists one
        case Operation::edit_consent:
            return 1;
        case Operation::add_row:
            return second ? 2 : 4;  // each a row of its own
        default:
            return 0x100 + (second ? 0x10000 : 0);  // another question of the same row
    }
}

constexpr std::uint64_t keep_mine = 0;

// What the second of two can do only from another state.
void set_the_scene(SharedPlan& plan, Operation operation) {
    if (operation == Operation::give_consent) plan.set_status(PlanStatus::on_hold);
    if (operation == Operation::reopen) plan.set_status(PlanStatus::completed);
}

void begin(SharedPlan& plan, int person, Operation operation) {
    const bool second = person == 1;
    if (edits_draft(operation))
        plan.act(person, operation, pick_for(operation, second));
    else if (!changes_status(operation) && operation != Operation::note)
        plan.act(person, Operation::edit_unit, second ? 4 : 3);
}

Outcome finish(SharedPlan& plan, int person, Operation operation) {
    return edits_draft(operation) ? plan.publish(person, keep_mine) : plan.act(person, operation, keep_mine);
}

char sign(Outcome outcome) {
    return std::string_view("+?x=")[static_cast<std::size_t>(outcome)];
}

char outcome_of(Operation first, Operation second) {
    SharedPlan plan(plan_for_histories(), 2);
    begin(plan, 0, first);
    begin(plan, 1, second);
    set_the_scene(plan, first);
    if (finish(plan, 0, first) != Outcome::stands) return '!';
    if (!changes_status(first)) set_the_scene(plan, second);
    return sign(finish(plan, 1, second));
}

}  // namespace

TEST_CASE("H5: every plan operation against every other") {
    for (std::size_t first = 0; first < operation_names.size(); ++first) {
        REQUIRE(expected[first].size() == operation_names.size());
        for (std::size_t second = 0; second < operation_names.size(); ++second)
            DYNAMIC_SECTION(operation_names[second] << " against " << operation_names[first]) {
                CHECK(outcome_of(static_cast<Operation>(first), static_cast<Operation>(second)) ==
                      expected[first][second]);
            }
    }
}
