#include <careplug/plan/rules.h>
#include <careplug/plugin/standard.h>

namespace careplug::plugin {

std::vector<plan::Issue> prompts(const plan::DataSet& data_set, const plan::Answers& answers,
                                 const Now& now) {
    const plan::RuleContext context{data_set, answers, now.today()};
    std::vector<plan::Issue> issues;
    for (const plan::Field* field : data_set.fields())
        if (field->prompt_if_empty && !answers.has(field->link_id) && plan::enabled(*field, context))
            issues.push_back(
                {plan::Severity::warning, "informational", field->link_id, "",
                 "\"" + field->text + "\" is empty: ask once. The plan may be published without it."});
    return issues;
}

}  // namespace careplug::plugin
