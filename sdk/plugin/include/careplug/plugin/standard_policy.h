// A policy that does what most hosts need. Derive from it and override what your host does otherwise.
#pragma once

#include <careplug/plugin/standard.h>

namespace careplug::plugin {

struct Style {
    Labels labels;
    std::vector<std::string> primary;  // action ids: the first one offered is the main button
    First first = First::knowledge;
};

class StandardPolicy : public Policy {
public:
    StandardPolicy(Session session, Style style) : session_(std::move(session)), style_(std::move(style)) {}

    void flags(std::span<PatientFlag> flags, const Now&) const override { order_flags(flags, style_.first); }
    std::vector<Action> actions(const PolicyPatient& patient, const Now&) const override {
        return standard_actions(session_, patient, style_.labels, style_.primary);
    }
    Panel panel(const PanelRequest& request, const Now& now) const override {
        return standard_panel(session_, request, now);
    }
    std::vector<plan::Issue> check(const plan::DataSet& data_set, const plan::Answers& answers,
                                   const Now& now) const override {
        return prompts(data_set, answers, now);
    }
    Summary summary(const PlanDocument& plan, const Now& now) const override {
        return standard_summary(plan, session_.view, now);
    }
    // Nothing is filed unless a host keeps coded entries.
    std::vector<Entry> write_back(const PlanDocument&, const Now&) const override { return {}; }

protected:
    const Session& session() const { return session_; }

private:
    Session session_;
    Style style_;
};

}  // namespace careplug::plugin
