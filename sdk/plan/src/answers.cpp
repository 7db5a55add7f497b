#include <careplug/plan/answers.h>
#include <algorithm>
#include <functional>
#include <utility>

#include "items.h"

namespace careplug::plan {

namespace {

void collect(const std::vector<Item>& items, std::string_view link_id, std::vector<const Item*>& found) {
    for (const Item& item : items) {
        if (item.link_id == link_id) found.push_back(&item);
        collect(item.items, link_id, found);
    }
}

std::vector<const Item*> rows(const Answers& answers, std::string_view field) {
    std::vector<const Item*> found;
    for (const Item& item : answers.items)
        if (item.link_id == field && answered(item)) found.push_back(&item);
    return found;
}

}  // namespace

bool answered(const Item& item) {
    return !item.answers.empty() || std::any_of(item.items.begin(), item.items.end(), answered);
}

std::vector<const Item*> answered_by_link_id(const Item& item) {
    std::vector<const Item*> children;
    for (const Item& child : item.items)
        if (answered(child)) children.push_back(&child);
    std::stable_sort(children.begin(), children.end(),
                     [](const Item* a, const Item* b) { return a->link_id < b->link_id; });
    return children;
}

std::string row_link_id(std::string_view group) {
    return std::string(group) + ".$row";
}

std::vector<const Item*> Answers::all(std::string_view link_id) const {
    std::vector<const Item*> found;
    collect(items, link_id, found);
    return found;
}

std::vector<const Value*> Answers::values(std::string_view link_id) const {
    std::vector<const Value*> found;
    for (const Item* item : all(link_id))
        for (const Value& value : item->answers) found.push_back(&value);
    return found;
}

const Value* Answers::first(std::string_view link_id) const {
    const auto found = values(link_id);
    return found.empty() ? nullptr : found.front();
}

std::string Answers::text(std::string_view link_id) const {
    const Value* value = first(link_id);
    if (value == nullptr) return {};
    if (const auto* written = std::get_if<std::string>(value)) return *written;
    return {};
}

bool Answers::has(std::string_view link_id) const {
    const auto found = all(link_id);
    return std::any_of(found.begin(), found.end(), [](const Item* item) { return answered(*item); });
}

void Answers::replace(std::string_view field, std::vector<Item> new_rows) {
    const auto is_field = [&](const Item& item) { return item.link_id == field; };
    auto at = std::find_if(items.begin(), items.end(), is_field) - items.begin();
    items.erase(std::remove_if(items.begin(), items.end(), is_field), items.end());
    at = std::min<std::ptrdiff_t>(at, std::ssize(items));
    for (Item& row : new_rows) {
        if (row.answers.empty() && row.items.empty()) continue;
        items.insert(items.begin() + at++, std::move(row));
    }
}

void Answers::set(std::string_view field, Value value) {
    Item item{std::string(field), {}, {}};
    item.answers.push_back(std::move(value));
    replace(field, {std::move(item)});
}

void Answers::clear(std::string_view field) {
    replace(field, {});
}

bool same(const Item& a, const Item& b) {
    if (a.link_id != b.link_id || a.answers != b.answers) return false;
    const auto in_a = answered_by_link_id(a);
    const auto in_b = answered_by_link_id(b);
    return std::equal(in_a.begin(), in_a.end(), in_b.begin(), in_b.end(),
                      [](const Item* x, const Item* y) { return same(*x, *y); });
}

bool same(const Answers& a, const Answers& b, std::string_view field) {
    const auto in_a = rows(a, field);
    const auto in_b = rows(b, field);
    return std::equal(in_a.begin(), in_a.end(), in_b.begin(), in_b.end(),
                      [](const Item* x, const Item* y) { return same(*x, *y); });
}

}  // namespace careplug::plan
