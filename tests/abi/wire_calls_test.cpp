#include <careplug/wire/calls.h>
#include <careplug/wire/protocol.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <string>
#include <string_view>

using namespace careplug::wire;

namespace {

careplug_patient_key patient(const char* number, const char* born) {
    careplug_patient_key key{};
    key.size = sizeof key;
    key.number_status = 1;
    std::memcpy(key.nhs_number, number, std::strlen(number));
    std::memcpy(key.birth_date, born, std::strlen(born));
    return key;
}

const Patients two{patient("9990000018", "1944-06-19"), patient("999 000 0026", "2001-02-03")};

// A value for each parameter, so that every signature is tried as the table has it.
template <Parameter parameter>
typename Type<parameter>::Out sample(std::size_t index) {
    if constexpr (parameter == Parameter::integer)
        return -7 - static_cast<std::int64_t>(index);
    else if constexpr (parameter == Parameter::handle)
        return 0xFEDCBA9876543210U + index;
    else if constexpr (parameter == Parameter::text)
        return "Zoë \xF0\x9F\x92\x8A " + std::to_string(index);
    else if constexpr (parameter == Parameter::patient)
        return two[0];
    else
        return two;
}

bool same(const careplug_patient_key& a, const careplug_patient_key& b) {
    return std::memcmp(&a, &b, sizeof a) == 0;
}
bool same(const Patients& a, const Patients& b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](auto& x, auto& y) { return same(x, y); });
}
template <class T>
bool same(const T& a, const T& b) {
    return a == b;
}

template <Call call, std::size_t... index>
Bytes encode_samples(std::index_sequence<index...>) {
    return encode<call>(42, sample<input(signature(call), index)>(index)...);
}

template <Call call, std::size_t... index>
void compare(const TypedCall<call>& back, std::index_sequence<index...>) {
    CHECK(back.object == 42);
    CHECK((same(std::get<index>(back.arguments), sample<input(signature(call), index)>(index)) && ...));
}

template <std::size_t row>
void round_trip() {
    constexpr Call call = signatures[row].call;
    constexpr auto indexes = std::make_index_sequence<input_count(signature(call))>{};
    INFO(signature(call).name);
    Bytes bytes = encode_samples<call>(indexes);
    const auto back = decode<call>(bytes);
    REQUIRE(back);
    compare<call>(*back, indexes);
    for (std::size_t length = 0; length < bytes.size(); ++length)
        CHECK_FALSE(decode(call, View(bytes).first(length)));
    bytes.push_back(0);
    CHECK_FALSE(decode(call, bytes));
}

}  // namespace

TEST_CASE("every call of the table survives the round trip, and no part of it does") {
    []<std::size_t... row>(std::index_sequence<row...>) {
        (round_trip<row>(), ...);
    }
    (std::make_index_sequence<signatures.size()>{});
}

TEST_CASE("a call with text that is not UTF-8 or holds NUL is refused") {
    CHECK(decode(Call::panel_open, encode<Call::panel_open>(1, "edit")));
    CHECK_FALSE(decode(Call::panel_open, encode<Call::panel_open>(1, "\xFF")));
    CHECK_FALSE(decode(Call::panel_open, encode<Call::panel_open>(1, std::string("a\0b", 3))));
}

TEST_CASE("a watch of more than the most patients is refused before memory is taken for it") {
    Writer writer;
    writer.u64(0);
    writer.u32(0xFFFFFFFF);
    CHECK_FALSE(decode(Call::watch, writer.take()));
    CHECK(decode(Call::watch, encode<Call::watch>(0, Patients(max_patients))));
    CHECK_FALSE(decode(Call::watch, encode<Call::watch>(0, Patients(max_patients + 1))));
}

TEST_CASE("an unknown call is refused") {
    CHECK_FALSE(decode(static_cast<Call>(0), Bytes(8)));
    CHECK_FALSE(decode(static_cast<Call>(999), Bytes(8)));
}
