// What a call answers instead of a result: a status and a sentence for a person.
#pragma once

#include <careplug/base.h>

#include <exception>
#include <string>

namespace careplug::engine {

class Problem : public std::exception {
public:
    Problem(careplug_status status_, std::string sentence_, std::string detail_ = {})
        : status(status_), sentence(std::move(sentence_)), detail(std::move(detail_)) {}
    const char* what() const noexcept override { return sentence.c_str(); }

    const careplug_status status;
    const std::string sentence;
    const std::string detail;  // for a log: never an identity
};

}  // namespace careplug::engine
