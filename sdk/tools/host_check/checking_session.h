// One session of the checking engine: what each call is answered with, by the scenario.
#pragma once

#include <careplug/wire/flag_memory.h>

#include <atomic>
#include <map>
#include <memory>
#include <set>

#include "event_post.h"
#include "played_engine.h"
#include "played_plan.h"
#include "timeline.h"

namespace careplug::tools {

class CheckingSession {
public:
    CheckingSession(Play play, TimelineWriter& timeline, wire::Stream events);
    ~CheckingSession();
    CheckingSession(const CheckingSession&) = delete;
    CheckingSession& operator=(const CheckingSession&) = delete;
    // On the thread that serves the calls, which also ends the session.
    void take_table(const wire::Table& told, int descriptor);
    // Fills the reply, and writes both into the timeline.
    void answer(const wire::Signature& signature, const wire::DecodedCall& call, played::Outgoing& out);

private:
    struct Panel {
        std::uint64_t patient = 0;
        Shown shown;
        bool draft = false;
    };

    void act(wire::Call call, const wire::DecodedCall& decoded, wire::Reply& reply);
    void watch(const wire::Patients& patients);
    void complete(std::uint64_t request, std::int64_t status, wire::Reply& reply);
    void open_patient(const wire::DecodedCall& call, wire::Reply& reply);
    void leave(std::uint64_t patient, wire::Reply& reply);
    void open_panel(const wire::DecodedCall& call, wire::Reply& reply);
    void with_panel(wire::Call call, const wire::DecodedCall& decoded, Panel& panel, wire::Reply& reply);
    void submit(std::uint64_t id, Panel& panel, wire::Reply& reply);

    void ask(const std::string& what, const std::string& nhs_number = {}, const std::string& birth_date = {});
    void event(std::int32_t kind, std::uint64_t subject = 0, careplug_status status = CAREPLUG_OK,
               const std::string& body = {});
    void send_flags();
    void write_rows(std::uint32_t revision);
    void beat();

    const Play play_;
    TimelineWriter& timeline_;
    std::mutex table_lock_;
    std::unique_ptr<wire::FlagMemory> table_;
    // What a call leads to is noted after the call itself.
    std::mutex answering_;
    EventPost post_;
    std::jthread beat_;
    std::atomic<bool> plan_is_here_ = true;
    std::atomic<bool> signed_in_ = false;
    std::uint64_t generation_ = 0;
    std::uint64_t last_request_ = 0;
    std::uint32_t revision_ = known_revision;
    bool queued_ = false;
    bool conflicted_ = false;
    wire::Patients watched_;
    std::map<std::uint64_t, careplug_patient_key> patients_;
    std::map<std::uint64_t, Panel> panels_;
    std::map<std::uint64_t, std::pair<std::string, std::string>> requests_;  // what, NHS number
};

}  // namespace careplug::tools
