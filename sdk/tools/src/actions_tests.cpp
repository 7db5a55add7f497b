// Requirements about the actions that a record gets.
#include <algorithm>
#include <set>

#include "requirement_tests.h"
#include "scene.h"
#include "text.h"

namespace careplug::tools::actions {

namespace {

const std::vector<std::string> knowledge_words = {"not-known", "no-plan", "plan",
                                                  "suspended", "closed",  "removed"};

json list_of(const OpenPolicy& policy, const json& patient) {
    const json document = answered(policy.actions(patient), "actions");
    expect(document.contains("actions") && document["actions"].is_array(),
           "actions answered without a list of them.");
    for (const json& action : document["actions"])
        expect(action.is_object() && action.contains("id") && action["id"].is_string(),
               "An action has no id.");
    return document["actions"];
}

bool offers(const OpenPolicy& policy, const json& patient, const std::string& id) {
    const json list = list_of(policy, patient);
    return std::any_of(list.begin(), list.end(), [&](const json& action) { return action["id"] == id; });
}

// Every state that a patient can be in.
std::vector<json> patients() {
    std::vector<json> all;
    for (const std::string& knowledge : knowledge_words)
        for (const bool fresh : {true, false})
            for (const bool draft : {true, false})
                for (const bool queued : {true, false}) {
                    json patient = Documents::patient(knowledge, fresh);
                    patient["own_draft"] = draft;
                    patient["queued"] = queued;
                    all.push_back(std::move(patient));
                }
    return all;
}

std::string words(const json& patient) {
    return patient.dump();
}

}  // namespace

void creates_only_where_there_is_none(const Trial& trial) {
    const Scene scene(trial);
    auto all = patients();
    all.push_back(json::object());
    all.push_back({{"knowledge", "a word of a later engine"}, {"fresh", true}});
    for (const json& patient : all)
        expect(patient.value("knowledge", "") == "no-plan" || !offers(scene.policy, patient, "create"),
               "create is offered to " + words(patient));
}

void creates_only_where_that_is_fresh(const Trial& trial) {
    const Scene scene(trial);
    for (const json& patient : patients())
        expect(patient["fresh"] == true || !offers(scene.policy, patient, "create"),
               "create is offered to " + words(patient));
}

void edits_only_with_the_right(const Trial& trial) {
    const Scene scene(trial, {false, true});
    for (const json& patient : patients())
        for (const char* id : {"create", "edit", "continue"})
            expect(!offers(scene.policy, patient, id),
                   std::string(id) + " is offered to a role that may not edit, for " + words(patient));
}

void notes_only_with_the_right(const Trial& trial) {
    const Scene scene(trial, {true, false});
    for (const json& patient : patients())
        expect(!offers(scene.policy, patient, "note"),
               "note is offered to a role that may add none, for " + words(patient));
}

void edits_only_what_is_known(const Trial& trial) {
    const Scene scene(trial);
    for (const json& patient : patients())
        expect((patient["knowledge"] == "plan" && patient["fresh"] == true) ||
                   !offers(scene.policy, patient, "edit"),
               "edit is offered to " + words(patient));
}

void nothing_of_a_withdrawn_plan(const Trial& trial) {
    const Scene scene(trial);
    for (json patient : patients()) {
        const bool withdrawn = patient["knowledge"] == "suspended" || patient["knowledge"] == "removed";
        if (!withdrawn) continue;
        for (const char* id : {"read", "edit", "continue", "create"})
            expect(!offers(scene.policy, patient, id), std::string(id) + " is offered to " + words(patient));
        json last = Documents::patient("not-known", false);
        last["last_knowledge"] = patient["knowledge"];
        last["revision"] = 7;
        for (const char* id : {"read", "note"})
            expect(!offers(scene.policy, last, id), std::string(id) + " is offered to " + words(last));
    }
}

void nothing_while_a_change_waits(const Trial& trial) {
    const Scene scene(trial);
    for (const json& patient : patients())
        for (const char* id : {"create", "edit"})
            expect(patient["queued"] == false || !offers(scene.policy, patient, id),
                   std::string(id) + " is offered while a change waits to be sent.");
}

void continues_only_a_draft(const Trial& trial) {
    const Scene scene(trial);
    for (const json& patient : patients())
        expect(patient["own_draft"] == true || !offers(scene.policy, patient, "continue"),
               "continue is offered where there is no draft.");
}

void ids_are_known_and_once(const Trial& trial) {
    const Scene scene(trial);
    const std::set<std::string> known = {"create", "edit", "continue", "read", "note"};
    for (const json& patient : patients()) {
        std::set<std::string> seen;
        for (const json& action : list_of(scene.policy, patient)) {
            const std::string id = action["id"];
            expect(known.count(id) == 1, "The action " + excerpt(id) + " is none that an engine knows.");
            expect(seen.insert(id).second, "The action " + id + " is offered twice.");
        }
    }
}

void labels_are_words(const Trial& trial) {
    const Scene scene(trial);
    for (const json& patient : patients()) {
        int primary = 0;
        for (const json& action : list_of(scene.policy, patient)) {
            expect(action.contains("label") && action["label"].is_string() &&
                       action["label"].get<std::string>().find_first_not_of(' ') != std::string::npos,
                   "The action " + action["id"].get<std::string>() + " has no label.");
            primary += action.contains("primary") && action["primary"] == true ? 1 : 0;
        }
        expect(primary <= 1, "More than one action is the main one.");
    }
}

void unknown_knowledge_is_not_known(const Trial& trial) {
    const Scene scene(trial);
    json strange = Documents::patient("not-known", true);
    const json not_known = list_of(scene.policy, strange);
    for (const char* word : {"", "PLAN", "no-plan-2"}) {
        strange["knowledge"] = word;
        expect(list_of(scene.policy, strange) == not_known,
               "The unknown knowledge \"" + std::string(word) + "\" gets other actions than not-known.");
    }
}

}  // namespace careplug::tools::actions
