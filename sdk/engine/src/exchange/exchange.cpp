#include "exchange/exchange.h"

#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/Timespan.h>
#include <Poco/URI.h>

#include <careplug/controls/controls.h>
#include <careplug/plan/fhir.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "system/times.h"

namespace careplug::engine {
namespace {

using nlohmann::json;

constexpr std::size_t largest_body = 32U << 20U;
constexpr std::int64_t longest_body_ms = 20 * 1000;
constexpr int most_pages = 200;
constexpr std::size_t longest_sentence = 500;

std::string sentence_of(const Answer& answer) {
    try {
        const json outcome = careplug::plan::fhir::parse(answer.body);
        for (const auto& issue : outcome.value("issue", json::array())) {
            std::string said;
            if (issue.contains("details")) said = issue.at("details").value("text", std::string());
            if (issue.contains("diagnostics")) said = issue.at("diagnostics").get<std::string>();
            if (!said.empty() && said.size() <= longest_sentence) return said;
        }
    } catch (const std::exception&) {
        // an answer without an OperationOutcome is named by its status below
    }
    return "The exchange answered with status " + std::to_string(answer.status) + ".";
}

std::string encoded(const Form& parameters) {
    std::string text;
    for (const auto& [name, value] : parameters) {
        if (!text.empty()) text += '&';
        Poco::URI::encode(name, "!#$&'()*+,/:;=?@[]", text);
        text += '=';
        Poco::URI::encode(value, "!#$&'()*+/:;=?@[]", text);
    }
    return text;
}

std::string read_body(std::istream& stream) {
    const std::int64_t began = boot_ms();
    std::string body;
    char part[16384];
    while (stream.read(part, sizeof part) || stream.gcount() > 0) {
        body.append(part, static_cast<std::size_t>(stream.gcount()));
        if (body.size() > largest_body) throw BadAnswer("an answer of the exchange is too large");
        if (boot_ms() - began > longest_body_ms) throw Unreachable("the exchange's answer came too slowly");
    }
    return body;
}

std::string next_link(const json& bundle) {
    for (const auto& link : bundle.value("link", json::array()))
        if (link.value("relation", std::string()) == "next") return link.value("url", std::string());
    return {};
}

json parsed(const Answer& answer) {
    if (answer.status >= 300 || answer.status < 200) throw Refused(answer.status, sentence_of(answer));
    if (answer.body.empty()) return json::object();
    try {
        return careplug::plan::fhir::parse(answer.body);
    } catch (const std::invalid_argument& error) {
        throw BadAnswer(std::string("the exchange's answer cannot be read: ") + error.what());
    }
}

}  // namespace

std::unique_ptr<Poco::Net::HTTPClientSession> connect_to(const std::string& address,
                                                         const std::string& authority) {
    const Poco::URI uri(address);
    std::unique_ptr<Poco::Net::HTTPClientSession> session;
    if (uri.getScheme() == "https") {
        Poco::Net::Context::Ptr context = new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE, "", "",
                                                                 authority, Poco::Net::Context::VERIFY_STRICT,
                                                                 9, authority.empty(), "HIGH:!aNULL:!MD5");
        context->requireMinimumProtocol(Poco::Net::Context::PROTO_TLSV1_2);
        session = std::make_unique<Poco::Net::HTTPSClientSession>(uri.getHost(), uri.getPort(), context);
    } else {
        session = std::make_unique<Poco::Net::HTTPClientSession>(uri.getHost(), uri.getPort());
    }
    session->setKeepAlive(true);
    session->setTimeout(Poco::Timespan(2, 0), Poco::Timespan(10, 0), Poco::Timespan(10, 0));
    return session;
}

Exchange::Exchange(const std::string& address, const std::string& authority)
    : base_path_(Poco::URI(address).getPath()), session_(connect_to(address, authority)) {
    const Poco::URI uri(address);
    host_ = uri.getScheme() + "://" + uri.getAuthority();
}

Exchange::~Exchange() = default;

Answer Exchange::send(const std::string& method, const std::string& path, const std::string& token,
                      const std::string& body, const std::string& content_type) {
    const bool may_repeat = method == "GET" || path.ends_with("/_search");
    for (int attempt = 0;; ++attempt) {
        try {
            Poco::Net::HTTPRequest request(method, path.rfind('/', 0) == 0 ? path : base_path_ + "/" + path,
                                           Poco::Net::HTTPMessage::HTTP_1_1);
            request.setKeepAlive(true);
            request.set("Accept", "application/fhir+json");
            if (!token.empty()) request.set("Authorization", "Bearer " + token);
            if (!body.empty()) {
                request.setContentType(content_type);
                request.setContentLength64(static_cast<Poco::Int64>(body.size()));
            }
            std::ostream& out = session_->sendRequest(request);
            out.write(body.data(), static_cast<std::streamsize>(body.size()));
            out.flush();
            Poco::Net::HTTPResponse response;
            std::istream& in = session_->receiveResponse(response);
            Answer answer;
            answer.body = read_body(in);
            answer.status = response.getStatus();
            answer.etag = response.get("ETag", "");
            answer.location = response.get("Location", "");
            if (response.hasContentLength() &&
                static_cast<Poco::Int64>(answer.body.size()) < response.getContentLength64())
                throw Unreachable("the exchange's answer was cut off");
            if (!response.getKeepAlive()) session_->reset();
            if (answer.status >= 500) throw Failing(sentence_of(answer));
            return answer;
        } catch (const Poco::TimeoutException& error) {
            session_->reset();
            throw Unreachable(std::string("no answer: ") + error.name());
        } catch (const Poco::Exception& error) {
            // A kept connection may have died between two requests: one more try where that is harmless.
            const bool was_kept = attempt == 0;
            session_->reset();
            if (!(may_repeat && was_kept)) throw Unreachable(std::string("no answer: ") + error.name());
        } catch (...) {
            session_->reset();
            throw;
        }
    }
}

std::string Exchange::path_of(const std::string& link) const {
    if (link.rfind('/', 0) == 0) return link;
    if (link.rfind("http", 0) != 0) return base_path_ + "/" + link;
    if (link.rfind(host_ + "/", 0) != 0)
        throw BadAnswer("a page of the exchange's answer lies on another server");
    return link.substr(host_.size());
}

json Exchange::read(const std::string& reference, const std::string& token) {
    return parsed(send("GET", base_path_ + "/" + reference, token));
}

std::vector<json> Exchange::search(const std::string& type, const Form& parameters,
                                   const std::string& token) {
    return pages(send("POST", base_path_ + "/" + type + "/_search", token, encoded(parameters),
                      "application/x-www-form-urlencoded"),
                 token);
}

std::vector<json> Exchange::history(const std::string& reference, const std::string& token) {
    return pages(send("GET", base_path_ + "/" + reference + "/_history?_count=100", token), token);
}

std::vector<json> Exchange::pages(Answer answer, const std::string& token) {
    std::vector<json> found;
    std::set<std::string> pages;
    std::size_t total = 0;
    for (int page = 0; page < most_pages; ++page) {
        const json bundle = parsed(answer);
        if (!bundle.is_object() || bundle.value("resourceType", std::string()) != "Bundle")
            throw BadAnswer("the exchange did not answer a search with a Bundle");
        for (const auto& entry : bundle.value("entry", json::array())) {
            const std::string mode = entry.value("/search/mode"_json_pointer, std::string("match"));
            if (mode == "outcome") throw BadAnswer("the exchange answered a search in part only");
            if (entry.contains("resource") && mode != "include") found.push_back(entry.at("resource"));
        }
        const std::string next = next_link(bundle);
        if (bundle.contains("total")) total = std::max(total, bundle.at("total").get<std::size_t>());
        if (next.empty() && found.size() < total && control::on("H3.as-many-as-said"))
            throw BadAnswer("the exchange answered a search with fewer results than it says there are");
        if (next.empty() || !control::on("H3.every-page")) return found;
        if (!pages.insert(next).second) throw BadAnswer("the exchange's pages go in a circle");
        answer = send("GET", path_of(next), token);
    }
    throw BadAnswer("the exchange's answer has too many pages");
}

json Exchange::write(const std::string& method, const std::string& path, const json& resource,
                     const std::string& token) {
    return parsed(send(method,
                       path.empty() ? (base_path_.empty() ? "/" : base_path_) : base_path_ + "/" + path,
                       token, resource.dump()));
}

}  // namespace careplug::engine
