#include "serve.h"

#include <cstring>
#include <string>

#include "policy_library.h"

namespace careplug::jail {
namespace {

using wire::PolicyAnswer;
using wire::PolicyCall;
using wire::PolicyQuestion;

using DocumentFunction = decltype(careplug_policy::actions);

DocumentFunction document_function(const careplug_policy& table, PolicyCall call) {
    switch (call) {
        case PolicyCall::actions:
            return table.actions;
        case PolicyCall::panel:
            return table.panel;
        case PolicyCall::check:
            return table.check;
        case PolicyCall::summary:
            return table.summary;
        case PolicyCall::write_back:
            return table.write_back;
        case PolicyCall::open:
        case PolicyCall::close:
        case PolicyCall::flags:
            break;
    }
    return nullptr;
}

wire::Bytes opened(const careplug_policy& table, const PolicyQuestion& question) {
    std::uint64_t policy = 0;
    PolicyAnswer answer;
    answer.status = table.open(reinterpret_cast<const char*>(question.document.data()),
                               question.document.size(), &policy);
    wire::Writer handle;
    handle.u64(policy);
    const wire::Bytes bytes = handle.take();
    answer.document = bytes;
    return encode(answer);
}

wire::Bytes ordered(const careplug_policy& table, const PolicyQuestion& question) {
    std::vector<careplug_policy_flag> flags(question.document.size() / sizeof(careplug_policy_flag));
    const std::size_t bytes = flags.size() * sizeof(careplug_policy_flag);
    if (bytes > 0) std::memcpy(flags.data(), question.document.data(), bytes);
    PolicyAnswer answer;
    answer.status =
        table.flags(question.policy, flags.data(), sizeof(careplug_policy_flag), flags.size(), question.now);
    answer.document = {reinterpret_cast<const std::uint8_t*>(flags.data()), bytes};
    return encode(answer);
}

wire::Bytes asked(DocumentFunction function, const PolicyQuestion& question) {
    std::string out;
    PolicyAnswer answer;
    const bool fits =
        text_answer(out, answer.status, [&](char* room, std::uint64_t capacity, std::uint64_t* length) {
            return function(question.policy, reinterpret_cast<const char*>(question.document.data()),
                            question.document.size(), question.now, room, capacity, length);
        });
    if (fits)
        answer.document = wire::view_of(out);
    else
        answer.kind = PolicyAnswer::Kind::too_long;
    return encode(answer);
}

}  // namespace

void serve(wire::Stream& engine, const careplug_policy& table) {
    wire::Message message;
    while (engine.receive(message) == wire::Outcome::done) {
        const auto question = wire::decode_policy_question(message.payload);
        if (!question) return;
        const auto call = static_cast<PolicyCall>(message.kind);
        if (call == PolicyCall::close) {
            table.close(question->policy);
            continue;
        }
        const DocumentFunction function = document_function(table, call);
        if (!function && call != PolicyCall::open && call != PolicyCall::flags) return;
        const wire::Bytes answer = call == PolicyCall::open    ? opened(table, *question)
                                   : call == PolicyCall::flags ? ordered(table, *question)
                                                               : asked(function, *question);
        if (engine.send(wire::kind_of(wire::PolicyFrame::answer), message.sequence, answer) !=
            wire::Outcome::done)
            return;
    }
}

}  // namespace careplug::jail
