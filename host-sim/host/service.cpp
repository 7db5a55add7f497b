#include "service.h"

#include <Poco/Net/HTTPCookie.h>
#include <Poco/Net/NameValueCollection.h>

#include <nlohmann/json.hpp>
#include <set>

#include "http.h"
#include "routes.h"

namespace careplug::sim {
namespace {

using nlohmann::json;
using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

constexpr int most_streams = 48;
constexpr std::size_t most_desks = 32;
constexpr std::chrono::milliseconds heartbeat{10'000};

// The HTTP status of a refusal: pages show the sentence, scripts read the number.
int http_status(careplug_status status) {
    switch (status) {
        case CAREPLUG_REFUSED_HANDLE:
            return 410;
        case CAREPLUG_REFUSED_SIGNED_OUT:
            return 401;
        case CAREPLUG_REFUSED_ROLE:
        case CAREPLUG_REFUSED_IDENTITY:
            return 403;
        case CAREPLUG_REFUSED_INVALID:
            return 422;
        case CAREPLUG_REFUSED_CONFLICT:
        case CAREPLUG_REFUSED_STAY:
            return 409;
        case CAREPLUG_REFUSED_UNREACHABLE:
        case CAREPLUG_REFUSED_TIMEOUT:
        case CAREPLUG_REFUSED_STORAGE:
            return 503;
        default:
            return status >= CAREPLUG_FAILED ? 503 : 400;
    }
}

std::string cookie_of(const HTTPServerRequest& request, const std::string& name) {
    Poco::Net::NameValueCollection cookies;
    request.getCookies(cookies);
    return cookies.get(name, "");
}

json user_json(const User& user) {
    return {{"id", user.id},         {"name", user.name},
            {"role", user.role},     {"role_words", user.role_words},
            {"senior", user.senior}, {"organisation_name", user.organisation_name}};
}

}  // namespace

Service::Service(HostContext context, std::string settings, std::filesystem::path web)
    : context_(std::move(context)),
      settings_(std::move(settings)),
      web_(std::move(web)),
      loader_(open_loader("Careplug simulated host " + context_.profile.kind, settings_)) {}

Service::~Service() {
    stop();
}

void Service::stop() {
    std::map<std::string, std::shared_ptr<Desk>> desks;
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
        desks.swap(desks_);
        status_.reset();
    }
    for (auto& [cookie, desk] : desks) desk->feed().close();
}

void Service::handle(HTTPServerRequest& request, HTTPServerResponse& response) {
    const auto refuse = [&](int status, const std::string& sentence, careplug_status code) {
        if (!response.sent()) send_json(response, status, {{"sentence", sentence}, {"status", code}});
    };
    try {
        route(request, response);
    } catch (const HttpError& error) {
        // The rest of a refused body is not read, so the connection cannot be used again.
        response.setKeepAlive(false);
        refuse(error.status(), error.what(), 0);
    } catch (const Refusal& refusal) {
        refuse(http_status(refusal.status()), refusal.what(), refusal.status());
    } catch (const std::out_of_range& error) {
        refuse(404, error.what(), 0);
    } catch (const std::exception& error) {
        refuse(500, std::string("The simulated host could not do this: ") + error.what(), 0);
    }
}

void Service::route(HTTPServerRequest& request, HTTPServerResponse& response) {
    guard(request, port_);
    std::vector<std::string> path = path_segments(request.getURI());
    if (path.empty())
        return send_file(response, web_, {context_.profile.kind == "patient" ? "patient.html" : "host.html"});
    if (path[0] == "nhsuk") return send_file(response, web_.parent_path(), path);
    if (path[0] != "api") return send_file(response, web_, path);

    path.erase(path.begin());
    const std::string cookie = cookie_of(request, cookie_name());
    const bool post = request.getMethod() == "POST";
    const json body = post ? json_body(request) : json::object();
    const std::string name = path.empty() ? "" : path[0];
    if (name == "me" && !post) return send_json(response, 200, me(cookie));
    if (name == "state" && !post) return send_json(response, 200, everybody());
    if (name == "plan-service" && !post) return send_json(response, 200, plan_service());
    if (name == "sign-in" && post) return sign_in(body, cookie, response);
    if (name == "sign-out" && post) return sign_out(cookie, response);
    const auto desk = desk_of(cookie);
    if (!desk) throw HttpError(401, "Nobody is signed in on this page. Choose who you are.");
    if (name == "events" && !post) return stream(*desk, response);
    send_json(response, 200, call(*desk, request.getMethod(), path, body));
}

std::shared_ptr<Desk> Service::desk_of(const std::string& cookie) {
    const std::lock_guard lock(mutex_);
    const auto found = desks_.find(cookie);
    return found == desks_.end() ? nullptr : found->second;
}

// After the engine stopped, every session of its loader is unusable: all are dropped and it is opened anew.
std::shared_ptr<Desk> Service::open_desk(const User& user) {
    const bool stopped =
        std::any_of(desks_.begin(), desks_.end(), [](const auto& desk) { return desk.second->stopped(); });
    if (!stopped) {
        try {
            return std::make_shared<Desk>(loader_, context_, user);
        } catch (const Refusal& refusal) {
            if (refusal.status() < CAREPLUG_FAILED) throw;
        }
    }
    for (auto& [cookie, desk] : desks_) desk->feed().close();
    desks_.clear();
    status_.reset();
    loader_.reset();
    loader_ = open_loader("Careplug simulated host " + context_.profile.kind, settings_);
    return std::make_shared<Desk>(loader_, context_, user);
}

void Service::sign_in(const json& body, const std::string& old_cookie, HTTPServerResponse& response) {
    const std::string id = body.value("user", "");
    const auto& users = context_.profile.users;
    const auto user = std::find_if(users.begin(), users.end(), [&](const User& one) { return one.id == id; });
    if (user == users.end()) throw HttpError(404, "There is no such person at this host.");
    std::shared_ptr<Desk> desk;
    std::shared_ptr<Desk> old;
    const std::string value = random_hex(32);
    {
        const std::lock_guard lock(mutex_);
        if (ending_) throw HttpError(503, "This host is being stopped.");
        if (const auto found = desks_.find(old_cookie); found != desks_.end()) {
            old = found->second;
            desks_.erase(found);
        }
        if (desks_.size() >= most_desks)
            throw HttpError(503, "Too many people are signed in. Sign out elsewhere first.");
        desk = open_desk(*user);
        desks_[value] = desk;
    }
    if (old) old->feed().close();
    desk->wait_signed_in(std::chrono::milliseconds(3000));
    Poco::Net::HTTPCookie cookie(cookie_name(), value);
    cookie.setHttpOnly(true);
    cookie.setPath("/");
    cookie.setSameSite(Poco::Net::HTTPCookie::SAME_SITE_STRICT);
    response.addCookie(cookie);
    send_json(response, 200, me(value));
}

void Service::sign_out(const std::string& cookie, HTTPServerResponse& response) {
    std::shared_ptr<Desk> desk;
    {
        const std::lock_guard lock(mutex_);
        if (const auto found = desks_.find(cookie); found != desks_.end()) {
            desk = found->second;
            desks_.erase(found);
        }
    }
    if (desk) desk->feed().close();
    desk.reset();
    send_json(response, 200, me(""));
}

json Service::me(const std::string& cookie) {
    json out{{"kind", context_.profile.kind},
             {"title", context_.profile.title},
             {"list_title", context_.profile.list_title},
             {"signed_in", false}};
    json users = json::array();
    for (const User& user : context_.profile.users) users.push_back(user_json(user));
    out["users"] = std::move(users);
    if (const auto desk = desk_of(cookie)) {
        out["signed_in"] = true;
        out["stopped"] = desk->stopped();
        out["user"] = user_json(desk->user());
        try {
            out["session"] = desk->state();
        } catch (const Refusal& refusal) {
            out["sentence"] = refusal.what();
        }
    }
    return out;
}

json Service::everybody() {
    std::vector<std::shared_ptr<Desk>> desks;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [cookie, desk] : desks_) desks.push_back(desk);
    }
    json people = json::array();
    for (const auto& desk : desks) people.push_back(user_json(desk->user()));
    return {
        {"kind", context_.profile.kind}, {"title", context_.profile.title}, {"signed_in", std::move(people)}};
}

json Service::plan_service() {
    std::shared_ptr<StatusSession> status;
    {
        const std::lock_guard lock(mutex_);
        if (ending_) throw HttpError(503, "This host is being stopped.");
        if (!status_) status_ = std::make_shared<StatusSession>(loader_, context_.profile);
        status = status_;
    }
    return status->read();
}

void Service::stream(Desk& desk, HTTPServerResponse& response) {
    struct Count {
        std::atomic<int>& value;
        ~Count() { --value; }
    } count{streams_};
    if (++streams_ > most_streams)
        throw HttpError(503, "Too many pages are open. Close some and load this one again.");
    const auto events = desk.feed().join();
    response.setContentType("text/event-stream");
    set_headers(response);
    response.setKeepAlive(false);
    std::ostream& out = response.send();
    // A page that was away reads everything again.
    out << "retry: 1000\n\nevent: hello\ndata: {}\n\n" << std::flush;
    while (out.good()) {
        const auto text = events->wait(heartbeat);
        if (!text) break;
        out << (text->empty() ? ": still here\n\n" : *text) << std::flush;
    }
}

}  // namespace careplug::sim
