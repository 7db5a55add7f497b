#include "failures/cut_line.h"

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/Net/TCPServerConnection.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/URI.h>

#include <algorithm>
#include <cctype>

namespace careplug::test {
namespace {

using Poco::Net::StreamSocket;

constexpr int most_lines = 64;

// One message with its body; empty where the line ended.
std::string message_from(StreamSocket& from, std::string& pending) {
    char buffer[8192];
    const auto more = [&] {
        const int count = from.receiveBytes(buffer, sizeof buffer);
        if (count > 0) pending.append(buffer, static_cast<std::size_t>(count));
        return count > 0;
    };
    std::size_t head = 0;
    while ((head = pending.find("\r\n\r\n")) == std::string::npos)
        if (!more()) return {};
    std::string lines = pending.substr(0, head);
    std::transform(lines.begin(), lines.end(), lines.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    std::size_t length = head + 4;
    if (const auto at = lines.find("content-length:"); at != std::string::npos)
        length += std::stoul(lines.substr(at + 15));
    while (pending.size() < length)
        if (!more()) return {};
    std::string whole = pending.substr(0, length);
    pending.erase(0, length);
    return whole;
}

void send(StreamSocket& to, const std::string& text) {
    for (std::size_t sent = 0; sent < text.size();)
        sent +=
            static_cast<std::size_t>(to.sendBytes(text.data() + sent, static_cast<int>(text.size() - sent)));
}

std::string half(const std::string& text) {
    return text.substr(0, text.size() / 2);
}

}  // namespace

std::string words(Cut cut) {
    switch (cut) {
        case Cut::before:
            return "before";
        case Cut::in_request:
            return "in the middle of";
        case Cut::after:
            return "after";
        case Cut::in_answer:
            break;
    }
    return "in the answer to";
}

struct CutLine::Server {
    class Connection : public Poco::Net::TCPServerConnection {
    public:
        Connection(const StreamSocket& socket, Server& server)
            : TCPServerConnection(socket), server_(server) {}
        void run() override {
            try {
                StreamSocket exchange(server_.exchange);
                relay(socket(), exchange);
            } catch (const Poco::Exception&) {
                // one of the two is gone
            }
        }

    private:
        void relay(StreamSocket& engine, StreamSocket& exchange) {
            std::string asked, answered;
            for (;;) {
                const std::string request = message_from(engine, asked);
                if (request.empty()) return;
                // Without the stream of changes every engine polls each second.
                if (request.find("$events") < request.find("\r\n"))
                    return send(engine,
                                "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                Cut cut{};
                const bool now = server_.line.cuts_now(cut);
                if (now && cut == Cut::before) return;
                if (now && cut == Cut::in_request) return send(exchange, half(request));
                send(exchange, request);
                const std::string answer = message_from(exchange, answered);
                if (now && cut == Cut::after) return;
                if (now) return send(engine, half(answer));
                if (answer.empty()) return;
                send(engine, answer);
            }
        }
        Server& server_;
    };
    class Factory : public Poco::Net::TCPServerConnectionFactory {
    public:
        explicit Factory(Server& server) : server_(server) {}
        Poco::Net::TCPServerConnection* createConnection(const StreamSocket& socket) override {
            return new Connection(socket, server_);
        }

    private:
        Server& server_;
    };

    static Poco::Net::TCPServerParams* parameters() {
        auto* made = new Poco::Net::TCPServerParams;
        made->setMaxThreads(most_lines);
        return made;
    }

    Server(CutLine& of, const std::string& address)
        : line(of),
          exchange(Poco::URI(address).getHost(), Poco::URI(address).getPort()),
          threads(2, most_lines),
          server(new Factory(*this), threads, socket, parameters()) {
        server.start();
    }
    ~Server() { server.stop(); }

    CutLine& line;
    Poco::Net::SocketAddress exchange;
    Poco::Net::ServerSocket socket{Poco::Net::SocketAddress("127.0.0.1", 0)};
    Poco::ThreadPool threads;
    Poco::Net::TCPServer server;
};

CutLine::CutLine(const std::string& exchange) : server_(std::make_unique<Server>(*this, exchange)) {}

CutLine::~CutLine() = default;

std::string CutLine::url() const {
    return "http://127.0.0.1:" + std::to_string(server_->socket.address().port()) + "/fhir";
}

void CutLine::order(Cut cut, long nth) {
    was_cut_ = false;
    cut_ = cut;
    left_ = nth;
}

bool CutLine::cuts_now(Cut& cut) {
    if (left_ <= 0 || --left_ != 0) return false;
    cut = cut_;
    return was_cut_ = true;
}

}  // namespace careplug::test
