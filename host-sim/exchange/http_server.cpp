#include "http_server.h"

#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/ThreadPool.h>

#include "http_handler.h"
#include "problem.h"

namespace careplug::exchange {

namespace {

constexpr int request_threads = 64;

class Factory final : public Poco::Net::HTTPRequestHandlerFactory {
public:
    explicit Factory(HttpParts parts) : parts_(parts) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest&) override {
        return make_http_handler(parts_).release();  // Poco owns it
    }

private:
    HttpParts parts_;
};

Poco::Net::ServerSocket listen(const Settings& settings) {
    try {
        Poco::Net::ServerSocket socket;
        // Poco would share the port with another exchange: half of the requests would go astray.
        constexpr bool reuse_address = true, share_port = false;
        socket.bind(Poco::Net::SocketAddress(settings.listen, settings.port), reuse_address, share_port);
        socket.listen(256);
        return socket;
    } catch (const Poco::Exception&) {
        throw StartProblem(
            "Port " + std::to_string(settings.port) +
            " is taken: stop the program that uses it, or name another with --port (0 takes any).");
    }
}

Poco::Net::HTTPServerParams::Ptr parameters() {
    Poco::Net::HTTPServerParams::Ptr made = new Poco::Net::HTTPServerParams;
    made->setMaxThreads(request_threads + Events::most_streams);
    made->setMaxQueued(512);
    made->setKeepAlive(true);
    made->setMaxKeepAliveRequests(0);
    made->setKeepAliveTimeout(Poco::Timespan(30, 0));
    made->setTimeout(Poco::Timespan(30, 0));
    return made;
}

}  // namespace

struct HttpServer::Parts {
    Parts(const Settings& settings, Store& store, const DataSets& data_sets)
        : socket(listen(settings)),
          address("http://" + settings.listen + ":" + std::to_string(socket.address().port()) + "/fhir"),
          verifier(settings.trust),
          rules(data_sets),
          service(store, rules, events, address),
          threads("http", 4, request_threads + Events::most_streams),
          server(new Factory({store, events, verifier, rules, service, address}), threads, socket,
                 parameters()) {}

    Poco::Net::ServerSocket socket;
    std::string address;
    Events events;
    TokenVerifier verifier;
    Rules rules;
    Service service;
    Poco::ThreadPool threads;
    Poco::Net::HTTPServer server;
};

HttpServer::HttpServer(const Settings& settings, Store& store, const DataSets& data_sets)
    : parts_(std::make_unique<Parts>(settings, store, data_sets)) {
    parts_->server.start();
}

HttpServer::~HttpServer() {
    stop();
}

const std::string& HttpServer::address() const {
    return parts_->address;
}

void HttpServer::stop() {
    parts_->events.stop();
    parts_->server.stopAll(false);
    parts_->threads.joinAll();
}

}  // namespace careplug::exchange
