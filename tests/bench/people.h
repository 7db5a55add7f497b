// Keys of test patients: NHS numbers of the 999 range.
#pragma once

#include <string>
#include <vector>

#include "services/host.h"

namespace careplug::bench {

// The n-th valid number from 999 100 0000 on.
inline std::string nhs_number(unsigned n) {
    unsigned found = 0;
    for (unsigned candidate = 999100000;; ++candidate) {
        const std::string digits = std::to_string(candidate);
        int sum = 0;
        for (int i = 0; i < 9; ++i) sum += (digits[static_cast<std::size_t>(i)] - '0') * (10 - i);
        const int check = (11 - sum % 11) % 11;
        if (check != 10 && found++ == n) return digits + std::to_string(check);
    }
}

inline careplug_patient_key person(unsigned n) {
    return test::patient_key(nhs_number(n), "1944-06-19");
}

}  // namespace careplug::bench
