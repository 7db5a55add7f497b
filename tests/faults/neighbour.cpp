#include "faults/neighbour.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <new>
#include <stdexcept>

#include "faults/desk.h"

namespace careplug::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int patience_milliseconds = 20000;
constexpr std::chrono::milliseconds pause{20};
// Shorter than any run, so that a sign-in that is not renewed is seen in each.
constexpr int sign_in_seconds = 20;

// Between its rounds it pulls events, as every host must: by one of them the sign-in is renewed.
bool one_round(Seat& seat, long round) {
    const auto begins = Clock::now() + pause;
    seat.host->pump_until([&] {
        return Clock::now() >= begins && seat.host->flags(seat.key).knowledge == CAREPLUG_KNOWLEDGE_PLAN;
    });
    const std::string words = "round " + std::to_string(round);
    const auto items = nlohmann::json::array({worded("dx.other", words)});
    return has_flag(*seat.host, seat.key, "dnacpr") && TestHost::view(seat.open.panel).status < 100 &&
           TestHost::update(seat.open.panel, items).status < 100 && contains(draft(seat), words);
}

}  // namespace

Neighbour::Neighbour(Exchange& exchange, const std::filesystem::path& folder) {
    void* memory = ::mmap(nullptr, sizeof(Told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::runtime_error("no memory");
    told_ = new (memory) Told;
    process_ = ::fork();
    if (process_ != 0) return;
    try {
        TestHost host(exchange, folder, "gp", SignedIn{"gp", false, "jones", "Dr B. Jones"});
        host.close();
        host.assertion = [&](nlohmann::json claims) {
            claims["exp"] = claims["iat"].get<std::int64_t>() + sign_in_seconds;
            return host.signer().sign(claims);
        };
        host.open();
        Seat seat{&host, patient_key(mary, "1944-06-19"), {}, {}};
        host.watch({seat.key});
        host.pump_until([&] { return host.flags(seat.key).knowledge == CAREPLUG_KNOWLEDGE_PLAN; });
        type(seat, "begins");
        while (!told_->stop) {
            if (!one_round(seat, told_->rounds)) ++told_->troubles;
            ++told_->rounds;
        }
    } catch (const std::exception&) {
        ++told_->troubles;
    }
    ::_exit(0);
}

Neighbour::~Neighbour() {
    told_->stop = true;
    ::waitpid(process_, nullptr, 0);
    ::munmap(told_, sizeof(Told));
}

long Neighbour::goes_on() {
    const long before = told_->rounds;
    // One round may have begun before the fault did.
    for (int waited = 0; told_->rounds < before + 2 && waited < patience_milliseconds; ++waited)
        ::usleep(1000);
    return told_->rounds - before;
}

}  // namespace careplug::test
