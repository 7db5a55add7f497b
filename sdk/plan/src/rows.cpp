#include <careplug/plan/rows.h>
#include <algorithm>
#include <map>
#include <set>

#include "items.h"
#include "text.h"

namespace careplug::plan {

namespace {

// Each part with its length before it: no two contents have one text.
void add_part(std::string& text, std::string_view part) {
    text += std::to_string(part.size());
    text += ':';
    text += part;
}

void add_value(std::string& text, const Value& value) {
    struct Parts {
        std::string& text;
        void operator()(const std::string& words) const { add_part(text, words); }
        void operator()(bool yes) const { add_part(text, yes ? "true" : "false"); }
        void operator()(std::int64_t number) const { add_part(text, std::to_string(number)); }
        void operator()(const Date& date) const { add_part(text, date.text); }
        void operator()(const DateTime& time) const { add_part(text, time.text); }
        void operator()(const Coding& coding) const {
            for (const std::string& part : {coding.system, coding.code, coding.display}) add_part(text, part);
        }
    };
    text += std::to_string(value.index()) + "=";
    std::visit(Parts{text}, value);
}

std::string content_of(const Item& item) {
    std::string text;
    add_part(text, item.link_id);
    for (const Value& value : item.answers) add_value(text, value);
    for (const Item* child : answered_by_link_id(item))
        if (child->link_id != row_link_id(item.link_id)) add_part(text, content_of(*child));
    return text;
}

Item without_id(Item row) {
    std::erase_if(row.items, [&](const Item& child) { return child.link_id == row_link_id(row.link_id); });
    return row;
}

bool share_an_answer(const Item& a, const Item& b) {
    return std::any_of(a.items.begin(), a.items.end(), [&](const Item& in_a) {
        if (in_a.answers.empty() || in_a.link_id == row_link_id(a.link_id)) return false;
        return std::any_of(b.items.begin(), b.items.end(), [&](const Item& in_b) {
            return in_a.link_id == in_b.link_id && in_a.answers == in_b.answers;
        });
    });
}

// The only row of `rows` that shares an answer with `one`, or null.
template <typename Row>
Row* only_alike(const std::vector<Row*>& rows, const Item& one) {
    Row* found = nullptr;
    for (Row* row : rows) {
        if (!share_an_answer(*row, one)) continue;
        if (found != nullptr) return nullptr;
        found = row;
    }
    return found;
}

}  // namespace

std::string row_id(const Item& row) {
    const std::string link_id = row_link_id(row.link_id);
    for (const Item& child : row.items)
        if (child.link_id == link_id && !child.answers.empty())
            if (const auto* id = std::get_if<std::string>(&child.answers.front())) return *id;
    return {};
}

void set_row_id(Item& row, const std::string& id) {
    row = without_id(std::move(row));
    row.items.insert(row.items.begin(), Item{row_link_id(row.link_id), {Value(id)}, {}});
}

bool same_but_for_id(const Item& a, const Item& b) {
    return same(without_id(a), without_id(b));
}

bool merges_by_rows(const DataSet& data_set, const Field& field) {
    if (field.type != ItemType::group || !field.repeats || !field.has_row_id) return false;
    const auto fields = data_set.fields();
    return std::count_if(fields.begin(), fields.end(),
                         [&](const Field* other) { return other->merge_unit == field.merge_unit; }) == 1;
}

void name_rows(const DataSet& data_set, Answers& answers) {
    for (const Field* field : data_set.fields()) {
        if (!field->has_row_id) continue;
        std::set<std::string> taken;
        std::map<std::string, int> twins;
        for (const Item& item : answers.items)
            if (item.link_id == field->link_id) taken.insert(row_id(item));
        for (Item& item : answers.items) {
            if (item.link_id != field->link_id || !answered(item) || !row_id(item).empty()) continue;
            const std::string content = content_of(item);
            std::string id;
            do {
                const int twin = ++twins[content];
                id = uuid_from(twin == 1 ? content : content + std::to_string(twin));
            } while (!taken.insert(id).second);
            set_row_id(item, id);
        }
    }
}

void match_rows(const std::vector<const Item*>& known, std::vector<Item>& given) {
    std::vector<const Item*> left = known;
    std::erase_if(left, [](const Item* row) { return row_id(*row).empty(); });
    std::vector<Item*> unnamed;
    const auto claim = [&](const Item* row) { left.erase(std::find(left.begin(), left.end(), row)); };
    for (Item& row : given) {
        const std::string id = row_id(row);
        const auto same_id =
            std::find_if(left.begin(), left.end(), [&](const Item* each) { return row_id(*each) == id; });
        if (same_id != left.end()) {
            claim(*same_id);
            continue;
        }
        row = without_id(std::move(row));
        unnamed.push_back(&row);
    }
    std::erase_if(unnamed, [&](Item* row) {
        const auto equal = std::find_if(left.begin(), left.end(),
                                        [&](const Item* each) { return same_but_for_id(*each, *row); });
        if (equal == left.end()) return false;
        set_row_id(*row, row_id(**equal));
        claim(*equal);
        return true;
    });
    const std::vector<const Item*> candidates = left;
    for (Item* row : unnamed) {
        const Item* alike = only_alike(candidates, *row);
        if (alike != nullptr && only_alike(unnamed, *alike) == row) set_row_id(*row, row_id(*alike));
    }
}

}  // namespace careplug::plan
