#include "service.h"

#include <careplug/plan/fhir.h>

#include "problem.h"
#include "search_index.h"

namespace careplug::exchange {

namespace {

[[noreturn]] void refuse_method(const Request& request) {
    if (request.method == "DELETE")
        throw Problem(405, "not-supported",
                      "Nothing is deleted here: give the resource the status entered-in-error instead.");
    throw Problem(405, "not-supported", "This address does not take " + request.method.substr(0, 10) + ".");
}

bool is_form(const std::string& content_type) {
    return content_type.starts_with("application/x-www-form-urlencoded");
}

}  // namespace

nlohmann::json parse_body(const std::string& content_type, const std::string& body) {
    if (!content_type.empty() && content_type.find("json") == std::string::npos)
        throw Problem(415, "not-supported",
                      "The body must be JSON: send Content-Type: application/fhir+json.");
    nlohmann::json parsed;
    try {
        parsed = plan::fhir::parse(body);
    } catch (const std::invalid_argument& problem) {
        throw Problem(400, "structure", problem.what());
    }
    if (!parsed.is_object()) throw Problem(400, "structure", "The body must be one JSON object.");
    return parsed;
}

Service::Service(Store& store, const Rules& rules, Events& events, const std::string& base)
    : store_(store),
      rules_(rules),
      base_(base),
      reader_(saved_, base),
      writer_(store, rules, events, base),
      audit_log_(store, events, base) {}

Response Service::answer(const Request& request, const plan::Actor& actor) {
    if (request.method == "DELETE") refuse_method(request);
    if (request.path.empty()) {
        if (request.method != "POST") refuse_method(request);
        return answer_bundle(request, actor);
    }
    return answer_type(request, actor);
}

Response Service::answer_type(const Request& request, const plan::Actor& actor) {
    const auto& type = resource_type(request.path[0]);
    const auto length = request.path.size();
    const bool is_search = length == 2 && request.path[1] == "_search";
    if (request.method == "GET" || (request.method == "POST" && is_search)) {
        note_reading(request, actor);
        return read(*store_.view(), request, actor);
    }
    const bool writes = (request.method == "POST" && length == 1) || (request.method == "PUT" && length == 2);
    if (!writes) refuse_method(request);
    if (type.name == "Questionnaire") refuse_method(request);
    if (type.name == "AuditEvent") return audit_log_.append(request, actor);
    std::vector<WriteRequest> one;
    one.push_back(write_request(request));
    const auto results = writer_.write(actor, std::move(one));
    auto response = response_of_write(results[0].version, results[0].status, base_);
    const auto view = store_.view();
    const auto given = Disclosure(*view, rules_.data_sets(), actor).of(results[0].version);
    response.body = given && !request.minimal ? given->body : std::string();
    return response;
}

void Service::note_reading(const Request& request, const plan::Actor& actor) {
    const auto& type = request.path[0];
    if (type != "AuditEvent" && type != "Communication") return;
    rules_.check_reading(actor, type);
    auto parameters = read_query(request.query);
    if (request.method == "POST" && is_form(request.content_type))
        for (auto& each : read_query(request.body)) parameters.push_back(std::move(each));
    audit_log_.note_reading(request, parameters, actor);
}

Response Service::read(View& view, const Request& request, const plan::Actor& actor) const {
    const auto& type = resource_type(request.path[0]);
    rules_.check_reading(actor, type.name);
    Disclosure disclosure(view, rules_.data_sets(), actor);
    const auto& path = request.path;
    if (request.method == "POST") {
        if (!is_form(request.content_type))
            throw Problem(415, "not-supported",
                          "_search takes Content-Type: application/x-www-form-urlencoded.");
        auto parameters = read_query(request.query);
        auto form = read_query(request.body);
        parameters.insert(parameters.end(), form.begin(), form.end());
        return reader_.search(view, disclosure, type, request, parameters);
    }
    if (path.size() == 1) return reader_.search(view, disclosure, type, request, read_query(request.query));
    const bool type_history = path.size() == 2 && path[1] == "_history";
    const bool own_history = path.size() == 3 && path[2] == "_history";
    if (type_history || own_history) return reader_.history(view, disclosure, type, request);
    if (path.size() == 2 || (path.size() == 4 && path[2] == "_history"))
        return reader_.read(view, disclosure, type, request);
    throw Problem(404, "not-found", "This server has no such address: see /fhir/metadata.");
}

WriteRequest Service::write_request(const Request& request) const {
    WriteRequest write;
    write.type = &resource_type(request.path[0]);
    write.is_create = request.method == "POST";
    if (!write.is_create) write.id = request.path[1];
    write.body = parse_body(request.content_type, request.body);
    write.if_match = request.if_match;
    write.if_none_exist = request.if_none_exist;
    return write;
}

}  // namespace careplug::exchange
