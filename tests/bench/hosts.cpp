// Figures that need hosts: the whole house over host.h.
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>
#include <unordered_map>

#include "bench/figures.h"
#include "bench/floors.h"
#include "bench/people.h"

namespace careplug::bench {

namespace {

void require(bool held, const char* what) {
    if (!held) throw std::runtime_error(what);
}

void require(const test::Outcome& outcome, const char* what) {
    if (outcome.status >= 100)
        throw std::runtime_error(std::string(what) + ": " + outcome.problem + outcome.text);
}

// A patient of number n with a published plan; its panel for editing is left open.
struct OpenPlan {
    careplug_handle patient = 0;
    careplug_handle panel = 0;
};

void open_edit(test::TestHost& gp, OpenPlan& open) {
    require(gp.open_panel(open.patient, "edit", open.panel), "edit");
    require(gp.pump_until([&] { return gp.view(open.panel).json().value("plan", "") == "arrived"; }),
            "the plan did not reach the panel");
}

OpenPlan publish_plan(test::TestHost& gp, unsigned n) {
    const careplug_patient_key key = person(n);
    gp.watch({key});
    require(gp.pump_until([&] { return gp.flags(key).knowledge == CAREPLUG_KNOWLEDGE_NO_PLAN; }),
            "the patient's plan stayed not known");
    OpenPlan open;
    require(gp.open_patient(key, "Test, Patient", open.patient), "patient_open");
    careplug_handle create = 0;
    require(gp.open_panel(open.patient, "create", create), "create");
    require(gp.pump_until([&] { return gp.view(create).json().value("record", "") == "arrived"; }),
            "the host's record did not reach the panel");
    require(gp.update(create, test::core_answers()), "update");
    require(gp.submit(create, CAREPLUG_INTENT_PUBLISH), "publish");
    careplug_panel_close(create);
    require(gp.pump_until([&] { return gp.flags(key).knowledge == CAREPLUG_KNOWLEDGE_PLAN; }),
            "no plan flag");
    open_edit(gp, open);
    return open;
}

// The engine's program: it loads its libraries and finds that nobody speaks to it.
double program_started_and_ended() {
    const auto start = std::chrono::steady_clock::now();
    const pid_t child = ::vfork();
    if (child == 0) {
        ::close_range(2, ~0U, 0);
        ::execl(CAREPLUG_BUILD_DIR "/bin/careplug-engine", "careplug-engine", nullptr);
        ::_exit(1);
    }
    ::waitpid(child, nullptr, 0);
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

void starts(Report& report) {
    const test::TemporaryFolder folder;
    test::Exchange exchange(folder / "x");
    test::TestHost gp(exchange, folder / "gp", "gp");
    publish_plan(gp, 0);
    const careplug_patient_key key = person(0);
    std::vector<double> floors;
    std::vector<double> first;
    std::vector<double> fresh;
    for (int run = 0; run < 20; ++run) {
        gp.close();
        floors.push_back(program_started_and_ended());
        const auto start = std::chrono::steady_clock::now();
        const auto passed = [&] {
            return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start)
                .count();
        };
        gp.open();
        gp.watch({key});
        require(gp.pump_until([&] {
            const auto flags = gp.flags(key);
            return flags.knowledge == CAREPLUG_KNOWLEDGE_PLAN ||
                   flags.last_knowledge == CAREPLUG_KNOWLEDGE_PLAN;
        }),
                "the plan stayed not known");
        first.push_back(passed());
        require(gp.pump_until([&] { return gp.flags(key).knowledge == CAREPLUG_KNOWLEDGE_PLAN; }),
                "the plan stayed last known");
        fresh.push_back(passed());
    }
    const std::string floor = "its program, started and ended";
    report.add({"open and sign in to the first flag", distribution(first), floor, distribution(floors),
                "<= 150000"});
    report.add({"open and sign in to a fresh flag", distribution(fresh), floor, distribution(floors), ""});
}

void panel_calls(Report& report) {
    const test::TemporaryFolder folder;
    test::Exchange exchange(folder / "x");
    test::TestHost gp(exchange, folder / "gp", "gp");
    const OpenPlan open = publish_plan(gp, 0);

    const std::size_t answer_size = gp.view(open.panel).text.size();
    SocketEcho echo(64, answer_size);
    report.add({"panel view (" + std::to_string(answer_size / 1024) + " KiB)",
                measure(3000, 1, [&] { require(gp.view(open.panel), "view"); }), "a bare socket, same bytes",
                measure(3000, 1, [&] { echo.round_trip(); }), ""});

    RawSqlite floor(folder / "floor.db");
    const std::string body = test::core_answers().dump();
    int n = 0;
    const auto update = [&] {
        require(gp.update(open.panel, nlohmann::json::array(
                                          {test::worded("tep.text", "Guidance " + std::to_string(++n))})),
                "update");
    };
    report.add({"panel update, durable", measure(200, 1, update), "a bare SQLite commit",
                measure(200, 1, [&] { floor.commit(body); }), ""});
}

void save_to_board(Report& report) {
    const test::TemporaryFolder folder;
    test::Exchange exchange(folder / "x");
    test::TestHost gp(exchange, folder / "gp", "gp");
    test::TestHost ae(exchange, folder / "ae", "ae", {"ae_clinician", false, "nurse", "A&E nurse"});
    OpenPlan open = publish_plan(gp, 0);

    std::vector<careplug_patient_key> board;
    for (unsigned n = 0; n < 200; ++n) board.push_back(person(n));
    ae.watch(board);
    std::uint32_t revision = 1;
    require(ae.pump_until([&] { return ae.flags(board[0]).revision == revision; }),
            "the board never saw the plan");

    std::vector<double> times;
    for (int run = 0; run < 40; ++run) {
        require(gp.update(open.panel, nlohmann::json::array({test::worded(
                                          "tep.text", "Guidance of run " + std::to_string(run))})),
                "update");
        const auto start = std::chrono::steady_clock::now();
        careplug_handle operation = 0;
        careplug_handle problem = 0;
        require(careplug_panel_submit(open.panel, CAREPLUG_INTENT_PUBLISH, &operation, &problem) < 100,
                "submit");
        ++revision;
        require(ae.pump_until([&] { return ae.flags(board[0]).revision == revision; }),
                "the board missed a save");
        times.push_back(
            std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
        gp.wait_for(CAREPLUG_EVENT_OPERATION);
        careplug_release(operation);
        careplug_panel_close(open.panel);
        open_edit(gp, open);
    }
    report.add({"GP save to flag on a board of 200", distribution(times), std::nullopt, {}, "<= 500000"});
}

}  // namespace careplug::bench
