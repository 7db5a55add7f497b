#include "editing/restricted.h"

#include <careplug/plan/rows.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "editing/panel.h"

namespace careplug::engine {
namespace {

using nlohmann::json;

// Well known in every data set: the access to the home and the code of its key safe.
constexpr std::array ways_in{"dem.access", "dem.keysafe"};

const plan::Field* child_of(const plan::Field& group, const std::string& link_id) {
    const auto found = std::find_if(group.items.begin(), group.items.end(),
                                    [&](const plan::Field& one) { return one.link_id == link_id; });
    return found == group.items.end() ? nullptr : &*found;
}

}  // namespace

bool locates(const plan::DataSet& data_set, const plan::Field& field) {
    if (field.is_address) return true;
    const plan::Section* section = data_set.section_of(field.link_id);
    if (field.is_phone && section && section->link_id == "dem") return true;
    return std::any_of(ways_in.begin(), ways_in.end(), [&](const char* id) { return field.link_id == id; });
}

plan::Answers without_whereabouts(const plan::DataSet& data_set, plan::Answers answers) {
    for (const plan::Field* field : data_set.fields()) {
        if (locates(data_set, *field)) {
            answers.clear(field->link_id);
            continue;
        }
        for (plan::Item& row : answers.items)
            if (row.link_id == field->link_id)
                std::erase_if(row.items, [&](const plan::Item& item) {
                    const plan::Field* child = child_of(*field, item.link_id);
                    return child && locates(data_set, *child);
                });
    }
    return answers;
}

Panel without_whereabouts(Panel panel) {
    panel.base = without_whereabouts(*panel.data_set, std::move(panel.base));
    panel.answers = without_whereabouts(*panel.data_set, std::move(panel.answers));
    return panel;
}

void keep_whereabouts(const plan::DataSet& data_set, const plan::Answers& before, plan::Answers& after) {
    for (plan::Item& row : after.items) {
        const plan::Field* field = data_set.find(row.link_id);
        if (!field) continue;
        for (const plan::Item* was : before.all(row.link_id)) {
            if (plan::row_id(*was) != plan::row_id(row)) continue;
            for (const plan::Item& item : was->items) {
                const plan::Field* child = child_of(*field, item.link_id);
                const bool given = std::any_of(row.items.begin(), row.items.end(),
                                               [&](const auto& one) { return one.link_id == item.link_id; });
                if (child && locates(data_set, *child) && !given) row.items.push_back(item);
            }
        }
    }
}

json record_without_whereabouts(json record) {
    if (!record.contains("entry")) return record;
    for (json& entry : record["entry"]) {
        if (!entry.contains("resource")) continue;
        json& resource = entry["resource"];
        const std::string type = resource.value("resourceType", std::string());
        if (type == "Patient" || type == "RelatedPerson" || type == "Practitioner" ||
            type == "Organization" || type == "Location")
            resource.erase("address");
        if (type == "Patient") {
            resource.erase("telecom");
            if (resource.contains("contact"))
                for (json& contact : resource["contact"]) contact.erase("address");
        }
    }
    return record;
}

}  // namespace careplug::engine
