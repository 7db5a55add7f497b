#include "http.h"

#include <Poco/URI.h>

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace careplug::sim {
namespace {

using Poco::Net::HTTPResponse;

constexpr std::size_t body_limit = 1024 * 1024;

bool allowed_host(const std::string& host, unsigned short port) {
    const std::string suffix = ":" + std::to_string(port);
    return host == "127.0.0.1" + suffix || host == "localhost" + suffix;
}

std::string media_type(const std::filesystem::path& path) {
    constexpr std::array<std::pair<const char*, const char*>, 7> types = {
        {{".html", "text/html; charset=utf-8"},
         {".css", "text/css; charset=utf-8"},
         {".js", "text/javascript; charset=utf-8"},
         {".svg", "image/svg+xml"},
         {".png", "image/png"},
         {".ico", "image/x-icon"},
         {".json", "application/json"}}};
    for (const auto& [extension, type] : types)
        if (path.extension() == extension) return type;
    return "application/octet-stream";
}

}  // namespace

Poco::Net::ServerSocket listen_on(unsigned short port) {
    try {
        Poco::Net::ServerSocket socket;
        // Poco shares a port between programs unless told not to: two simulators would answer by turns.
        constexpr bool reuse_address = true;
        constexpr bool share_port = false;
        socket.bind(Poco::Net::SocketAddress("127.0.0.1", port), reuse_address, share_port);
        socket.listen(200);
        return socket;
    } catch (const Poco::Exception&) {
        throw std::runtime_error("Port " + std::to_string(port) +
                                 " is taken: stop the program that uses it, or choose another with --port.");
    }
}

void guard(const Poco::Net::HTTPServerRequest& request, unsigned short port) {
    const std::string host = request.get("Host", "");
    if (!allowed_host(host, port))
        throw HttpError(403, "Open this page by its own address on this computer.");
    if (request.getMethod() == "GET" || request.getMethod() == "HEAD") return;
    if (request.getMethod() != "POST") throw HttpError(405, "Only GET and POST are answered here.");
    const std::string origin = request.get("Origin", "");
    if (!origin.empty() && origin != "http://" + host)
        throw HttpError(403, "Another page may not call this one.");
    if (request.getContentType().rfind("application/json", 0) != 0)
        throw HttpError(415, "Send application/json.");
}

std::vector<std::string> path_segments(const std::string& uri) {
    std::vector<std::string> segments;
    try {
        Poco::URI(uri).getPathSegments(segments);
    } catch (const Poco::Exception&) {
        throw HttpError(400, "This address is not well formed.");
    }
    return segments;
}

nlohmann::json json_body(Poco::Net::HTTPServerRequest& request) {
    std::string text;
    std::array<char, 8192> buffer{};
    auto& stream = request.stream();
    while (stream.read(buffer.data(), buffer.size()) || stream.gcount() > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(stream.gcount()));
        if (text.size() > body_limit) throw HttpError(413, "This is too much at once: at most 1 MB.");
    }
    if (text.empty()) return nlohmann::json::object();
    nlohmann::json body = nlohmann::json::parse(text, nullptr, false);
    if (!body.is_object()) throw HttpError(400, "The body must be a JSON object.");
    return body;
}

void set_headers(Poco::Net::HTTPServerResponse& response) {
    response.set(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'none'; frame-ancestors 'none'; base-uri 'none'");
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Referrer-Policy", "no-referrer");
    response.set("Cache-Control", "no-store");
}

void send_json(Poco::Net::HTTPServerResponse& response, int status, const nlohmann::json& body) {
    response.setStatusAndReason(static_cast<HTTPResponse::HTTPStatus>(status));
    response.setContentType("application/json");
    set_headers(response);
    const std::string text = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    response.sendBuffer(text.data(), text.size());
}

void send_file(Poco::Net::HTTPServerResponse& response, const std::filesystem::path& folder,
               const std::vector<std::string>& segments) {
    std::filesystem::path path = folder;
    for (const std::string& segment : segments) {
        if (segment.empty() || segment.front() == '.' || segment.find_first_of("/\\") != std::string::npos)
            throw HttpError(404, "There is no such page.");
        path /= segment;
    }
    std::ifstream file(path, std::ios::binary);
    if (!std::filesystem::is_regular_file(path) || !file) throw HttpError(404, "There is no such page.");
    std::ostringstream text;
    text << file.rdbuf();
    const std::string content = text.str();
    response.setContentType(media_type(path));
    set_headers(response);
    response.sendBuffer(content.data(), content.size());
}

}  // namespace careplug::sim
