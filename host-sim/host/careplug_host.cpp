#include "careplug_host.h"

#include <algorithm>
#include <cstring>

namespace careplug::sim {

std::string take_text(careplug_handle result) {
    if (result == 0) return {};
    const char* data = nullptr;
    std::uint64_t length = 0;
    std::string text;
    if (careplug_result(result, &data, &length) == CAREPLUG_OK && data != nullptr) text.assign(data, length);
    careplug_release(result);
    return text;
}

careplug_status check(careplug_status status, const careplug_handle& problem) {
    std::string sentence = take_text(problem);
    if (status < CAREPLUG_REFUSED) return status;
    if (sentence.empty()) sentence = "Careplug answered with status " + std::to_string(status) + ".";
    throw Refusal(status, sentence);
}

LoaderHandle open_loader(std::string_view host_name, std::string_view settings_path) {
    careplug_offer offer{};
    offer.size = sizeof offer;
    offer.major = CAREPLUG_ABI_MAJOR;
    offer.minor = CAREPLUG_ABI_MINOR;
    offer.candidate = CAREPLUG_ABI_CANDIDATE;
    careplug_answer answer{};
    answer.size = sizeof answer;
    LoaderHandle loader;
    careplug_handle problem = 0;
    const careplug_status status =
        careplug_open(&offer, &answer, host_name.data(), host_name.size(), settings_path.data(),
                      settings_path.size(), loader.out(), &problem);
    if (status >= CAREPLUG_REFUSED && problem == 0) {
        char sentence[sizeof answer.sentence + 1] = {};
        std::memcpy(sentence, answer.sentence, sizeof answer.sentence);
        throw Refusal(status, sentence);
    }
    check(status, problem);
    return loader;
}

SessionHandle open_session(const LoaderHandle& loader, std::string_view host_kind,
                           std::string_view workstation) {
    SessionHandle session;
    careplug_handle problem = 0;
    check(careplug_session_open(loader.get(), host_kind.data(), host_kind.size(), workstation.data(),
                                workstation.size(), session.out(), &problem),
          problem);
    return session;
}

std::optional<Event> next_event(const SessionHandle& session) {
    Event event;
    event.record.size = sizeof event.record;
    if (careplug_next_event(session.get(), &event.record) != CAREPLUG_OK) return std::nullopt;
    event.body = take_text(event.record.body);
    event.record.body = 0;
    return event;
}

careplug_patient_key patient_key(std::string_view nhs_number, std::string_view birth_date,
                                 int number_status) {
    careplug_patient_key key{};
    key.size = sizeof key;
    key.number_status = number_status;
    std::copy_n(nhs_number.begin(), std::min(nhs_number.size(), sizeof key.nhs_number), key.nhs_number);
    std::copy_n(birth_date.begin(), std::min(birth_date.size(), sizeof key.birth_date), key.birth_date);
    return key;
}

std::vector<careplug_flags_record> read_flags(const SessionHandle& session,
                                              const std::vector<careplug_patient_key>& patients) {
    // A record that the library could not fill stays zeroed, which reads as "not known".
    std::vector<careplug_flags_record> flags(patients.size());
    for (auto& record : flags) record.size = sizeof record;
    if (careplug_flags(session.get(), patients.data(), sizeof(careplug_patient_key), flags.data(),
                       sizeof(careplug_flags_record), patients.size()) >= CAREPLUG_REFUSED)
        std::fill(flags.begin(), flags.end(), careplug_flags_record{});
    return flags;
}

careplug_word_record word(const SessionHandle& session, std::uint32_t number) {
    careplug_word_record record{};
    record.size = sizeof record;
    careplug_word(session.get(), number, &record);
    return record;
}

OpenedPatient open_patient(const SessionHandle& session, const careplug_patient_key& key,
                           std::string_view name, std::int32_t basis) {
    OpenedPatient opened;
    careplug_handle problem = 0;
    const careplug_status status =
        check(careplug_patient_open(session.get(), &key, name.data(), name.size(), basis, nullptr, 0,
                                    opened.handle.out(), &problem),
              problem);
    opened.different_name = status == CAREPLUG_OK_DIFFERENT_NAME;
    return opened;
}

}  // namespace careplug::sim
