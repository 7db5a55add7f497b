#include "edits.h"

#include <careplug/plan/rows.h>
#include <algorithm>
#include <array>

namespace histories {

namespace {

constexpr std::array<const char*, 5> texts{"cpr.decision", "cpr.date", "cpr.where", "words.matters",
                                           "words.access"};
constexpr std::array<const char*, 2> groups{"ppl.contact", "ppl.advice"};
constexpr std::array<const char*, 2> contact_questions{".name", ".phone"};
constexpr std::array<const char*, 2> advice_questions{".when", ".what"};
constexpr std::array<const char*, 2> allergy_questions{".substance", ".reaction"};

template <typename List>
auto chosen(const List& list, std::uint64_t pick) {
    return list[pick % list.size()];
}

std::vector<Item> rows_of(const Answers& draft, const std::string& group) {
    std::vector<Item> rows;
    for (const Item* row : draft.all(group)) rows.push_back(*row);
    return rows;
}

std::string question_of(const std::string& group, std::uint64_t pick) {
    if (group == "alg.list") return group + chosen(allergy_questions, pick);
    return group +
           (group == "ppl.contact" ? chosen(contact_questions, pick) : chosen(advice_questions, pick));
}

void answer(Item& row, const std::string& question, const std::string& word) {
    std::erase_if(row.items, [&](const Item& child) { return child.link_id == question; });
    row.items.push_back({question, {Value(word)}, {}});
}

Item new_row(const std::string& group, std::uint64_t pick, const std::string& word) {
    Item row{group, {}, {}};
    set_row_id(row, std::to_string(pick * 0x9e3779b97f4a7c15ULL));
    answer(row, question_of(group, 0), word);
    return row;
}

void edit_rows(Answers& draft, const std::string& group, Operation operation, std::uint64_t pick,
               const std::string& word) {
    std::vector<Item> rows = rows_of(draft, group);
    if (rows.empty() || operation == Operation::add_row) {
        rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(((pick >> 8U) & 0xFFU) % (rows.size() + 1)),
                    new_row(group, pick, word));
    } else {
        const auto at = rows.begin() + static_cast<std::ptrdiff_t>(((pick >> 8U) & 0xFFU) % rows.size());
        if (operation == Operation::edit_row) answer(*at, question_of(group, pick >> 16U), word);
        if (operation == Operation::remove_row) rows.erase(at);
        if (operation == Operation::move_row) std::rotate(rows.begin(), at, at + 1);
    }
    draft.replace(group, std::move(rows));
}

void clear_unit(Answers& draft, const std::string& field) {
    if (!field.starts_with("cpr.")) return draft.clear(field);
    for (const char* each : {"cpr.decision", "cpr.date", "cpr.where"}) draft.clear(each);
}

}  // namespace

void edit_draft(Answers& draft, Operation operation, std::uint64_t pick, const std::string& word) {
    switch (operation) {
        case Operation::edit_unit:
            return draft.set(chosen(texts, pick), word);
        case Operation::clear_unit:
            return clear_unit(draft, chosen(texts, pick));
        case Operation::edit_group:
            if ((pick & 1U) == 0) return draft.set("alg.state", word);
            return edit_rows(
                draft, "alg.list",
                chosen(std::array{Operation::add_row, Operation::edit_row, Operation::remove_row},
                       pick >> 4U),
                pick, word);
        case Operation::edit_consent:
            if (pick % 4 != 0) return draft.set("con.date", word);
            return draft.set("con.status",
                             Coding{"urn:x-local:histories", (pick & 4U) == 0 ? "withdrawn" : "given", ""});
        default:
            return edit_rows(draft, chosen(groups, pick), operation, pick, word);
    }
}

}  // namespace histories
