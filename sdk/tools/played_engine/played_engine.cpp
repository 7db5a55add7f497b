#include "played_engine.h"

#include <unistd.h>

namespace careplug::played {

using namespace wire;

namespace {

bool open_session(const Part& part, Stream& control, Message& message) {
    const auto former = message.kind == kind_of(Frame::session_resume)
                            ? decode_session_resume(message.payload)
                            : std::nullopt;
    const auto call = former ? std::nullopt : decode<Call::session_open>(message.payload);
    if ((!call && !former) || message.descriptors.size() != 2) return false;
    const std::string kind = former ? former->host_kind : std::get<0>(call->arguments);
    Stream calls(message.descriptors[0], Stream::Takes::descriptors);
    Stream events(message.descriptors[1]);
    const Reply reply = part.open_session(kind, former ? &*former : nullptr, calls, events);
    return control.send(kind_of(Frame::reply), message.sequence, encode(reply)) == Outcome::done;
}

}  // namespace

int serve_control(const Part& part) {
    Stream control(control_descriptor, Stream::Takes::descriptors);
    Message message;
    if (control.receive(message) != Outcome::done) return 1;
    const auto hello = decode_hello(message.payload);
    if (!hello) return 2;
    const HelloAnswer answer = part.greet(*hello, control);
    control.send(kind_of(Frame::hello_answer), message.sequence, encode(answer));
    if (answer.status >= CAREPLUG_REFUSED) return 0;
    while (control.receive(message) == Outcome::done)
        if (!open_session(part, control, message)) return 3;
    return 0;
}

bool serve_calls(Stream& calls, const Answers& answers, std::uint64_t last_id, Owners owners) {
    Message message;
    while (calls.receive(message) == Outcome::done) {
        Outgoing out;
        out.sequence = message.sequence;
        const Signature* const signature = find_signature(message.kind);
        if (message.kind == kind_of(Frame::table)) {
            const auto told = decode_table(message.payload);
            if (!told || message.descriptors.size() != 1) return false;
            answers.table(*told, message.descriptors[0]);
            ::close(message.descriptors[0]);
        } else {
            const auto call = signature ? decode(signature->call, message.payload) : std::nullopt;
            if (!call) return false;
            if (has(*signature, Parameter::result)) out.reply.result = std::string(signature->name);
            if (has(*signature, Parameter::created)) out.reply.created = ++last_id;
            if (signature->call == Call::patient_open) owners[last_id] = last_id;
            if (signature->call == Call::panel_open) owners[last_id] = call->object;
            const auto owner = owners.find(signature->call == Call::patient_open ? last_id : call->object);
            out.reply.patient = owner == owners.end() ? 0 : owner->second;
            out.last_id = last_id;
            answers.call(*signature, *call, out);
        }
        calls.send(out.kind, out.sequence, encode(out.reply));
        if (signature && signature->call == Call::session_close) break;
    }
    return true;
}

}  // namespace careplug::played
