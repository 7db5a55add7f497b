// Why a package, a trust folder or a key is not taken: one sentence that says what is wrong and what to do.
#pragma once

#include <stdexcept>

namespace careplug::package {

class Refusal : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace careplug::package
