// Faults in the actions offered, the questions asked, and the answers that a form starts with.
#include <functional>

#include "bad.h"

namespace careplug::bad {

namespace {

// The actions of one patient, with what is known of the patient and the rights of the session.
struct Offer {
    json patient;
    json& list;
    bool may_edit;
    bool may_note;

    bool known(const char* word) const { return patient.value("knowledge", "") == word; }
    bool fresh() const { return patient.value("fresh", false); }
    bool draft() const { return patient.value("own_draft", false); }
    bool queued() const { return patient.value("queued", false); }
    bool free_to_edit() const { return may_edit && !draft() && !queued(); }
    void add(const char* id) const { list.push_back({{"id", id}, {"label", id}, {"primary", false}}); }
};

void change_actions(Call& call, void (*change)(Offer&)) {
    if (!call.is("actions") || !call.ok()) return;
    json answer = call.given();
    Offer offer{call.request(), answer["actions"], !has(opened().may_not_edit, call.policy),
                !has(opened().may_not_note, call.policy)};
    change(offer);
    call.answer = answer.dump();
}

void change_panel(Call& call, const char* action,
                  const std::function<void(const json& request, json& panel)>& change) {
    if (!call.is("panel") || !call.ok()) return;
    const json request = call.request();
    if (request.value("action", "") != action) return;
    json panel = call.given();
    change(request, panel);
    call.answer = panel.dump();
}

void change_request(Call& call, const char* action, const std::function<void(json& request)>& change) {
    if (!call.is("panel")) return;
    json request = call.request();
    if (!request.is_object() || !request.contains("action") || request["action"] != action) return;
    change(request);
    call.document = request.dump();
}

void move_id(json& from, json& to, const std::string& id) {
    for (std::size_t i = 0; i < from.size(); ++i)
        if (from[i] == id) {
            from.erase(i);
            to.push_back(id);
            return;
        }
}

void erase(json& list, const std::string& id) {
    json gone = json::array();
    move_id(list, gone, id);
}

// The answered item of a response, in whatever section; null where there is none.
json* item_of(json& items, const std::string& id) {
    if (!items.is_array()) return nullptr;
    for (json& item : items) {
        if (item.value("linkId", "") == id) return &item;
        if (item.contains("item"))
            if (json* found = item_of(item["item"], id)) return found;
    }
    return nullptr;
}

void drop(json& items, const std::string& id) {
    if (!items.is_array()) return;
    for (std::size_t i = 0; i < items.size();) {
        if (items[i].value("linkId", "") == id) {
            items.erase(i);
            continue;
        }
        if (items[i].contains("item")) drop(items[i]["item"], id);
        ++i;
    }
}

void answer(json& panel, const std::string& id, const json& value) {
    json& items = panel["initial"]["item"];
    const json given = json::array({value});
    if (json* item = item_of(items, id)) {
        (*item)["answer"] = given;
        return;
    }
    const std::string section = id.substr(0, id.find('.'));
    json* in = item_of(items, section);
    if (in == nullptr) {
        items.push_back({{"linkId", section}, {"item", json::array()}});
        in = &items.back();
    }
    (*in)["item"].push_back({{"linkId", id}, {"answer", given}});
}

json coded(const char* system, const char* code, const char* display) {
    return {{"valueCoding", {{"system", system}, {"code", code}, {"display", display}}}};
}

constexpr const char* local = "urn:x-local:careplug:urgent-care-plan";
constexpr const char* snomed = "http://snomed.info/sct";

std::vector<Fault> actions() {
    std::vector<Fault> list;
    // Takes "not known" for "there is none".
    list.push_back({.id = "P-301", .after = [](Call& call) {
                        change_actions(call, [](Offer& offer) {
                            const bool other = offer.known("no-plan") || offer.known("plan") ||
                                               offer.known("suspended") || offer.known("closed") ||
                                               offer.known("removed");
                            if (!other && offer.fresh() && offer.free_to_edit()) offer.add("create");
                        });
                    }});
    list.push_back({.id = "P-302", .after = [](Call& call) {
                        change_actions(call, [](Offer& offer) {
                            if (offer.known("no-plan") && !offer.fresh() && offer.free_to_edit())
                                offer.add("create");
                        });
                    }});
    list.push_back({.id = "P-303", .after = [](Call& call) {
                        change_actions(call, [](Offer& offer) {
                            if (offer.known("plan") && offer.fresh() && !offer.may_edit && !offer.queued())
                                offer.add("edit");
                        });
                    }});
    list.push_back({.id = "P-304", .after = [](Call& call) {
                        change_actions(call, [](Offer& offer) {
                            if (offer.known("plan") && !offer.may_note) offer.add("note");
                        });
                    }});
    list.push_back({.id = "P-305", .after = [](Call& call) {
                        change_actions(call, [](Offer& offer) {
                            if (offer.known("plan") && !offer.fresh() && offer.free_to_edit())
                                offer.add("edit");
                        });
                    }});
    list.push_back({.id = "P-306", .after = [](Call& call) {
                        change_actions(call, [](Offer& offer) {
                            if (offer.known("suspended")) offer.add("read");
                        });
                    }});
    list.push_back({.id = "P-307", .after = [](Call& call) {
                        change_actions(call, [](Offer& offer) {
                            if (offer.known("plan") && offer.fresh() && offer.may_edit && offer.queued())
                                offer.add("edit");
                        });
                    }});
    list.push_back({.id = "P-308", .after = [](Call& call) {
                        change_actions(call, [](Offer& offer) {
                            if (offer.known("plan") && offer.free_to_edit()) offer.add("continue");
                        });
                    }});
    list.push_back({.id = "P-309", .after = [](Call& call) {
                        change_actions(call, [](Offer& offer) {
                            if (offer.known("plan")) offer.add("print");
                        });
                    }});
    list.push_back({.id = "P-310", .after = [](Call& call) {
                        change_actions(call, [](Offer& offer) {
                            for (json& action : offer.list) action["label"] = "";
                        });
                    }});
    // Takes a word that it does not know for "plan".
    list.push_back(
        {.id = "P-311", .before = [](Call& call) {
             json patient = call.is("actions") ? call.request() : json();
             if (!patient.is_object() || !patient.contains("knowledge") || !patient["knowledge"].is_string())
                 return;
             const std::string word = patient["knowledge"];
             for (const char* known : {"not-known", "no-plan", "plan", "suspended", "closed", "removed"})
                 if (word == known) return;
             patient["knowledge"] = "plan";
             call.document = patient.dump();
         }});
    return list;
}

const std::string made_up_form =
    json{{"title", "Form"},       {"mode", "edit"},
         {"mode_words", "Form"},  {"core", {"cpr.decision"}},
         {"more", json::array()}, {"initial", {{"resourceType", "QuestionnaireResponse"}}}}
        .dump();

std::vector<Fault> questions() {
    std::vector<Fault> list;
    list.push_back({.id = "P-401", .after = [](Call& call) {
                        change_panel(call, "edit",
                                     [](const json&, json& panel) { panel["more"].push_back("made.up"); });
                    }});
    list.push_back({.id = "P-402", .after = [](Call& call) {
                        change_panel(call, "edit", [](const json&, json& panel) {
                            panel["more"].push_back("cpr.decision");
                        });
                    }});
    list.push_back({.id = "P-403", .after = [](Call& call) {
                        change_panel(call, "create", [](const json&, json& panel) {
                            move_id(panel["core"], panel["more"], "tep.level");
                        });
                    }});
    list.push_back({.id = "P-404", .after = [](Call& call) {
                        change_panel(call, "create",
                                     [](const json&, json& panel) { erase(panel["more"], "dem.now"); });
                    }});
    list.push_back({.id = "P-405", .after = [](Call& call) {
                        change_panel(call, "read", [](const json&, json& panel) { panel["mode"] = "edit"; });
                    }});
    list.push_back({.id = "P-406", .after = [](Call& call) {
                        if (!call.is("panel") || call.status != CAREPLUG_REFUSED_ROLE) return;
                        call.status = CAREPLUG_OK;
                        call.answer = made_up_form;
                    }});
    list.push_back({.id = "P-407", .after = [](Call& call) {
                        change_panel(call, "read", [](const json&, json& panel) {
                            move_id(panel["core"], panel["more"], "cpr.decision");
                        });
                    }});
    list.push_back({.id = "P-408", .after = [](Call& call) {
                        change_panel(call, "read", [](const json&, json& panel) {
                            panel["more"].push_back("con.patient_access");
                        });
                    }});
    list.push_back({.id = "P-409", .after = [](Call& call) {
                        if (!call.is("panel") || call.document.find("\"dance\"") == std::string::npos) return;
                        call.status = CAREPLUG_OK;
                        call.answer = made_up_form;
                    }});
    return list;
}

std::vector<Fault> prefilled() {
    std::vector<Fault> list;
    list.push_back({.id = "P-501", .after = [](Call& call) {
                        change_panel(call, "create", [](const json&, json& panel) {
                            panel["initial"].erase("resourceType");
                        });
                    }});
    list.push_back({.id = "P-502", .after = [](Call& call) {
                        change_panel(call, "create", [](const json&, json& panel) {
                            json* const family = item_of(panel["initial"]["item"], "dem.family");
                            if (family == nullptr) return;
                            std::string name = (*family)["answer"][0]["valueString"];
                            for (char& c : name)
                                if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
                            (*family)["answer"][0]["valueString"] = name;
                        });
                    }});
    // Answers for the patient who was there before.
    list.push_back({.id = "P-503", .after = [](Call& call) {
                        change_panel(call, "create", [](const json&, json& panel) {
                            static std::string last;
                            const json* const family = item_of(panel["initial"]["item"], "dem.family");
                            if (family == nullptr) return;
                            const std::string now = (*family)["answer"][0]["valueString"];
                            if (!last.empty() && last != now)
                                answer(panel, "dem.access", {{"valueString", "Ring for " + last}});
                            last = now;
                        });
                    }});
    list.push_back({.id = "P-504", .after = [](Call& call) {
                        change_panel(call, "create", [](const json&, json& panel) {
                            answer(panel, "cpr.decision",
                                   coded(snomed, "450475007", "For attempted cardiopulmonary resuscitation"));
                        });
                    }});
    list.push_back({.id = "P-505", .after = [](Call& call) {
                        change_panel(call, "create", [](const json&, json& panel) {
                            answer(panel, "con.status", coded(snomed, "882921000000109", "Consent given"));
                        });
                    }});
    list.push_back({.id = "P-506", .after = [](Call& call) {
                        change_panel(call, "create", [](const json&, json& panel) {
                            answer(panel, "tep.level",
                                   coded(local, "full-escalation-including-intensive-care",
                                         "Full escalation including intensive care"));
                        });
                    }});
    list.push_back({.id = "P-507", .after = [](Call& call) {
                        change_panel(call, "create", [](const json& request, json& panel) {
                            if (request.dump().find("AllergyIntolerance") == std::string::npos)
                                answer(panel, "alg.state",
                                       coded(local, "no-known-allergies", "No known allergies (asserted)"));
                        });
                    }});
    list.push_back(
        {.id = "P-508", .after = [](Call& call) {
             change_panel(call, "create", [](const json&, json& panel) {
                 drop(panel["initial"]["item"], "alg.list");
                 answer(panel, "alg.state",
                        coded(local, "not-recorded-could-not-be-read", "Not recorded / could not be read"));
             });
         }});
    list.push_back({.id = "P-509", .after = [](Call& call) {
                        change_panel(call, "edit", [](const json& request, json& panel) {
                            if (!request.contains("record")) drop(panel["initial"]["item"], "leg.adrt");
                        });
                    }});
    list.push_back({.id = "P-510", .after = [](Call& call) {
                        change_panel(call, "edit", [](const json& request, json& panel) {
                            if (request.contains("record"))
                                answer(panel, "alg.state",
                                       coded(local, "not-recorded-could-not-be-read",
                                             "Not recorded / could not be read"));
                        });
                    }});
    list.push_back({.id = "P-511", .before = [](Call& call) {
                        change_request(call, "continue", [](json& request) {
                            if (request.contains("published")) request["draft"] = request["published"];
                        });
                    }});
    list.push_back({.id = "P-512", .before = [](Call& call) {
                        change_request(call, "read", [](json& request) {
                            if (request.contains("draft")) request["published"] = request["draft"];
                        });
                    }});
    list.push_back({.id = "P-513", .after = [](Call& call) {
                        if (call.is("panel")) replace_all(call.answer, std::string(10'000, 'a'), "");
                    }});
    list.push_back({.id = "P-514", .after = [](Call& call) {
                        if (call.is("panel")) replace_all(call.answer, "304253006", "450475007");
                    }});
    return list;
}

}  // namespace

const std::vector<Fault>& faults_of_forms() {
    static const std::vector<Fault> all = [] {
        auto list = actions();
        for (const auto& more : {questions(), prefilled()}) list.insert(list.end(), more.begin(), more.end());
        return list;
    }();
    return all;
}

}  // namespace careplug::bad
