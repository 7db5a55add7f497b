// Kill -9 at random moments of editing, saving and sending: the engine, the exchange and the host in turn.
// CAREPLUG_CRASH_SEED=N makes the choices of that seed again; CAREPLUG_LONG=1 kills 1,000 times,
// CAREPLUG_CRASH_LINES=1 prints what the author tells.
#include <signal.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>
#include <thread>

#include "bench/people.h"
#include "crashes/exchange_disk.h"
#include "crashes/ledger.h"
#include "store/audit_log.h"
#include "store/store.h"

using namespace careplug::test;
using careplug::bench::nhs_number;
using careplug::bench::person;

namespace {

constexpr int patience_milliseconds = 120'000;
constexpr unsigned kills_of_a_patient = 20;

struct Choice {
    std::string victim;
    std::string kind;    // of the operation during which it is killed
    unsigned times = 1;  // which of them
    double part = 0;     // of the operation's usual time; over 1 it falls behind the operation
};

class Choices {
public:
    explicit Choices(unsigned seed) : random_(seed) {}
    Choice next() {
        Choice choice;
        choice.victim = pick({"engine", "engine", "exchange", "host"});
        choice.kind = pick({"share", "share", "share", "type", "type", "submit", "submit", "open"});
        choice.times = 1 + static_cast<unsigned>(random_() % 2);
        // It starts once, and its engine is known to nobody before it has.
        if (choice.victim == "host" && random_() % 6 == 0) choice = {choice.victim, "start"};
        choice.part = static_cast<double>(random_() % 1000) / 1000 * 1.1;
        return choice;
    }
    unsigned number() { return static_cast<unsigned>(random_()); }

private:
    std::string pick(std::initializer_list<const char*> of) { return *(of.begin() + random_() % of.size()); }
    std::mt19937 random_;
};

class Crashes {
public:
    explicit Crashes(unsigned seed) : choices_(seed) {
        who_.signer = std::make_shared<TokenSigner>("gp-crashes");
        who_.name = "Dr A. Patel";
    }

    void kill_once(unsigned number) {
        const Choice choice = choices_.next();
        if (number % kills_of_a_patient == 0) next_patient();
        if (choice.kind == "start") start_author();
        INFO("kill " << number << ": " << choice.victim << " during " << choice.kind << ", " << choice.part);
        wait_for(choice);
        const std::int64_t moment = monotonic_nanoseconds();
        if (choice.victim == "engine") ::kill(engine_, SIGKILL);
        if (choice.victim == "exchange") exchange_.kill();
        if (choice.victim == "host") author_->kill();
        if (choice.victim == "exchange") exchange_.start();
        if (choice.victim == "host")
            start_author();
        else
            author_->ask_to_settle();
        come_to_rest();
        ++kills_[choice.victim][ledger_.under_way(moment)];
        author_->go_on();
    }

    void look_at_the_end() {
        const auto token = folder_ / "officer";
        std::ofstream(token) << who_.signer->sign(who_.signer->claims("privacy_officer", false, "officer"));
        const auto said = folder_ / "said";
        const std::string command = std::string(CAREPLUG_BUILD_DIR) +
                                    "/bin/careplug audit --verify --exchange " + exchange_.url() +
                                    " --token " + token.string() + " > " + said.string() + " 2>&1";
        const int status = std::system(command.c_str());
        std::ifstream in(said);
        const std::string words((std::istreambuf_iterator<char>(in)), {});
        INFO(words);
        CHECK(status == 0);
        std::cout << words;
    }

    void print() const {
        unsigned all = 0;
        unsigned inside = 0;
        for (const auto& [victim, moments] : kills_)
            for (const auto& [moment, count] : moments) {
                std::cout << victim << " killed " << (moment.empty() ? "between" : "during " + moment) << ": "
                          << count << "\n";
                all += static_cast<unsigned>(count);
                if (!moment.empty()) inside += static_cast<unsigned>(count);
            }
        std::cout << all << " kills, " << inside << " of them during an operation; acknowledged answers "
                  << typed_ + ledger_.typed() << ", publications " << submitted_ + ledger_.submitted()
                  << "; on the exchange " << disk_.plans() << " plans, " << disk_.revisions()
                  << " revisions, " << disk_.versions() << " versions looked at; troubles " << troubles_
                  << std::endl;
    }

    bool all_well() const { return troubles_ == 0; }

private:
    void next_patient() {
        stop_author();
        typed_ += ledger_.typed();
        submitted_ += ledger_.submitted();
        const long highest = ledger_.highest();
        ledger_ = Ledger();
        next_ = std::max(next_, highest + 1);
        ++patient_;
        start_author();
        come_to_rest();
        author_->go_on();
    }

    void start_author() {
        stop_author();
        next_ = std::max(next_, ledger_.highest() + 1);
        author_ = std::make_unique<Author>(exchange_, folder_ / "desk", who_, person(patient_),
                                           choices_.number(), next_);
    }

    void note(const Line& line) {
        if (line.what == "engine") engine_ = static_cast<pid_t>(line.number);
        if (line.what == "trouble") FAIL(line.text);
        if (line.what == "end" && line.status == CAREPLUG_REFUSED_INVALID) FAIL(line.text);
        if (std::getenv("CAREPLUG_CRASH_LINES")) std::cerr << line.text << "\n";
        ledger_.note(line);
    }
    void stop_author() {
        if (!author_) return;
        author_->kill();
        while (const auto line = author_->next_line(0)) note(*line);
    }

    // Until the operation runs and the part of its time is over.
    void wait_for(const Choice& choice) {
        for (unsigned times = 0;;) {
            const auto line = author_->next_line(patience_milliseconds);
            if (!line) FAIL("the author does nothing any more");
            note(*line);
            // Then it rests until it is told to go on.
            if (line->what == "holds") check(*line);
            if (line->what != "begin" || line->kind != choice.kind || ++times < choice.times) continue;
            const auto part = static_cast<double>(ledger_.usual(choice.kind)) * choice.part;
            const auto left = line->at + static_cast<std::int64_t>(part) - monotonic_nanoseconds();
            if (left > 0) std::this_thread::sleep_for(std::chrono::nanoseconds(left));
            return;
        }
    }

    void come_to_rest() {
        for (;;) {
            const auto line = author_->next_line(patience_milliseconds);
            if (!line) FAIL("the author does not come to rest");
            note(*line);
            if (line->what == "holds") return check(*line);
        }
    }

    void check(const Line& line) {
        for (const auto& wrong : disk_.look()) complain(wrong);
        for (const auto& wrong : ledger_.compare(line, disk_.published(nhs_number(patient_))))
            complain(wrong);
        const auto store = folder_ / "desk";
        const careplug::engine::Sealer sealer((store / "store.key").string());
        const careplug::engine::Store opened((store / "store").string(), sealer);
        careplug::engine::AuditLog log((store / "store").string(), sealer);
        if (const std::string broken = log.broken(); !broken.empty()) complain(broken);
    }

    void complain(const std::string& what) {
        ++troubles_;
        FAIL_CHECK(what);
    }

    TemporaryFolder folder_;
    Exchange exchange_{folder_ / "exchange"};
    ExchangeDisk disk_{folder_ / "exchange" / "exchange" / "exchange.db"};
    SignedIn who_;
    Choices choices_;
    Ledger ledger_;
    std::unique_ptr<Author> author_;
    pid_t engine_ = 0;
    unsigned patient_ = 0;
    long next_ = 1;
    std::map<std::string, std::map<std::string, int>> kills_;
    std::size_t typed_ = 0;
    std::size_t submitted_ = 0;
    unsigned troubles_ = 0;
};

unsigned seed() {
    const char* given = std::getenv("CAREPLUG_CRASH_SEED");
    return given ? static_cast<unsigned>(std::stoul(given)) : std::random_device()();
}

}  // namespace

TEST_CASE(
    "H4, H5: engine, exchange and host are killed at random moments: nothing acknowledged is lost, nothing "
    "is "
    "doubled, no plan is half written") {
    const unsigned used = seed();
    std::cout << "CAREPLUG_CRASH_SEED=" << used << std::endl;
    INFO("CAREPLUG_CRASH_SEED=" << used);
    Crashes crashes(used);
    const unsigned count = std::getenv("CAREPLUG_LONG") ? 1000 : 50;
    for (unsigned number = 0; number < count; ++number) {
        crashes.kill_once(number);
        if (number % 100 == 99) crashes.print();
    }
    crashes.print();
    crashes.look_at_the_end();
    CHECK(crashes.all_well());
}
