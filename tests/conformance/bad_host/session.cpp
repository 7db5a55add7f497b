#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstring>
#include <ctime>

#include "host.h"

namespace careplug::bad_host {

namespace {

std::string fault;

std::string base64url(const std::string& text) {
    constexpr const char* alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string encoded;
    unsigned bits = 0;
    int count = 0;
    for (const char letter : text) {
        bits = bits << 8 | static_cast<unsigned char>(letter);
        for (count += 8; count >= 6;) encoded += alphabet[bits >> (count -= 6) & 63U];
    }
    if (count > 0) encoded += alphabet[bits << (6 - count) & 63U];
    return encoded;
}

bool contains(const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

bool breaks(const char* requirement) {
    return fault == requirement;
}

void set_fault(const std::string& requirement) {
    fault = requirement;
}

std::string identity() {
    const long now = std::time(nullptr);
    const std::string header =
        breaks("HOST-205") ? R"({"alg": "none"})" : R"({"alg": "RS256", "kid": "example"})";
    const std::string claims =
        R"({"iss": "example", "sub": "tester", "name": "Dr T. Ester", "role": "gp", "senior": true,)"
        R"( "organisation": "Y90001", "organisation_name": "Test", "aud": "careplug-exchange", "jti": "1",)"
        R"( "iat": )" +
        std::to_string(now) + R"(, "exp": )" + std::to_string(now + (breaks("HOST-206") ? 3600 : 300)) + "}";
    return base64url(header) + "." + base64url(claims) + ".c2lnbmF0dXJl";
}

std::string record(const std::string& nhs_number) {
    return R"({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": )"
           R"("Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": ")" +
           nhs_number + R"("}]}}]})";
}

careplug_patient_key patient(const char* nhs_number, const char* birth_date) {
    careplug_patient_key key{};
    key.size = sizeof key;
    key.number_status = 1;
    std::memcpy(key.nhs_number, nhs_number, std::strlen(nhs_number));
    std::memcpy(key.birth_date, birth_date, std::strlen(birth_date));
    return key;
}

std::string take(careplug_handle handle) {
    if (handle == 0) return {};
    const char* data = nullptr;
    std::uint64_t length = 0;
    std::string text;
    if (careplug_result(handle, &data, &length) == CAREPLUG_OK) text.assign(data, length);
    if (text.size() > 1'000'000 && breaks("HOST-011")) ::_exit(7);
    careplug_release(handle);
    if (breaks("HOST-105")) careplug_release(handle);
    return text;
}

careplug_status told(careplug_status status, const careplug_handle& problem) {
    if (problem == 0) return status;
    if (breaks("HOST-108")) {
        const char* data = nullptr;
        std::uint64_t length = 0;
        careplug_result(problem, &data, &length);
    } else if (breaks(status == CAREPLUG_REFUSED_STAY ? "HOST-404" : "HOST-110")) {
        careplug_release(problem);
    } else {
        take(problem);
    }
    if (status == CAREPLUG_REFUSED_TIMEOUT && breaks("HOST-012")) ::abort();
    return status;
}

Session::Session(careplug_handle session) : session_(session) {}

void Session::pull_all() {
    std::int64_t descriptor = -1;
    careplug_wait_handle(session_, &descriptor);
    pollfd waiting{static_cast<int>(descriptor), POLLIN, 0};
    ::poll(&waiting, 1, 20);
    for (;;) {
        careplug_event event{};
        event.size = breaks("HOST-101") ? 4 : sizeof event;
        if (careplug_next_event(session_, &event) != CAREPLUG_OK) {
            if (!breaks("HOST-101")) return;
            event.size = sizeof event;
            if (careplug_next_event(session_, &event) != CAREPLUG_OK) return;
        }
        const bool leaks = breaks("HOST-107") && event.kind == CAREPLUG_EVENT_OPERATION;
        const std::string body = leaks ? "" : take(event.body);
        switch (event.kind) {
            case CAREPLUG_EVENT_REQUEST:
                answer(event.subject, body);
                break;
            case CAREPLUG_EVENT_SESSION:
                signed_in_ = event.status == CAREPLUG_OK;
                refused_ = !signed_in_;
                if (refused_ && breaks("HOST-004")) ::abort();
                break;
            case CAREPLUG_EVENT_FLAGS:
                flags_changed_ = true;
                break;
            case CAREPLUG_EVENT_PANEL:
                panel_changed_ = true;
                break;
            case CAREPLUG_EVENT_OPERATION:
                completed_ = true;
                outcome_ = event.status;
                break;
            case CAREPLUG_EVENT_ENGINE:
                if (breaks("HOST-009")) ::abort();
                ended_ = true;
                break;
            case CAREPLUG_EVENT_EXCHANGE:
                break;
            default:
                if (breaks("HOST-210")) ::_exit(7);
                break;
        }
    }
}

void Session::answer(careplug_handle request, const std::string& asked) {
    std::string body = "This host cannot give that.";
    careplug_status status = CAREPLUG_REFUSED;
    if (contains(asked, "\"identity\"")) {
        body = identity();
        status = CAREPLUG_OK;
    } else if (contains(asked, "\"record\"")) {
        for (const char* number : {"9990318468", "9990000018"})
            if (contains(asked, number) || (breaks("HOST-207") && status != CAREPLUG_OK)) {
                body = record(number);
                status = CAREPLUG_OK;
            }
    } else if (breaks("HOST-203")) {
        return;
    } else if (breaks("HOST-208")) {
        body = "{}";
        status = CAREPLUG_OK;
    }
    careplug_handle problem = 0;
    const auto complete = [&] {
        told(careplug_complete(session_, request, status, body.data(), body.size(), &problem), problem);
    };
    complete();
    if (breaks("HOST-204")) complete();
}

}  // namespace careplug::bad_host
