#include "entry.h"

namespace careplug::loader {
namespace {

constexpr std::uint64_t max_text = std::uint64_t{16} << 20;

// Numbers and dates are; what is not is looked at byte by byte.
template <std::size_t size>
bool ascii(const std::uint8_t (&field)[size]) {
    static_assert(size % 8 == 0);
    std::uint64_t seen = 0;
    for (std::size_t at = 0; at < size; at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, field + at, 8);
        seen |= word;
    }
    return (seen & 0x8080808080808080) == 0;
}

template <std::size_t size>
bool padded_text(const std::uint8_t (&bytes)[size]) {
    if (ascii(bytes)) return true;
    const std::span<const std::uint8_t> field(bytes);
    const auto end = std::find(field.begin(), field.end(), std::uint8_t{0});
    return wire::valid_text(
        {reinterpret_cast<const char*>(field.data()), static_cast<std::size_t>(end - field.begin())});
}

}  // namespace

void Check::fail(const std::string& what) {
    if (what_.empty()) what_ = what;
}

Answer Check::refused() const {
    return wrong_argument(function_, what_);
}

std::string_view Check::text(const char* data, std::uint64_t length, const char* name) {
    if (!data) {
        if (length != 0) fail(std::string(name) + " is null with a length");
        return {};
    }
    if (length > max_text) {
        fail(std::string(name) + " is longer than 16 MiB");
        return {};
    }
    const std::string_view text(data, static_cast<std::size_t>(length));
    if (!wire::valid_text(text)) fail(std::string(name) + " is not UTF-8, or holds NUL");
    return text;
}

void Check::needed(const void* pointer, const char* name) {
    if (!pointer) fail(std::string(name) + " is null");
}

void Check::one_of(bool right, const char* name) {
    if (!right) fail(std::string(name) + " is none of the values of the contract");
}

careplug_patient_key Check::patient(const void* record, const char* name, std::uint64_t room) {
    careplug_patient_key patient{};
    needed(record, name);
    if (!record) return patient;
    std::uint32_t size = 0;
    std::memcpy(&size, record, sizeof size);
    if (size < wire::first_size<careplug_patient_key> || size > room) {
        fail(std::string("size of ") + name + " is not set to the size of the record");
        return {};
    }
    std::memcpy(&patient, record, std::min(std::size_t{size}, sizeof patient));
    patient.size = sizeof patient;
    if (!padded_text(patient.nhs_number) || !padded_text(patient.birth_date))
        fail(std::string("number or birth date of ") + name + " is not UTF-8");
    return patient;
}

void Check::array(const void* base, std::uint64_t stride, std::uint64_t count, std::uint64_t most) {
    if (count == 0) return;
    needed(base, "patients");
    if (count > most) fail("more than " + std::to_string(most) + " patients");
    if (stride < wire::first_size<careplug_patient_key> || stride > max_stride)
        fail("the stride of patients is not the size of the host's records");
}

std::vector<careplug_patient_key> Check::patients(const void* base, std::uint64_t stride, std::uint64_t count,
                                                  std::uint64_t most) {
    std::vector<careplug_patient_key> patients;
    array(base, stride, count, most);
    if (!ok()) return patients;
    patients.reserve(static_cast<std::size_t>(count));
    for (std::uint64_t i = 0; i < count && ok(); ++i)
        patients.push_back(patient(static_cast<const char*>(base) + i * stride, one_of_patients, stride));
    return patients;
}

}  // namespace careplug::loader
