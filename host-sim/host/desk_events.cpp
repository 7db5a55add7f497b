// The thread of a desk: pulls events, answers requests, tells the pages.
#include <poll.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include <record_bundle.h>
#include "desk.h"

namespace careplug::sim {
namespace {

using nlohmann::json;

constexpr int assertion_seconds = 300;
// A flag ages by itself, without an event: it is read again this often.
constexpr int ageing_ms = 1000;

}  // namespace

void Desk::pull_events() {
    std::int64_t descriptor = -1;
    careplug_wait_handle(session_.get(), &descriptor);
    auto read_flags_at = std::chrono::steady_clock::now();
    while (!ending_) {
        pollfd waiting{static_cast<int>(descriptor), POLLIN, 0};
        const int ready = ::poll(&waiting, descriptor >= 0 ? 1 : 0, 200);
        try {
            bool any = false;
            while (const auto event = next_event(session_)) {
                any = true;
                handle(*event);
            }
            const auto now = std::chrono::steady_clock::now();
            if (now >= read_flags_at) {
                publish_if_flags_changed();
                read_flags_at = now + std::chrono::milliseconds(ageing_ms);
            }
            // Readable without an event: the loader is starting another engine.
            if (ready > 0 && !any) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        } catch (const std::exception& error) {
            feed_.publish("problem", {{"sentence", error.what()}});
        }
    }
}

namespace {

// A sentence when the engine stopped, a document when the next one took over.
std::string engine_sentence(const Event& event) {
    if (event.record.status != CAREPLUG_OK) return event.body;
    const json document = json::parse(event.body, nullptr, false);
    return document.is_object() ? document.value("sentence", "") : "";
}

}  // namespace

void Desk::handle(const Event& event) {
    switch (event.record.kind) {
        case CAREPLUG_EVENT_REQUEST:
            answer(event);
            break;
        case CAREPLUG_EVENT_SESSION: {
            {
                const std::lock_guard lock(sign_in_);
                signed_in_ = event.record.status < CAREPLUG_REFUSED;
            }
            sign_in_changed_.notify_all();
            feed_.publish("session",
                          {{"signed_in", event.record.status < CAREPLUG_REFUSED}, {"sentence", event.body}});
            break;
        }
        case CAREPLUG_EVENT_FLAGS:
            // Also where the flags are the same: what session-state or actions offer may be another.
            shown_ = read_flags(session_, roster_.keys());
            feed_.publish("flags", json::object());
            break;
        case CAREPLUG_EVENT_PANEL: {
            const std::lock_guard lock(calls_);
            for (const auto& [id, panel] : panels_)
                if (panel.handle.get() == event.record.subject)
                    feed_.publish("panel", {{"panel", id}, {"patient", panel.patient}});
            break;
        }
        case CAREPLUG_EVENT_OPERATION:
            publish_operation(event);
            break;
        case CAREPLUG_EVENT_EXCHANGE:
            feed_.publish("exchange",
                          {{"reachable", event.record.status == CAREPLUG_OK}, {"time", event.record.time}});
            break;
        case CAREPLUG_EVENT_ENGINE:
            stopped_ = event.record.status != CAREPLUG_OK;
            feed_.publish("engine", {{"stopped", stopped_.load()}, {"sentence", engine_sentence(event)}});
            break;
        default:
            break;
    }
}

void Desk::answer(const Event& event) {
    const json request = json::parse(event.body, nullptr, false);
    const std::string kind = request.is_object() ? request.value("request", "") : "";
    try {
        if (kind == "identity") {
            complete(event.record.subject, CAREPLUG_OK,
                     sign_assertion(context_.key, user_, request.value("audience", "careplug-exchange"),
                                    assertion_seconds));
            return;
        }
        if (kind == "record") {
            const json& patient = request.at("patient");
            const Person* person = roster_.find(patient.at("nhs_number").get<std::string>(),
                                                patient.at("birth_date").get<std::string>());
            if (person != nullptr) {
                complete(event.record.subject, CAREPLUG_OK,
                         context_.codes->with_entries(record_bundle(*person), person->nhs_number));
                return;
            }
        }
        // Of these hosts, the GP's keeps coded entries.
        if (kind == "file" && context_.profile.kind == "gp") {
            const json answer = context_.codes->file(request);
            complete(event.record.subject, CAREPLUG_OK, answer.dump());
            feed_.publish("record", {{"filed", answer.at("entries").size()}});
            return;
        }
    } catch (const json::exception&) {
        complete(event.record.subject, CAREPLUG_REFUSED_ARGUMENT, "This host cannot read the request.");
        return;
    }
    complete(event.record.subject, CAREPLUG_REFUSED, "This host has nothing to answer this request with.");
}

void Desk::complete(careplug_handle request, careplug_status status, const std::string& body) {
    const std::lock_guard lock(calls_);
    careplug_handle problem = 0;
    check(careplug_complete(session_.get(), request, status, body.data(), body.size(), &problem), problem);
}

void Desk::publish_operation(const Event& event) {
    json out = json::parse(event.body, nullptr, false);
    if (!out.is_object()) out = json::object();
    {
        const std::lock_guard lock(calls_);
        const auto found = sent_.find(event.record.subject);
        if (found == sent_.end()) return;
        out["panel"] = found->second.panel;
        out["patient"] = found->second.patient;
        sent_.erase(found);
    }
    out["operation"] = std::to_string(event.record.subject);
    out["status"] = event.record.status;
    out["ok"] = event.record.status < CAREPLUG_REFUSED;
    out["conflict"] = event.record.status == CAREPLUG_REFUSED_CONFLICT;
    feed_.publish("operation", out);
}

void Desk::publish_if_flags_changed() {
    auto now = read_flags(session_, roster_.keys());
    const bool same = now.size() == shown_.size() &&
                      (now.empty() || std::memcmp(now.data(), shown_.data(),
                                                  now.size() * sizeof(careplug_flags_record)) == 0);
    if (same) return;
    shown_ = std::move(now);
    feed_.publish("flags", json::object());
}

}  // namespace careplug::sim
