// Calls in random legal and illegal order against the real loader and the scripted engine, chosen and judged
// by the table of the contract. CAREPLUG_SEED repeats a run, CAREPLUG_LONG makes it longer.
#include <stdlib.h>

#include <poll.h>

#include <catch2/catch.hpp>
#include <iostream>
#include <set>
#include <thread>

#include "loaded_library.h"
#include "random_arguments.h"

using careplug::wire::Contract;
using careplug::wire::contract;
using careplug::wire::Function;
using careplug::wire::functions;
using careplug::wire::Object;
using careplug::wire::Parameter;
using careplug::wire::State;
using careplug::wire::Thread;

namespace {

template <class T>
T argument(std::uint64_t value) {
    if constexpr (std::is_pointer_v<T>)
        return reinterpret_cast<T>(static_cast<std::uintptr_t>(value));
    else
        return static_cast<T>(value);
}

template <class... T>
careplug_status invoke(careplug_status (*function)(T...), const std::vector<std::uint64_t>& values) {
    REQUIRE(values.size() == sizeof...(T));
    return [&]<std::size_t... index>(std::index_sequence<index...>) {
        return function(argument<T>(values[index])...);
    }
    (std::index_sequence_for<T...>{});
}

careplug_status invoke(Function function, const std::vector<std::uint64_t>& values) {
    switch (function) {
#define CASE(name)       \
    case Function::name: \
        return invoke(library().name, values);
        CASE(open)
        CASE(close)
        CASE(result)
        CASE(problem_detail)
        CASE(release)
        CASE(session_open)
        CASE(session_close)
        CASE(session_state)
        CASE(wait_handle)
        CASE(next_event)
        CASE(complete)
        CASE(watch)
        CASE(flags)
        CASE(word)
        CASE(flag_details)
        CASE(receipt)
        CASE(patient_open)
        CASE(patient_may_close)
        CASE(patient_close)
        CASE(actions)
        CASE(panel_open)
        CASE(panel_view)
        CASE(panel_form)
        CASE(panel_response)
        CASE(panel_summary)
        CASE(panel_update)
        CASE(panel_validate)
        CASE(panel_submit)
        CASE(panel_resolve)
        CASE(panel_reveal)
        CASE(panel_discard)
        CASE(panel_close)
        CASE(operation)
        CASE(operation_cancel)
#undef CASE
        default:
            FAIL("a function of the table that no test calls");
            return CAREPLUG_FATAL;
    }
}

std::uint64_t seed() {
    const char* given = ::getenv("CAREPLUG_SEED");
    return given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

bool fits(const Contract& row, const Held& held) {
    switch (row.function) {
        case Function::result:
            return held.object == Object::result;
        case Function::problem_detail:
            return held.object == Object::result && held.problem;
        case Function::release:
            return held.object == Object::result || held.object == Object::operation;
        default:
            return held.object == row.object;
    }
}

bool ends(Function function) {
    return function == Function::close || function == Function::session_close ||
           function == Function::patient_close || function == Function::panel_close ||
           function == Function::release;
}

class Run {
public:
    explicit Run(std::uint64_t number) : seed_(number), world_(number) {}
    ~Run() {
        for (const careplug_handle loader : world_.all(Object::loader)) library().close(loader);
        for (const careplug_handle result : world_.all(Object::result)) library().release(result);
    }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    void step(int number) {
        INFO("CAREPLUG_SEED=" << seed_ << ", call " << number);
        const Contract& row = choose();
        const bool opener = forced_;
        call(row, opener || world_.percent(80), opener || world_.percent(75));
    }
    int done = 0;
    int refused = 0;
    std::set<Function> called;

private:
    static constexpr std::size_t most_loaders = 2;

    // What is missing for the functions of panels, half of the time; otherwise any function.
    const Contract& choose() {
        forced_ = world_.percent(50);
        if (world_.count(Object::loader) == 0) return contract(Function::open);
        if (forced_ && world_.count(Object::session) < 2) return contract(Function::session_open);
        if (forced_ && world_.count(Object::patient) == 0) return contract(Function::patient_open);
        if (forced_ && world_.count(Object::panel) == 0) return contract(Function::panel_open);
        forced_ = false;
        for (;;) {
            const Contract& row = functions[static_cast<std::size_t>(world_.below(functions.size()))];
            if (row.thread == Thread::policy) continue;
            if (ends(row.function) && row.function != Function::release && world_.percent(70)) continue;
            return row;
        }
    }

    careplug_handle right_handle(const Contract& row) {
        std::vector<careplug_handle> list;
        for (const Object object : {Object::loader, Object::session, Object::patient, Object::panel,
                                    Object::operation, Object::result})
            for (const careplug_handle handle : world_.all(object))
                if (fits(row, *world_.find(handle))) list.push_back(handle);
        return list.empty() ? 0 : world_.one_of(list);
    }

    void call(const Contract& row, bool right_object, bool legal) {
        if (row.function == Function::open && world_.count(Object::loader) >= most_loaders) legal = false;
        RandomArguments in(row, world_, legal);
        // Of too many loaders none may be opened; a fault that could not be placed would open one.
        if (row.function == Function::open && !in.wrong && world_.count(Object::loader) >= most_loaders)
            return;
        std::set<careplug_status> expected;
        if (in.wrong) expected.insert(CAREPLUG_REFUSED_ARGUMENT);
        careplug_handle object = 0;
        if (row.object != Object::none) {
            object = right_object ? right_handle(row) : 0;
            if (object == 0)
                object = world_.wrong_handle(row.object, [&](const Held& held) { return fits(row, held); });
            in.values.insert(in.values.begin(), object);
            ++in.handle_at;
        }
        const Held* found = world_.find(object);
        const bool known = found && fits(row, *found);
        const Held held = known ? *found : Held{};
        if (row.object != Object::none && !known) expected.insert(CAREPLUG_REFUSED_HANDLE);
        const careplug_handle session = held.object == Object::session ? object : held.session;
        if (known) judge_states(row, held, expected);
        careplug_handle request = 0;
        if (row.function == Function::complete) {
            request = choose_request(session);
            in.values[in.handle_at] = request;
            const Held* asked = world_.find(request);
            if (!asked || asked->object != Object::request || asked->session != session)
                expected.insert(CAREPLUG_REFUSED_HANDLE);
        }
        const std::string misbehaviour = expected.empty() ? prepare_script(row, in) : std::string();
        const careplug_status status = invoke(row.function, in.values);
        INFO(row.name << " answered " << status << ", script " << misbehaviour);
        called.insert(row.function);
        if (!expected.empty()) {
            CHECK(expected.contains(status));
            ++refused;
        } else {
            CHECK(legal_answer(row, misbehaviour, status));
            if (status < CAREPLUG_REFUSED) ++done;
        }
        check_outs(row, in, status);
        keep(row, object, held, session, request, in, status);
        if (misbehaviour == "die" || misbehaviour == "noise" || misbehaviour == "sleep")
            wait_for_next_engine(world_.find(session)->under);
    }

    // Handles stay, but for requests: the former engine asked them for itself.
    void wait_for_next_engine(careplug_handle loader) {
        for (const careplug_handle session : world_.all(Object::session)) {
            if (world_.find(session)->under != loader) continue;
            bool resumed = false;
            while (!resumed) {
                careplug_event event{};
                event.size = sizeof event;
                const auto status = library().next_event(session, &event);
                if (event.body != 0) library().take(event.body);
                resumed = event.kind == CAREPLUG_EVENT_ENGINE && event.status == CAREPLUG_OK;
                if (status == CAREPLUG_OK) continue;
                int64_t handle = -1;
                REQUIRE(library().wait_handle(session, &handle) == CAREPLUG_OK);
                pollfd item{static_cast<int>(handle), POLLIN, 0};
                REQUIRE(::poll(&item, 1, 20000) == 1);
            }
            for (const careplug_handle request : world_.all(Object::request))
                if (world_.find(request)->session == session) world_.end(request);
        }
    }

    void judge_states(const Contract& row, const Held& held, std::set<careplug_status>& expected) {
        const auto judge = [&](State state) {
            if (!careplug::wire::allowed(row.function, state))
                expected.insert(careplug::wire::row(state).refusal);
        };
        if (held.session_closed) judge(State::session_closed);
    }

    careplug_handle choose_request(careplug_handle session) {
        std::vector<careplug_handle> mine;
        for (const careplug_handle request : world_.all(Object::request))
            if (world_.find(request)->session == session) mine.push_back(request);
        if (!mine.empty() && world_.percent(70)) return world_.one_of(mine);
        const auto others = world_.all(Object::request);
        if (!others.empty() && world_.percent(50)) return world_.one_of(others);
        return world_.wrong_handle(Object::request,
                                   [&](const Held& held) { return held.object == Object::request; });
    }

    // What the engine is to do besides answering.
    std::string prepare_script(const Contract& row, RandomArguments& in) {
        if (row.function != Function::panel_update) return {};
        const std::uint64_t chance = world_.below(100);
        if (chance < 30)
            script_ = "event 1 " + std::to_string(++last_request_) + " 0 body";
        else if (chance < 33)
            script_ = "die";
        else if (chance < 36)
            script_ = "noise";
        else if (chance < 38 && slow_left_-- > 0)
            script_ = "sleep 60000";
        else
            return {};
        in.values[1] = reinterpret_cast<std::uintptr_t>(script_.data());
        in.values[2] = script_.size();
        return script_.substr(0, script_.find(' '));
    }

    static bool legal_answer(const Contract& row, const std::string& misbehaviour, careplug_status status) {
        if (misbehaviour == "die" || misbehaviour == "noise") return status == CAREPLUG_FAILED_ENGINE;
        if (misbehaviour == "sleep") return status == CAREPLUG_REFUSED_TIMEOUT;
        if (row.function == Function::panel_validate) return status == CAREPLUG_REFUSED_INVALID;
        // Closed here, whatever became of the engine.
        if (row.function == Function::patient_close || row.function == Function::panel_close)
            if (status == CAREPLUG_FAILED_ENGINE) return true;
        return status >= CAREPLUG_OK && status < CAREPLUG_REFUSED;
    }

    void check_outs(const Contract& row, RandomArguments& in, careplug_status status) {
        const auto has = [&](Parameter wanted) {
            return std::find(row.parameters.begin(), row.parameters.end(), wanted) != row.parameters.end();
        };
        const auto given = [&](const careplug_handle& out) {
            const auto address = reinterpret_cast<std::uintptr_t>(&out);
            return std::find(in.values.begin(), in.values.end(), address) != in.values.end();
        };
        if (has(Parameter::created) && given(in.created))
            CHECK((in.created != 0) == (status < CAREPLUG_REFUSED));
        if (has(Parameter::result) && given(in.result) && status >= CAREPLUG_REFUSED &&
            row.function != Function::panel_validate)
            CHECK(in.result == 0);
        if (!in.asks_problem) return;
        REQUIRE((in.problem != 0) == (status >= CAREPLUG_REFUSED));
        if (in.problem == 0) return;
        const char* data = nullptr;
        std::uint64_t length = 0;
        REQUIRE(library().result(in.problem, &data, &length) == CAREPLUG_OK);
        const std::string sentence(data, length);
        CHECK_FALSE(sentence.empty());
        if (status == CAREPLUG_REFUSED_ARGUMENT || status == CAREPLUG_REFUSED_HANDLE)
            CHECK(sentence.rfind("The host called " + std::string(row.name) + " ", 0) == 0);
        world_.add(in.problem, {Object::result, true});
    }

    void keep(const Contract& row, careplug_handle object, const Held& held, careplug_handle session,
              careplug_handle request, RandomArguments& in, careplug_status status) {
        const bool done_now = status < CAREPLUG_REFUSED;
        if (held.object != Object::none && ends(row.function) &&
            (done_now || status == CAREPLUG_FAILED_ENGINE))
            world_.end(object);
        if (in.result != 7 && in.result != 0) world_.add(in.result, {Object::result});
        if (!done_now) return;
        switch (row.function) {
            case Function::open:
                world_.add(in.created, {Object::loader});
                break;
            case Function::session_open:
                world_.add(in.created, {Object::session, false, object});
                break;
            case Function::patient_open:
                world_.add(in.created, {Object::patient, false, object, object});
                break;
            case Function::panel_open:
                world_.add(in.created, {Object::panel, false, object, session});
                break;
            case Function::panel_submit:
                world_.add(in.created, {Object::operation, false, session, session});
                break;
            case Function::complete:
                world_.end(request);
                break;
            case Function::next_event:
                keep_event(in, session);
                break;
            default:
                break;
        }
    }

    void keep_event(const RandomArguments& in, careplug_handle session) {
        careplug_event event;
        std::memcpy(&event, in.record.data(), sizeof event);
        if (event.body != 0) world_.add(event.body, {Object::result});
        if (event.kind == CAREPLUG_EVENT_REQUEST)
            world_.add(event.subject, {Object::request, false, session, session});
    }

    const std::uint64_t seed_;
    RandomWorld world_;
    bool forced_ = false;
    std::string script_;
    std::uint64_t last_request_ = 1000;
    int slow_left_ = 1;
};

}  // namespace

TEST_CASE("random calls are done or refused as the table says") {
    const std::uint64_t number = seed();
    const int calls = ::getenv("CAREPLUG_LONG") ? 20000 : 2000;
    std::cout << "CAREPLUG_SEED=" << number << '\n';
    Run run(number);
    for (int i = 0; i < calls; ++i) run.step(i);
    std::cout << calls << " calls: " << run.done << " done, " << run.refused << " refused, "
              << run.called.size() << " functions\n";
    // So few would prove nothing.
    CHECK(run.done > calls / 5);
    CHECK(run.refused > calls / 5);
    CHECK(run.called.size() == 34);
}

TEST_CASE("while one call of a session runs, its others are busy and instant functions are not") {
    const std::uint64_t number = seed();
    std::cout << "CAREPLUG_SEED=" << number << '\n';
    RandomWorld world(number);
    for (const Contract& row : functions) {
        const bool of_session =
            row.object == Object::session || row.object == Object::patient || row.object == Object::panel;
        if (row.thread == Thread::policy || !of_session) continue;
        INFO("CAREPLUG_SEED=" << number << ", " << row.name);
        const OpenPanel open;
        RandomArguments in(row, world, true);
        const careplug_handle object = row.object == Object::session   ? open.session
                                       : row.object == Object::patient ? open.patient
                                                                       : open.panel;
        in.values.insert(in.values.begin(), object);
        std::thread slow([&] { script_when_free(open.panel, "sleep 100"); });
        wait_until_busy(open.panel);
        const careplug_status status = invoke(row.function, in.values);
        slow.join();
        CHECK((status == CAREPLUG_REFUSED_BUSY) == (row.thread == Thread::session));
    }
}
