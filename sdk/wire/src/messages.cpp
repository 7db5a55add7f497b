#include <careplug/wire/flag_table.h>
#include <careplug/wire/messages.h>
#include <careplug/wire/protocol.h>
#include <careplug/wire/records.h>

namespace careplug::wire {
namespace {

std::string read_text(Reader& in) {
    const std::string_view text = in.text();
    if (!valid_text(text)) in.fail();
    return std::string(text);
}

// What follows is of a later release.
template <class Message>
std::optional<Message> so_far(const Reader& in, Message&& message) {
    if (!in.ok()) return std::nullopt;
    return std::forward<Message>(message);
}

template <class Message>
std::optional<Message> complete(const Reader& in, Message&& message) {
    if (!in.finished()) return std::nullopt;
    return std::forward<Message>(message);
}

}  // namespace

Bytes encode(const Hello& message) {
    Writer out;
    out.i32(message.version.major);
    out.i32(message.version.minor);
    out.i32(message.version.candidate);
    out.text(message.host_name);
    out.text(message.settings);
    out.u8(message.safe_mode ? 1 : 0);
    out.u32(message.restarts);
    out.u32(message.upgrades);
    out.u8(message.upgrade ? 1 : 0);
    out.u32(static_cast<std::uint32_t>(message.kinds.size()));
    for (const std::string& kind : message.kinds) out.text(kind);
    return out.take();
}

std::optional<Hello> decode_hello(View payload) {
    Reader in(payload);
    Hello message;
    message.version.major = in.i32();
    message.version.minor = in.i32();
    message.version.candidate = in.i32();
    message.host_name = read_text(in);
    message.settings = read_text(in);
    message.safe_mode = in.u8() != 0;
    message.restarts = in.u32();
    message.upgrades = in.u32();
    message.upgrade = in.u8() != 0;
    const std::uint32_t kinds = in.u32();
    for (std::uint32_t i = 0; i < kinds && in.ok(); ++i) message.kinds.push_back(read_text(in));
    return so_far(in, std::move(message));
}

Bytes encode(const HelloAnswer& message) {
    Writer out;
    out.i32(message.status);
    out.text(message.sentence);
    out.text(message.detail);
    return out.take();
}

std::optional<HelloAnswer> decode_hello_answer(View payload) {
    Reader in(payload);
    HelloAnswer message;
    message.status = in.i32();
    message.sentence = read_text(in);
    message.detail = read_text(in);
    return so_far(in, std::move(message));
}

Bytes encode(const Reply& message) {
    Writer out;
    constexpr std::size_t all_numbers = 64;
    out.reserve(all_numbers + (message.result ? message.result->size() : 0) + message.problem.size() +
                message.detail.size() + message.resume.size());
    out.i32(message.status);
    out.u64(message.created);
    out.u8(message.result ? 1 : 0);
    out.text(message.result ? std::string_view(*message.result) : std::string_view());
    out.text(message.problem);
    out.text(message.detail);
    out.text(message.resume);
    out.u64(message.patient);
    return out.take();
}

std::optional<Reply> decode_reply(View payload) {
    Reader in(payload);
    Reply message;
    message.status = in.i32();
    message.created = in.u64();
    const bool with_result = in.u8() != 0;
    std::string result = read_text(in);
    if (with_result) message.result = std::move(result);
    message.problem = read_text(in);
    message.detail = read_text(in);
    message.resume = std::string(in.text());  // sealed bytes
    message.patient = in.u64();
    return complete(in, std::move(message));
}

Bytes encode(const SessionResume& message) {
    Writer out;
    out.text(message.host_kind);
    out.text(message.workstation);
    out.text(message.resume);
    out.u32(static_cast<std::uint32_t>(message.open.size()));
    for (const auto& one : message.open) {
        out.u64(one.id);
        out.u64(one.patient);
    }
    out.u32(static_cast<std::uint32_t>(message.watched.size()));
    for (const auto& patient : message.watched) write(out, patient);
    return out.take();
}

std::optional<SessionResume> decode_session_resume(View payload) {
    Reader in(payload);
    SessionResume message;
    message.host_kind = read_text(in);
    message.workstation = read_text(in);
    message.resume = std::string(in.text());
    const std::uint32_t count = in.u32();
    for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
        const std::uint64_t id = in.u64();
        message.open.push_back({id, in.u64()});
    }
    const std::uint32_t watched = in.u32();
    if (watched > max_patients) in.fail();
    for (std::uint32_t i = 0; i < watched && in.ok(); ++i) read(in, message.watched.emplace_back());
    return complete(in, std::move(message));
}

Bytes encode(const Event& message) {
    Writer out;
    out.i32(message.kind);
    out.i32(message.status);
    out.u64(message.subject);
    out.text(message.body);
    out.u64(message.generation);
    out.i64(message.time);
    return out.take();
}

std::optional<Event> decode_event(View payload) {
    Reader in(payload);
    Event message;
    message.kind = in.i32();
    message.status = in.i32();
    message.subject = in.u64();
    message.body = read_text(in);
    message.generation = in.u64();
    message.time = in.i64();
    return complete(in, std::move(message));
}

Bytes encode(const Table& message) {
    Writer out;
    out.u32(message.generation);
    out.u32(message.rows);
    for (const std::uint64_t word : message.key) out.u64(word);
    return out.take();
}

std::optional<Table> decode_table(View payload) {
    Reader in(payload);
    Table message;
    message.generation = in.u32();
    message.rows = in.u32();
    for (std::uint64_t& word : message.key) word = in.u64();
    if (message.generation > most_generation || !valid_rows(message.rows)) in.fail();
    return complete(in, std::move(message));
}

Bytes encode(const OperationState& message) {
    Writer out;
    out.u64(message.operation);
    write(out, message.record);
    return out.take();
}

std::optional<OperationState> decode_operation(View payload) {
    Reader in(payload);
    OperationState message;
    message.operation = in.u64();
    read(in, message.record);
    return complete(in, std::move(message));
}

}  // namespace careplug::wire
