// One session of the scripted engine. The items of panel_update are its script, a command a call:
//   sleep MS            replies late
//   die                 the engine is killed
//   noise               writes bytes that are no frame
//   wrong-sequence, wrong-kind, bad-text, no-result, negative-status, other-patient, no-patient: each breaks
//   the protocol of replies event KIND SUBJECT STATUS BODY, flood COUNT, state OPERATION STATE STATUS
//   REVISION event-noise         garbage on the socket of events unreachable         EVENT_EXCHANGE, and the
//   table says so process             answers with its number
// Other items are echoed as the result. watch answers by the birth date: see row().
#include <careplug/wire/flag_memory.h>
#include <played_engine.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <sstream>
#include <thread>

#include "scripted.h"

using namespace careplug::wire;

namespace {

constexpr std::int64_t minute = 60000;

careplug_word_record word(std::int32_t slot, const char* id, const char* words) {
    careplug_word_record result{};
    result.size = sizeof result;
    result.slot = slot;
    std::memcpy(result.id, id, std::strlen(id));
    std::memcpy(result.words, words, std::strlen(words));
    return result;
}

struct Words {
    std::uint32_t plan, no_plan, dnacpr, transfer, moved;
};

std::optional<FlagRow> row(const careplug_patient_key& patient, const Words& words) {
    FlagRow result;
    result.flags.knowledge = CAREPLUG_KNOWLEDGE_PLAN;
    result.flags.revision = 7;
    result.flags.checked = 1000;
    result.flags.count = 2;
    result.flags.flags[0].word = words.plan;
    result.flags.flags[1].word = words.dnacpr;
    result.deadline = boot_milliseconds() + minute;
    const std::string born(reinterpret_cast<const char*>(patient.birth_date));
    if (born == "1900-01-01") {
        result.flags.knowledge = CAREPLUG_KNOWLEDGE_NO_PLAN;
        result.flags.count = 1;
        result.flags.flags[0].word = words.no_plan;
        result.deadline = boot_milliseconds() - minute;
    }
    if (born == "1900-01-02") result.deadline = boot_milliseconds() - minute;
    if (born == "1900-01-03") return std::nullopt;
    if (born == "1900-01-04") result.flags.knowledge = 77;
    if (born == "1900-01-05") {
        result.flags.count = 4;
        const std::uint32_t shown[] = {words.transfer, words.plan, words.dnacpr, 77};
        for (std::size_t i = 0; i < 4; ++i) result.flags.flags[i].word = shown[i];
        result.flags.flags[2].state = 1U << 30;
    }
    if (born == "1900-01-06") {
        result.flags.knowledge = CAREPLUG_KNOWLEDGE_REMOVED + 1;
        result.flags.flags[0].word = words.moved;
    }
    if (born == "1900-01-07") {
        result.flags = {};
        result.flags.reason = CAREPLUG_REASON_STALE + 1;
    }
    return result;
}

class Session {
public:
    Session(Stream calls, Stream events, const scripted::Role& role)
        : calls_(std::move(calls)), events_(std::move(events)), later_(role.later), owners_(role.owners) {
        if (role.resumed.empty()) return;
        std::sscanf(role.resumed.c_str(), "made %" SCNu64, &last_id_);
        event(CAREPLUG_EVENT_ENGINE, 0, CAREPLUG_OK, role.resumed);
    }
    ~Session() {
        events_.shut_down();
        ended_ = true;
        beat_.join();
        if (flood_.joinable()) flood_.join();
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    void run() {
        if (later_) event(CAREPLUG_EVENT_REQUEST, 1, 0, R"({"request": "identity"})");
        const careplug::played::Answers answers{
            [&](const Signature& signature, const DecodedCall& call, careplug::played::Outgoing& out) {
                // As the engine does: what a next one needs travels with the reply.
                out.reply.resume = "made " + std::to_string(out.last_id);
                act(signature.call, call, out);
            },
            [&](const Table& told, int descriptor) {
                const std::lock_guard lock(table_lock_);
                table_.reset();
                table_ = std::make_unique<FlagMemory>(told, descriptor);
                write_rows();
            }};
        if (!careplug::played::serve_calls(calls_, answers, last_id_, owners_)) scripted::die();
    }

private:
    template <class Payload>
    void tell(Frame kind, const Payload& payload) {
        events_.send(kind_of(kind), 0, encode(payload));
    }

    void event(std::int32_t kind, std::uint64_t subject, std::int32_t status, std::string body) {
        Event sent;
        sent.kind = kind;
        sent.subject = subject;
        sent.status = status;
        sent.body = std::move(body);
        sent.generation = 5;
        tell(Frame::event, sent);
    }

    void act(Call call, const DecodedCall& decoded, careplug::played::Outgoing& out) {
        Reply& reply = out.reply;
        if (call == Call::watch) watch(std::get<Patients>(decoded.arguments[0]));
        if (call == Call::complete)
            reply.detail = std::to_string(std::get<std::uint64_t>(decoded.arguments[0]));
        if (later_) act_later(call, reply);
        if (call == Call::patient_open) {
            const auto& name = std::get<std::string>(decoded.arguments[1]);
            if (name == "other") reply.status = CAREPLUG_OK_DIFFERENT_NAME;
            if (name == "refuse") {
                reply.status = CAREPLUG_REFUSED_IDENTITY;
                reply.created = 0;
                reply.problem = "The birth date differs.";
                reply.detail = "birth date";
            }
        }
        // Not allowed here: the loader closes all the same.
        if (call == Call::patient_close) {
            reply.status = CAREPLUG_REFUSED_STAY;
            closed_ += ' ' + std::to_string(decoded.object);
        }
        if (call == Call::session_state) reply.result = "closed" + closed_;
        if (call == Call::panel_validate) {
            reply.status = CAREPLUG_REFUSED_INVALID;
            reply.problem = "Two answers are missing.";
        }
        if (call == Call::session_state) reply.result = "closed" + closed_;
        if (call == Call::panel_update) script(std::get<std::string>(decoded.arguments[0]), out);
    }

    void act_later(Call call, Reply& reply) {
        if (call == Call::complete) {
            event(CAREPLUG_EVENT_ENGINE + 1, 0, 0, "Plans move tonight.");
            event(CAREPLUG_EVENT_SESSION, 0, 0, {});
        }
        if (call == Call::actions) {
            reply.status = CAREPLUG_REFUSED_VERSION + 1;
            reply.result.reset();
            reply.problem = "Enough for today.";
        }
        if (call == Call::panel_submit) {
            OperationState state;
            state.operation = reply.created;
            state.record.state = CAREPLUG_OPERATION_DONE + 1;
            tell(Frame::operation, state);
        }
    }

    void watch(const Patients& patients) {
        const std::lock_guard lock(table_lock_);
        watched_ = patients;
        write_rows();
        event(CAREPLUG_EVENT_FLAGS, 0, 0, {});
    }

    void write_rows() {
        FlagTableWriter& table = table_->table();
        table.beat(boot_milliseconds());
        table.not_known_word(table.word(word(CAREPLUG_SLOT_KNOWLEDGE, "not-known", "Plan not known")));
        const Words words{table.word(word(CAREPLUG_SLOT_KNOWLEDGE, "plan", "Care plan")),
                          table.word(word(CAREPLUG_SLOT_KNOWLEDGE, "no-plan", "No plan found")),
                          table.word(word(CAREPLUG_SLOT_CPR, "dnacpr", "DNACPR")),
                          table.word(word(CAREPLUG_SLOT_STATUS + 4, "transfer", "Transfer wishes")),
                          table.word(word(CAREPLUG_SLOT_KNOWLEDGE, "moved", "Plan moved"))};
        table.keep_only(watched_);
        for (const auto& patient : watched_)
            if (const auto made = row(patient, words)) table.put(patient, *made);
    }

    void beat() {
        while (!ended_) {
            {
                const std::lock_guard lock(table_lock_);
                if (table_) table_->table().beat(boot_milliseconds());
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
    }

    void script(const std::string& items, careplug::played::Outgoing& out) {
        Reply& reply = out.reply;
        std::istringstream in(items);
        std::string command;
        in >> command;
        reply.result = items;
        if (command == "sleep") {
            int milliseconds = 0;
            in >> milliseconds;
            std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
        }
        if (command == "die") scripted::die();
        if (command == "noise") noise(calls_);
        if (command == "event-noise") noise(events_);
        if (command == "wrong-sequence") out.sequence += 1000;
        if (command == "wrong-kind") out.kind = kind_of(Frame::event);
        if (command == "bad-text") reply.result = std::string("\xC3\x28");
        if (command == "no-result") reply.result.reset();
        if (command == "other-patient") reply.patient += 1000;
        if (command == "no-patient") reply.patient = 0;
        if (command == "negative-status") reply.status = -5;
        if (command == "unreachable") {
            const std::lock_guard lock(table_lock_);
            table_->table().unreachable(true);
            event(CAREPLUG_EVENT_EXCHANGE, 0, CAREPLUG_REFUSED_UNREACHABLE, {});
        }
        if (command == "process") reply.result = std::to_string(::getpid());
        if (command == "event") {
            std::int32_t kind = 0;
            std::uint64_t subject = 0;
            std::int32_t status = 0;
            std::string body;
            in >> kind >> subject >> status >> body;
            event(kind, subject, status, body);
        }
        if (command == "flood") {
            int count = 0;
            in >> count;
            // The socket holds only so many: the thread that replies must not wait for the host to pull.
            flood_ = std::thread([this, count] {
                for (int i = 0; i < count; ++i) event(99, 0, i, {});
            });
        }
        if (command == "state") {
            OperationState state;
            in >> state.operation >> state.record.state >> state.record.status >> state.record.revision;
            tell(Frame::operation, state);
        }
    }

    static void noise(Stream& stream) {
        const Bytes bytes(4096, 0xF7);
        const auto written = ::send(stream.descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        static_cast<void>(written);
    }

    Stream calls_;
    Stream events_;
    const bool later_;
    const careplug::played::Owners owners_;
    std::uint64_t last_id_ = 0;  // of the former engine
    std::string closed_;
    std::thread flood_;
    std::mutex table_lock_;
    std::unique_ptr<FlagMemory> table_;
    Patients watched_;
    std::atomic<bool> ended_ = false;
    std::thread beat_{[this] { beat(); }};
};

}  // namespace

void scripted::serve(Stream calls, Stream events, const Role& role) {
    Session(std::move(calls), std::move(events), role).run();
}
