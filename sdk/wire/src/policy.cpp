#include <careplug/wire/policy.h>

namespace careplug::wire {

Bytes encode(const PolicyQuestion& question) {
    Writer out;
    out.u64(question.policy);
    out.i64(question.now);
    out.raw(question.document);
    return out.take();
}

std::optional<PolicyQuestion> decode_policy_question(View payload) {
    Reader in(payload);
    PolicyQuestion question;
    question.policy = in.u64();
    question.now = in.i64();
    question.document = in.raw(in.remaining());
    if (!in.finished()) return std::nullopt;
    return question;
}

Bytes encode(const PolicyAnswer& answer) {
    Writer out;
    out.u8(static_cast<std::uint8_t>(answer.kind));
    out.i32(answer.status);
    out.raw(answer.document);
    return out.take();
}

std::optional<PolicyAnswer> decode_policy_answer(View payload) {
    Reader in(payload);
    PolicyAnswer answer;
    const std::uint8_t kind = in.u8();
    if (kind > static_cast<std::uint8_t>(PolicyAnswer::Kind::too_long)) return std::nullopt;
    answer.kind = static_cast<PolicyAnswer::Kind>(kind);
    answer.status = in.i32();
    answer.document = in.raw(in.remaining());
    if (!in.finished() || answer.document.size() > max_policy_answer_bytes) return std::nullopt;
    return answer;
}

Bytes encode(const Unfit& unfit) {
    Writer out;
    out.u32(static_cast<std::uint32_t>(unfit.fault));
    out.text(unfit.sentence);
    return out.take();
}

std::optional<Unfit> decode_unfit(View payload) {
    Reader in(payload);
    Unfit unfit;
    const std::uint32_t fault = in.u32();
    if (fault < static_cast<std::uint32_t>(LoadFault::no_library) ||
        fault > static_cast<std::uint32_t>(LoadFault::no_sandbox))
        return std::nullopt;
    unfit.fault = static_cast<LoadFault>(fault);
    unfit.sentence = in.text();
    if (!in.finished()) return std::nullopt;
    return unfit;
}

}  // namespace careplug::wire
