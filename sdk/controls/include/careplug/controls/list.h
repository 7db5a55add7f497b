#pragma once

#include <array>
#include <string_view>

// Every control of the hazard log that is code: its id and what it does. docs/safety/ shows these sentences,
// and docs/safety/hazards/ names the tests that prove each of them.
namespace careplug::control {

struct Row {
    std::string_view id;
    std::string_view sentence;
};

inline constexpr auto list = std::to_array<Row>({
    {"H1.number", "The NHS number of record and plan must be the same valid number"},
    {"H1.birth-date", "The birth date of record and plan must be the same whole date"},
    {"H1.name", "A name that differs is a warning"},
    {"H3.legacy-codes", "A legacy CPR code counts as what it means"},
    {"H3.cpr-slot", "Where a plan exists the CPR slot always has a flag"},
    {"H3.unreadable-cpr",
     "A CPR entry that cannot be read says \"open the plan\", with the text as received"},
    {"H3.two-cpr-answers", "Of two CPR answers none is chosen: \"open the plan\""},
    {"H5.whole-units",
     "Answers merge by whole units, so that one person's decision never meets another's date"},
    {"H5.both-changed", "A unit that both changed goes to a person"},
    {"H5.rows-both-changed", "A row that both changed goes to a person, whole"},
    {"H6.conflict", "CPR decisions that differ between plans, or with the host's record, raise the conflict"},
    {"H6.filed-entries", "Entries of the record that were filed from a plan are no evidence"},
    {"H7.who-may-move", "Each step of a revision is made by who may make it"},
    {"H8.no-content", "A suspended, closed or removed plan gives no flag of content"},
    {"H8.consent-suspends",
     "A plan whose consent does not permit sharing counts as suspended, whatever its status says"},
    {"H8.withdrawal-wins", "In a merge the withdrawal of consent wins"},
    {"H8.consent-to-publish", "A plan whose consent does not permit sharing is not published"},
    {"H8.content-dropped",
     "Of a plan that may not be shown a computer keeps who and what state, and nothing of what it says"},
    {"H9.rights-by-role", "A role has the rights of its row in the table and no more"},
    {"H9.fields-by-role", "A change of a field beyond the role is refused"},
    {"H9.relationship", "A plan is opened by a role that the data set gives this relationship"},
    {"H9.reason", "A relationship that is claimed, and an emergency, need a reason"},
    {"H9.withheld-from-patient",
     "What the data set withholds until it was talked about is in no patient's view"},
    {"H12.hidden-in-flags", "A flag whose words or rule a view must not show is not given to that view"},
    {"H12.masked-in-summary", "Of a masked answer the summary that boards read says only that it exists"},
    {"H14.none-is-asserted", "\"No known allergies\" is said only where the record asserts it"},
    {"H20.code-against-display", "A CPR code whose words are those of another answer is read as neither"},
    {"H20.lint", "Contradictions that the data set names block publishing or warn, in words"},
});

constexpr bool is_listed(std::string_view id) {
    for (const Row& row : list)
        if (row.id == id) return true;
    return false;
}

}  // namespace careplug::control
