#include "session/session.h"

#include <unistd.h>

#include <new>
#include <nlohmann/json.hpp>

#include "editing/form_text.h"
#include "system/no_memory.h"
#include "system/times.h"

namespace careplug::engine {

Session::Session(Hub& hub, std::shared_ptr<Plugin> plugin, wire::Stream calls, wire::Stream events,
                 std::string site)
    : hub_(hub),
      plugin_(std::move(plugin)),
      site_(std::move(site)),
      calls_(std::move(calls)),
      events_(std::move(events)) {}

Session::~Session() {
    stop();
}

void Session::start(const wire::SessionResume* resumed) {
    {
        const std::lock_guard lock(mutex_);
        if (resumed) begin_resuming(*resumed);
        ask_identity();
    }
    thread_ = std::thread([this] {
        serve();
        let_go_of_table();
        ended_ = true;
        hub_.poll_soon();
    });
}

void Session::stop() {
    calls_.shut_down();
    if (thread_.joinable()) thread_.join();
}

void Session::serve() {
    wire::Message message;
    while (calls_.receive(message) == wire::Outcome::done) {
        ++hub_.calls();
        const wire::Reply reply = dispatch(message);
        for (const int descriptor : std::exchange(message.descriptors, {})) ::close(descriptor);
        if (calls_.send(wire::kind_of(wire::Frame::reply), message.sequence, wire::encode(reply)) !=
            wire::Outcome::done)
            return;
        if (message.kind == wire::kind_of(wire::Call::session_close)) return;
    }
}

wire::Reply Session::dispatch(const wire::Message& message) {
    wire::Reply failed;
    try {
        if (message.kind == wire::kind_of(wire::Frame::table)) {
            const std::lock_guard lock(mutex_);
            return take_table(message);
        }
        const wire::Signature* found = wire::find_signature(message.kind);
        if (!found)
            throw Problem(CAREPLUG_REFUSED_VERSION,
                          "This engine does not know the call: install loader and engine of one release.");
        auto decoded = wire::decode(found->call, message.payload);
        if (!decoded)
            throw Problem(CAREPLUG_REFUSED_ARGUMENT,
                          "An argument cannot be read: texts must be UTF-8 without NUL.");
        const std::lock_guard lock(mutex_);
        answered_patient_ = 0;
        wire::Reply reply = answer(found->call, std::move(*decoded));
        reply.patient = answered_patient_;
        reply.resume = resume_state();
        return reply;
    } catch (const Problem& problem) {
        failed.status = problem.status;
        failed.problem = problem.sentence;
        failed.detail = problem.detail;
    } catch (const StoreFailure& problem) {
        failed.status = CAREPLUG_REFUSED_STORAGE;
        failed.problem = problem.what();
    } catch (const SealBroken& problem) {
        failed.status = CAREPLUG_REFUSED_STORAGE;
        failed.problem =
            "What this computer kept cannot be opened: its key file was changed or its store was damaged. "
            "Tell the administrator.";
        failed.detail = problem.what();
    } catch (const PluginFailure& problem) {
        failed.status = CAREPLUG_FAILED_PLUGIN;
        failed.problem =
            "The part of the care plan service that fits it to this system does not answer; nothing was "
            "changed. "
            "Try again in a moment, or tell the administrator.";
        failed.detail = problem.what();
    } catch (const std::bad_alloc&) {
        hub_.make_way(no_memory);
    } catch (const std::exception& problem) {
        failed.status = CAREPLUG_REFUSED;
        failed.problem =
            "The plan service could not do this; nothing was changed. Try again, or tell the administrator.";
        failed.detail = typeid(problem).name();
        hub_.log().say("call " + std::to_string(message.kind) + " failed: " + typeid(problem).name());
    }
    return failed;
}

wire::Reply Session::answer(wire::Call call, wire::DecodedCall decoded) {
    using wire::Call;
    const std::uint64_t object = decoded.object;
    auto& in = decoded.arguments;
    const auto text = [&](std::size_t at) -> const std::string& { return std::get<std::string>(in.at(at)); };
    const auto integer = [&](std::size_t at) { return std::get<std::int64_t>(in.at(at)); };
    const auto key = [&](std::size_t at) -> const careplug_patient_key& {
        return std::get<careplug_patient_key>(in.at(at));
    };
    const auto result = [](const nlohmann::json& document) {
        wire::Reply reply;
        reply.result = document.dump();
        return reply;
    };
    switch (call) {
        case Call::none:
        case Call::session_open:
            break;
        case Call::session_close:
            return {};
        case Call::session_state:
            return state();
        case Call::complete:
            return complete(std::get<std::uint64_t>(in.at(0)), integer(1), text(2));
        case Call::watch:
            return watch(std::get<wire::Patients>(in.at(0)));
        case Call::flag_details:
            return flag_details(key(0));
        case Call::receipt:
            return receipt(key(0), integer(1), text(2));
        case Call::patient_open:
            return patient_open(key(0), text(1), integer(2), text(3));
        case Call::patient_may_close:
            return patient_may_close(object);
        case Call::patient_close:
            return patient_close(object);
        case Call::actions:
            return actions(object);
        case Call::panel_open:
            return panel_open(object, text(0));
        case Call::panel_view: {
            require_signed_in();
            wire::Reply reply;
            reply.result = drawn_again(panel(object));
            return reply;
        }
        case Call::panel_form: {
            wire::Reply reply;
            reply.result = panel(object).data_set->questionnaire;
            return reply;
        }
        case Call::panel_response: {
            require_signed_in();
            const Panel& one = panel(object);
            require_may_show(one);
            return result({{"resourceType", "QuestionnaireResponse"},
                           {"questionnaire", one.data_set->canonical()},
                           {"status", one.mode == Panel::Mode::read ? "completed" : "in-progress"},
                           {"item", plan::fhir::write_items(*one.data_set, shown_answers(one))}});
        }
        case Call::panel_summary:
            return panel_summary(panel(object));
        case Call::panel_update:
            return panel_update(panel(object), text(0));
        case Call::panel_validate:
            return panel_validate(panel(object), integer(0));
        case Call::panel_submit:
            return panel_submit(panel(object), integer(0));
        case Call::panel_resolve:
            return panel_resolve(panel(object), text(0), integer(1));
        case Call::panel_reveal:
            return panel_reveal(panel(object), text(0));
        case Call::panel_discard:
            return panel_discard(panel(object));
        case Call::panel_close: {
            if (!stop_resuming(object)) panels_.erase(panel(object).id);
            return {};
        }
        case Call::operation_cancel:
            throw Problem(
                CAREPLUG_REFUSED_TOO_LATE,
                "The change is already safe on this computer and will be sent; it cannot be cancelled.");
    }
    throw Problem(CAREPLUG_REFUSED_ARGUMENT, "This call does not belong to a session.");
}

void Session::event(std::int32_t kind, careplug_status status, std::uint64_t subject, const std::string& body,
                    std::uint64_t generation) {
    wire::Event out;
    out.kind = kind;
    out.status = status;
    out.subject = subject;
    out.body = body;
    out.generation = generation;
    out.time = now_ms();
    events_.push(wire::Frame::event, wire::encode(out));
}

}  // namespace careplug::engine
