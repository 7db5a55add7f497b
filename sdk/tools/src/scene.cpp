#include "scene.h"

#include "text.h"

namespace careplug::tools {

OpenPolicy::OpenPolicy(const careplug_policy& table, const json& session) : table_(table) {
    const std::string document = session.dump();
    const careplug_status status = table_.open(document.data(), document.size(), &handle_);
    if (status < 0 || status >= 100 || handle_ == 0)
        throw NotRun("The plugin opens no policy for a session of its own view: see P-101.");
}

OpenPolicy::~OpenPolicy() {
    close();
}

void OpenPolicy::close() {
    if (handle_ != 0) table_.close(handle_);
    handle_ = 0;
}

Answer OpenPolicy::ask(const NamedFunction& function, std::string_view document, std::int64_t now) const {
    return tools::ask(table_.*function.function, handle_, document, now);
}

Answer OpenPolicy::actions(const json& patient) const {
    return tools::ask(table_.actions, handle_, patient.dump());
}

Answer OpenPolicy::panel(const json& request) const {
    return tools::ask(table_.panel, handle_, request.dump());
}

Answer OpenPolicy::check(const json& response) const {
    return tools::ask(table_.check, handle_, response.dump());
}

Answer OpenPolicy::summary(const json& plan) const {
    return tools::ask(table_.summary, handle_, plan.dump());
}

Answer OpenPolicy::write_back(const json& plan) const {
    return tools::ask(table_.write_back, handle_, plan.dump());
}

std::vector<careplug_policy_flag> OpenPolicy::order(std::vector<careplug_policy_flag> flags,
                                                    std::int64_t now) const {
    const careplug_status status =
        table_.flags(handle_, flags.data(), sizeof(careplug_policy_flag), flags.size(), now);
    expect(status >= 0 && status < 100,
           "flags answered " + std::to_string(status) + " to an ordinary batch.");
    return flags;
}

std::string view_of(const careplug_policy& table) {
    try {
        return json::parse(describe(table).text).at("view").get<std::string>();
    } catch (const json::exception&) {
        throw NotRun("The plugin does not say which view it has: see P-015.");
    }
}

Scene::Scene(const Trial& trial, Rights rights)
    : documents(trial.datasets),
      library(trial.plugin),
      table(table_of(library)),
      view(view_of(table)),
      policy(table, documents.session(view, rights)) {}

json object_in(const Answer& answer, const std::string& function) {
    const json document = json::parse(answer.text, nullptr, false);
    expect(document.is_object(), function + " answered what is no JSON object: " + excerpt(answer.text));
    return document;
}

json answered(const Answer& answer, const std::string& function) {
    expect(answer.ok(), function + " answered " + std::to_string(answer.status) +
                            " to an ordinary document: " + excerpt(answer.text));
    return object_in(answer, function);
}

json answered_or_not_applicable(const Answer& answer, const std::string& what) {
    if (answer.refused()) throw NotApplicable("This plugin refuses " + what + ".");
    return answered(answer, what);
}

}  // namespace careplug::tools
