#include "bundle_text.h"

#include <Poco/Net/HTTPResponse.h>

#include <nlohmann/json.hpp>

#include "times.h"

namespace careplug::exchange {

namespace {

std::string quoted(const std::string& text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string status_line(int status) {
    return std::to_string(status) + " " +
           Poco::Net::HTTPResponse::getReasonForStatus(
               static_cast<Poco::Net::HTTPResponse::HTTPStatus>(status));
}

}  // namespace

BundleText::BundleText(const std::string& type, std::string base)
    : base_(std::move(base)), head_(R"({"resourceType":"Bundle","type":")" + type + '"') {}

void BundleText::total(std::int64_t count) {
    head_ += R"(,"total":)" + std::to_string(count);
}

void BundleText::links(const Links& links) {
    std::string list;
    for (const auto& [relation, url] : links) {
        if (!list.empty()) list += ',';
        list += R"({"relation":)" + quoted(relation) + R"(,"url":)" + quoted(url) + '}';
    }
    head_ += R"(,"link":[)" + list + ']';
}

void BundleText::add(const std::string& entry) {
    if (!entries_.empty()) entries_ += ',';
    entries_ += entry;
}

void BundleText::add_found(const Version& version, const char* mode) {
    add(R"({"fullUrl":)" + quoted(base_ + "/" + version.reference()) + R"(,"resource":)" + version.body +
        R"(,"search":{"mode":")" + mode + R"("}})");
}

void BundleText::add_past(const Version& version) {
    const bool first = version.version == 1;
    add(R"({"fullUrl":)" + quoted(base_ + "/" + version.reference()) + R"(,"resource":)" + version.body +
        R"(,"request":{"method":")" + "PUT" + R"(","url":)" + quoted(version.reference()) +
        R"(},"response":{"status":")" + status_line(first ? 201 : 200) + R"(","etag":)" +
        quoted(version.etag()) + R"(,"lastModified":")" + instant(version.updated) + R"("}})");
}

void BundleText::add_answer(const Response& response, bool with_resource) {
    std::string entry = "{";
    const bool refused = response.status >= 400;
    if (with_resource && !refused && !response.body.empty()) entry += R"("resource":)" + response.body + ',';
    entry += R"("response":{"status":)" + quoted(status_line(response.status));
    const auto add_header = [&](const char* header, const char* member) {
        if (const auto found = response.headers.find(header); found != response.headers.end())
            entry += std::string(",\"") + member + "\":" + quoted(found->second);
    };
    add_header("Location", "location");
    add_header("ETag", "etag");
    if (refused) entry += R"(,"outcome":)" + response.body;
    add(entry + "}}");
}

std::string BundleText::finish() {
    // FHIR has no empty lists.
    if (entries_.empty()) return head_ + '}';
    return head_ + R"(,"entry":[)" + entries_ + "]}";
}

}  // namespace careplug::exchange
