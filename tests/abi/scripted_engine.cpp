// Speaks the wire like the engine and does what the test says. Host names, host kinds and settings are its
// script:
//   settings "refuse WORDS"     refuses hello with STORAGE and the words
//   settings "die"              ends before it answers
//   settings "garbage"          answers hello with noise
//   settings "once PATH"        starts once (then PATH exists), and again in safe mode alone
//   settings "linger"           stays when control ends
//   settings "report PATH"      writes its descriptors, environment and session to PATH
//   host kind "refuse"          refuses the session; "die" ends the engine; "once" is refused when resumed;
//                               "scripted" is one of a later release
#include "scripted.h"

#include <played_engine.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

using namespace careplug::wire;

extern char** environ;

namespace scripted {

void die() {
    ::kill(::getpid(), SIGKILL);
    for (;;) ::pause();
}

}  // namespace scripted

namespace {

void report(const std::string& path) {
    std::ofstream out(path + ".part");
    for (int descriptor = 0; descriptor < 64; ++descriptor) {
        std::error_code error;
        const auto target =
            std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor), error).string();
        if (!error && target.find(".part") == std::string::npos)
            out << "fd " << descriptor << ' ' << target.substr(0, target.find(':')) << '\n';
    }
    for (char** variable = environ; *variable; ++variable) out << "env " << *variable << '\n';
    out << "session " << (::getsid(0) == ::getpid() ? "own" : "of the host") << '\n';
    out.close();
    std::filesystem::rename(path + ".part", path);
}

bool starts(const std::string& text, const std::string& with) {
    return text.rfind(with, 0) == 0;
}

HelloAnswer greet(const Hello& hello, Stream& control) {
    HelloAnswer answer;
    if (hello.settings == "die") scripted::die();
    if (starts(hello.settings, "once ")) {
        const std::filesystem::path started = hello.settings.substr(5);
        if (std::filesystem::exists(started) && !hello.safe_mode) scripted::die();
        std::ofstream out(started);
    }
    if (hello.settings == "garbage") {
        const Bytes noise(64, 0xEE);
        control.send(kind_of(Frame::hello_answer), 1, noise);
        ::exit(0);
    }
    if (starts(hello.settings, "refuse ")) {
        answer.status = CAREPLUG_REFUSED_STORAGE;
        answer.sentence = hello.settings.substr(7);
    }
    if (starts(hello.settings, "report ")) report(hello.settings.substr(7));
    return answer;
}

// Of a session of a former engine it takes what the former said, and continues its ids.
std::string resumed_words(const SessionResume& resumed) {
    std::string open;
    for (const auto& one : resumed.open) open += ' ' + std::to_string(one.id);
    return resumed.resume + "; open:" + open + "; watched: " + std::to_string(resumed.watched.size());
}

Reply open_session(const std::string& kind, const SessionResume* former, Stream& calls, Stream& events) {
    Reply reply;
    const std::string resumed = former ? resumed_words(*former) : std::string();
    careplug::played::Owners owners;
    if (former)
        for (const auto& one : former->open) owners[one.id] = one.patient;
    if (kind == "die") scripted::die();
    if (kind == "refuse" || (kind == "once" && former)) {
        reply.status = CAREPLUG_FAILED_PLUGIN;
        reply.problem = "No plugin for this kind.";
    } else {
        std::thread(scripted::serve, std::move(calls), std::move(events),
                    scripted::Role{kind == "scripted", resumed, owners})
            .detach();
    }
    return reply;
}

}  // namespace

int main() {
    bool lingers = false;
    const auto greeting = [&](const Hello& hello, Stream& control) {
        lingers = hello.settings == "linger";
        return greet(hello, control);
    };
    const int status = careplug::played::serve_control({greeting, &open_session});
    if (lingers) std::this_thread::sleep_for(std::chrono::minutes(1));
    ::_exit(status);
}
