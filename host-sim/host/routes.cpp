#include "routes.h"

#include <map>
#include <nlohmann/json.hpp>

#include "http.h"

namespace careplug::sim {
namespace {

using nlohmann::json;
using Path = std::vector<std::string>;

std::string text_of(const json& body, const char* name) {
    const auto found = body.find(name);
    if (found == body.end() || !found->is_string())
        throw HttpError(400, std::string("The body must name \"") + name + "\" as a text.");
    return found->get<std::string>();
}

std::int32_t intent_of(const json& body) {
    const std::string intent = text_of(body, "intent");
    static const std::map<std::string, std::int32_t> intents{{"submit", CAREPLUG_INTENT_SUBMIT},
                                                             {"publish", CAREPLUG_INTENT_PUBLISH},
                                                             {"note", CAREPLUG_INTENT_NOTE},
                                                             {"send-back", CAREPLUG_INTENT_SEND_BACK},
                                                             {"withdraw", CAREPLUG_INTENT_WITHDRAW},
                                                             {"suspend", CAREPLUG_INTENT_SUSPEND},
                                                             {"close", CAREPLUG_INTENT_CLOSE},
                                                             {"reopen", CAREPLUG_INTENT_REOPEN},
                                                             {"remove", CAREPLUG_INTENT_ENTERED_IN_ERROR}};
    const auto found = intents.find(intent);
    if (found == intents.end())
        throw HttpError(400, "The intent must be one that a panel names: submit, publish, note, suspend ...");
    return found->second;
}

std::int32_t keep_of(const json& body) {
    const std::string keep = text_of(body, "keep");
    if (keep == "mine") return CAREPLUG_KEEP_MINE;
    if (keep == "theirs") return CAREPLUG_KEEP_THEIRS;
    throw HttpError(400, "Keep must be mine or theirs.");
}

[[noreturn]] void not_there() {
    throw HttpError(404, "There is nothing at this address.");
}

json get(Desk& desk, const Path& path) {
    if (path == Path{"patients"}) return {{"patients", desk.rows()}};
    if (path.size() == 2 && path[0] == "patients") return desk.patient(path[1]);
    if (path.size() == 2 && path[0] == "panels") return desk.view(path[1]);
    if (path.size() == 3 && path[0] == "panels" && path[2] == "summary") return desk.summary(path[1]);
    not_there();
}

json post_panel(Desk& desk, const std::string& panel, const std::string& what, const json& body) {
    if (what == "update") {
        if (!body.contains("item"))
            throw HttpError(400, "The body must hold \"item\", the answers that changed.");
        return desk.update(panel, json{{"item", body.at("item")}}.dump());
    }
    if (what == "validate") return desk.validate(panel, intent_of(body));
    if (what == "submit") return desk.submit(panel, intent_of(body));
    if (what == "resolve") return desk.resolve(panel, text_of(body, "unit"), keep_of(body));
    if (what == "reveal") return desk.reveal(panel, text_of(body, "linkId"));
    if (what == "discard") return desk.discard(panel);
    if (what == "close") return desk.close_panel(panel);
    not_there();
}

json post(Desk& desk, const Path& path, const json& body) {
    if (path.size() == 3 && path[0] == "patients" && path[2] == "open") return desk.open_patient(path[1]);
    if (path.size() == 3 && path[0] == "patients" && path[2] == "close") return desk.close_patient(path[1]);
    if (path.size() == 3 && path[0] == "patients" && path[2] == "codes")
        return desk.enter_code(path[1], text_of(body, "code"), text_of(body, "text"));
    if (path.size() == 5 && path[0] == "patients" && path[2] == "codes" && path[4] == "end")
        return desk.end_code(path[1], path[3]);
    if (path == Path{"acknowledge"}) return desk.acknowledge(text_of(body, "patient"));
    if (path == Path{"panels"}) return desk.open_panel(text_of(body, "patient"), text_of(body, "action"));
    if (path.size() == 3 && path[0] == "panels") return post_panel(desk, path[1], path[2], body);
    not_there();
}

}  // namespace

json call(Desk& desk, const std::string& method, const Path& path, const json& body) {
    return method == "POST" ? post(desk, path, body) : get(desk, path);
}

}  // namespace careplug::sim
