#include <careplug/wire/calls.h>
#include <careplug/wire/protocol.h>
#include <careplug/wire/records.h>

namespace careplug::wire {
namespace detail {

void write(Writer& out, std::int64_t value) {
    out.i64(value);
}
void write(Writer& out, std::uint64_t value) {
    out.u64(value);
}
void write(Writer& out, std::string_view value) {
    out.text(value);
}
void write(Writer& out, const careplug_patient_key& value) {
    wire::write(out, value);
}
void write(Writer& out, std::span<const careplug_patient_key> value) {
    out.u32(static_cast<std::uint32_t>(value.size()));
    for (const auto& patient : value) wire::write(out, patient);
}

}  // namespace detail

namespace {

std::string read_text(Reader& in) {
    const std::string_view text = in.text();
    if (!valid_text(text)) in.fail();
    return std::string(text);
}

careplug_patient_key read_patient(Reader& in) {
    careplug_patient_key patient{};
    read(in, patient);
    return patient;
}

Patients read_patients(Reader& in) {
    Patients patients;
    const std::uint32_t count = in.u32();
    if (count > max_patients) in.fail();
    for (std::uint32_t i = 0; i < count && in.ok(); ++i) patients.push_back(read_patient(in));
    return patients;
}

Argument read_argument(Reader& in, Parameter parameter) {
    switch (parameter) {
        case Parameter::integer:
            return in.i64();
        case Parameter::handle:
            return in.u64();
        case Parameter::text:
            return read_text(in);
        case Parameter::patient:
            return read_patient(in);
        case Parameter::patients:
            return read_patients(in);
        default:
            in.fail();
            return std::int64_t{0};
    }
}

}  // namespace

std::optional<DecodedCall> decode(Call call, View payload) {
    const Signature* found = find_signature(static_cast<std::uint32_t>(call));
    if (!found) return std::nullopt;
    Reader in(payload);
    DecodedCall decoded;
    decoded.object = in.u64();
    for (const Parameter parameter : found->parameters)
        if (is_input(parameter)) decoded.arguments.push_back(read_argument(in, parameter));
    if (!in.finished()) return std::nullopt;
    return decoded;
}

}  // namespace careplug::wire
