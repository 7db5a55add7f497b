#include "faults/neighbour.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <new>
#include <stdexcept>

#include "faults/desk.h"

namespace careplug::test {
namespace {

constexpr int patience_milliseconds = 20000;

bool one_round(Seat& seat, long round) {
    seat.host->pump_until([&] { return seat.host->flags(seat.key).knowledge == CAREPLUG_KNOWLEDGE_PLAN; });
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
        Seat seat{&host, patient_key(mary, "1944-06-19"), {}, {}};
        host.watch({seat.key});
        host.pump_until([&] { return host.flags(seat.key).knowledge == CAREPLUG_KNOWLEDGE_PLAN; });
        type(seat, "begins");
        while (!told_->stop) {
            if (!one_round(seat, told_->rounds)) ++told_->troubles;
            ++told_->rounds;
            ::usleep(20000);
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
