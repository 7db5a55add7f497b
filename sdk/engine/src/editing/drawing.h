// What a panel is drawn from.
#pragma once

#include <careplug/plan/role.h>

#include <string>

#include "editing/panel.h"
#include "editing/restricted.h"

namespace careplug::engine {

struct Drawing {
    const Panel& panel;
    const plan::DataSet& data_set;
    const plan::Actor* actor;  // whose rights are shown; null where nobody edits
    std::string today;
    bool may_answer(const plan::Field& field) const {
        return plan::may_edit_field(*actor, field) || plan::may_propose_field(*actor, field);
    }
    // A patient is asked what they may answer, and sees nothing else of the form: it would read as empty.
    bool asks(const plan::Field& field) const {
        return actor == nullptr || !plan::is_person(*actor) || may_answer(field);
    }
    bool withheld(const plan::Field& field) const { return panel.restricted && locates(data_set, field); }
};

}  // namespace careplug::engine
