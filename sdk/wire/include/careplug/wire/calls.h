// The calls that the loader passes to the engine, from the table of functions.h. The marshaller here and the
// loader's and engine's dispatch are driven by it, so that nothing is marshalled by hand twice.
//
//   loader:  Bytes payload = encode<Call::panel_resolve>(panel_id, unit, keep);
//   engine:  if (auto call = decode<Call::panel_resolve>(payload)) { auto& [unit, keep] = call->arguments;
//   ... } tools:   std::optional<DecodedCall> any = decode(call, payload);
#ifndef CAREPLUG_WIRE_CALLS_H
#define CAREPLUG_WIRE_CALLS_H

#include <careplug/base.h>
#include <careplug/wire/bytes.h>
#include <careplug/wire/functions.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace careplug::wire {

struct Signature {
    Call call = Call::none;
    Function function = Function::none;
    std::string_view name;  // of the function in host.h
    Object object = Object::none;
    Deadline deadline = Deadline::instant;
    std::array<Parameter, 5> parameters{};
};

// A problem may stand in every reply and is not listed.
constexpr bool on_the_wire(Parameter parameter) {
    return parameter >= Parameter::integer && parameter <= Parameter::created;
}

namespace detail {
constexpr std::size_t count_calls() {
    std::size_t count = 0;
    for (const Contract& each : functions) count += each.call != Call::none ? 1 : 0;
    return count;
}
constexpr auto make_signatures() {
    std::array<Signature, count_calls()> made{};
    for (const Contract& each : functions) {
        if (each.call == Call::none) continue;
        Signature& signature = made[static_cast<std::size_t>(each.call) - 1];
        signature = {each.call, each.function, each.name, each.object, each.deadline, {}};
        std::size_t at = 0;
        for (const Parameter parameter : each.parameters)
            if (on_the_wire(parameter)) signature.parameters[at++] = parameter;
    }
    return made;
}
}  // namespace detail

// The rows that go to the engine, by their number. careplug_open and careplug_close are the hello and the end
// of control; the instant functions are answered from the loader's memory.
inline constexpr std::array signatures = detail::make_signatures();

constexpr const Signature* find_signature(std::uint32_t kind) {
    return kind >= 1 && kind <= signatures.size() ? &signatures[kind - 1] : nullptr;
}
constexpr const Signature& signature(Call call) {
    return *find_signature(static_cast<std::uint32_t>(call));
}

namespace detail {
constexpr bool in_order() {
    for (std::size_t i = 0; i < signatures.size(); ++i)
        if (static_cast<std::size_t>(signatures[i].call) != i + 1) return false;
    return true;
}
static_assert(in_order(), "the table is indexed by call");
}  // namespace detail

constexpr bool is_input(Parameter parameter) {
    return parameter >= Parameter::integer && parameter <= Parameter::patients;
}
constexpr bool has(const Signature& signature, Parameter wanted) {
    for (const Parameter parameter : signature.parameters)
        if (parameter == wanted) return true;
    return false;
}
constexpr std::size_t input_count(const Signature& signature) {
    std::size_t count = 0;
    for (const Parameter parameter : signature.parameters) count += is_input(parameter) ? 1 : 0;
    return count;
}
constexpr Parameter input(const Signature& signature, std::size_t index) {
    for (const Parameter parameter : signature.parameters)
        if (is_input(parameter) && index-- == 0) return parameter;
    return Parameter::none;
}

using Patients = std::vector<careplug_patient_key>;
// In the order integer, handle, text, patient, patients. An absent text is empty.
using Argument = std::variant<std::int64_t, std::uint64_t, std::string, careplug_patient_key, Patients>;

// How an argument is passed in (ArgumentIn) and what the engine gets (Decoded).
template <Parameter>
struct Type;
template <>
struct Type<Parameter::integer> {
    using In = std::int64_t;
    using Out = std::int64_t;
};
template <>
struct Type<Parameter::handle> {
    using In = std::uint64_t;
    using Out = std::uint64_t;
};
template <>
struct Type<Parameter::text> {
    using In = std::string_view;
    using Out = std::string;
};
template <>
struct Type<Parameter::patient> {
    using In = const careplug_patient_key&;
    using Out = careplug_patient_key;
};
template <>
struct Type<Parameter::patients> {
    using In = std::span<const careplug_patient_key>;
    using Out = Patients;
};

namespace detail {
void write(Writer& out, std::int64_t value);
void write(Writer& out, std::uint64_t value);
void write(Writer& out, std::string_view value);
void write(Writer& out, const careplug_patient_key& value);
void write(Writer& out, std::span<const careplug_patient_key> value);

template <Call call, std::size_t index>
using In = typename Type<input(signature(call), index)>::In;
template <Call call, std::size_t index>
using Out = typename Type<input(signature(call), index)>::Out;

// An int for a handle or a handle for an int is a mistake that a conversion would hide.
template <class To, class From>
constexpr bool fits = std::is_convertible_v<From, To> &&
                      (!std::is_integral_v<To> ||
                       (std::is_integral_v<std::remove_cvref_t<From>> &&
                        std::is_signed_v<std::remove_cvref_t<From>> == std::is_signed_v<To>));

template <Call call, std::size_t... index>
std::tuple<Out<call, index>...> out_tuple(std::index_sequence<index...>);
}  // namespace detail

// The payload of a call on the object with this id (0: the session itself).
template <Call call, class... Arguments>
Bytes encode(std::uint64_t object, const Arguments&... arguments) {
    static_assert(sizeof...(Arguments) == input_count(signature(call)), "number of arguments of this call");
    Writer out;
    out.u64(object);
    [&]<std::size_t... index>(std::index_sequence<index...>) {
        static_assert((detail::fits<detail::In<call, index>, Arguments> && ...),
                      "type of an argument of this call");
        (detail::write(out, static_cast<detail::In<call, index>>(arguments)), ...);
    }
    (std::index_sequence_for<Arguments...>{});
    return out.take();
}

struct DecodedCall {
    std::uint64_t object = 0;
    std::vector<Argument> arguments;  // as many, and of the types, as the signature says
};

// nullopt where the payload is cut short, has bytes left over, or holds text that is not UTF-8.
std::optional<DecodedCall> decode(Call call, View payload);

template <Call call>
struct TypedCall {
    std::uint64_t object = 0;
    decltype(detail::out_tuple<call>(std::make_index_sequence<input_count(signature(call))>{})) arguments;
};

template <Call call>
std::optional<TypedCall<call>> typed(DecodedCall decoded) {
    TypedCall<call> result;
    if (decoded.arguments.size() != input_count(signature(call))) return std::nullopt;
    result.object = decoded.object;
    const bool ok = [&]<std::size_t... index>(std::index_sequence<index...>) {
        [[maybe_unused]] const auto take = [&](auto& to, Argument& from) {
            auto* value = std::get_if<std::remove_reference_t<decltype(to)>>(&from);
            if (value) to = std::move(*value);
            return value != nullptr;
        };
        return (take(std::get<index>(result.arguments), decoded.arguments[index]) && ...);
    }
    (std::make_index_sequence<input_count(signature(call))>{});
    if (!ok) return std::nullopt;
    return result;
}

template <Call call>
std::optional<TypedCall<call>> decode(View payload) {
    auto decoded = decode(call, payload);
    if (!decoded) return std::nullopt;
    return typed<call>(std::move(*decoded));
}

}  // namespace careplug::wire

#endif
