// Patients and words for tests of the flag table.
#ifndef CAREPLUG_TESTS_FLAG_PATIENTS_H
#define CAREPLUG_TESTS_FLAG_PATIENTS_H

#include <careplug/host.h>

#include <cstring>
#include <string>

namespace careplug::test {

template <std::size_t size>
void put_text(std::uint8_t (&field)[size], const std::string& text) {
    std::memcpy(field, text.data(), text.size());
}

inline careplug_patient_key patient(const std::string& number, const std::string& born = "1944-06-19",
                                    std::int32_t status = 1) {
    careplug_patient_key key{};
    key.size = sizeof key;
    key.number_status = status;
    put_text(key.nhs_number, number);
    put_text(key.birth_date, born);
    return key;
}

inline careplug_word_record word(std::int32_t slot, const std::string& id, const std::string& words = {}) {
    careplug_word_record made{};
    made.size = sizeof made;
    made.slot = slot;
    put_text(made.id, id);
    put_text(made.words, words);
    return made;
}

}  // namespace careplug::test

#endif
