// Answers to the questions of a data set: the content of one revision of a plan.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace careplug::plan {

struct Coding {
    std::string system;
    std::string code;
    std::string display;
    bool operator==(const Coding&) const = default;
};

// A FHIR date: YYYY, YYYY-MM or YYYY-MM-DD, kept as written.
struct Date {
    std::string text;
    bool operator==(const Date&) const = default;
};

// A FHIR dateTime with its zone, kept as written.
struct DateTime {
    std::string text;
    bool operator==(const DateTime&) const = default;
};

using Value = std::variant<std::string, bool, std::int64_t, Date, DateTime, Coding>;

// One item of a QuestionnaireResponse: a question with its answers, or one row of a group.
struct Item {
    std::string link_id;
    std::vector<Value> answers;
    std::vector<Item> items;
    bool operator==(const Item&) const = default;
};

// Any answer, in it or below it.
bool answered(const Item& item);

// The link id of the hidden item that names a row of `group`.
std::string row_link_id(std::string_view group);

// A field is an item directly below a section (a top-level group that does not repeat). Answers holds
// fields alone, in any order; a repeating group stands once for each row. Sections come back on output.
class Answers {
public:
    std::vector<Item> items;

    // Every item of this field or sub-item ("med.devices.icd" finds the item in each row).
    std::vector<const Item*> all(std::string_view link_id) const;
    // Every answer of this field or sub-item, in every row.
    std::vector<const Value*> values(std::string_view link_id) const;
    const Value* first(std::string_view link_id) const;
    std::string text(std::string_view link_id) const;  // first answer if it is text, else empty
    bool has(std::string_view link_id) const;          // any answer, in it or below it

    // Replaces every row of the field; an item with neither answers nor items clears it.
    void replace(std::string_view field, std::vector<Item> rows);
    void set(std::string_view field, Value value);
    void clear(std::string_view field);

    bool operator==(const Answers&) const = default;
};

// The same answers, in whatever order the questions within stand.
bool same(const Item& a, const Item& b);
// The rows of one field are the same in two sets of answers, in the same order.
bool same(const Answers& a, const Answers& b, std::string_view field);

}  // namespace careplug::plan
