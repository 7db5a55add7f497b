// Everything that a person can do to a plan. Pairs and histories are made from this one list.
#pragma once

#include <array>
#include <string_view>

namespace histories {

enum class Operation {
    edit_unit,
    clear_unit,
    edit_group,
    add_row,
    edit_row,
    remove_row,
    move_row,
    edit_consent,
    publish,
    submit,
    discard,
    note,
    withdraw_consent,
    give_consent,
    close,
    reopen,
    remove
};

inline constexpr std::array<std::string_view, 17> operation_names{"edit unit",
                                                                  "clear unit",
                                                                  "edit whole group",
                                                                  "add row",
                                                                  "edit row",
                                                                  "remove row",
                                                                  "move row",
                                                                  "edit consent",
                                                                  "publish",
                                                                  "submit",
                                                                  "discard draft",
                                                                  "add contact note",
                                                                  "withdrawal of consent",
                                                                  "consent given",
                                                                  "close",
                                                                  "reopen",
                                                                  "mark entered in error"};

constexpr bool edits_draft(Operation operation) {
    return operation <= Operation::edit_consent;
}

constexpr bool changes_status(Operation operation) {
    return operation >= Operation::withdraw_consent;
}

}  // namespace histories
