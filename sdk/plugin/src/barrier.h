// No exception crosses the boundary: each becomes a status and a sentence.
#pragma once

#include <careplug/plugin/policy.h>
#include <exception>
#include <string>

#include "text.h"

namespace careplug::plugin {

struct Failure {
    careplug_status status = CAREPLUG_FAILED_PLUGIN;
    std::string sentence;
};

// The engine broke the contract: `what` follows "The engine called careplug_policy.panel ".
class EngineMistake : public Refusal {
public:
    using Refusal::Refusal;
};

// What an exception means outside. Messages of libraries may quote a document, and with it a person, so
// only sentences of our own pass. `function` is the table's.
Failure failure_of(const char* function, const std::exception_ptr& error);

// The one call of this library. Throws EngineMistake where another has not returned, also one that this is
// made from.
class OneCall {
public:
    explicit OneCall(const char* function);
    ~OneCall();
    OneCall(const OneCall&) = delete;
    OneCall& operator=(const OneCall&) = delete;
};

template <class Call>
careplug_status guarded(const char* function, Call call) noexcept {
    try {
        const OneCall turn(function);
        call();
        return CAREPLUG_OK;
    } catch (...) {
        try {
            return failure_of(function, std::current_exception()).status;
        } catch (...) {
            return CAREPLUG_FAILED_PLUGIN;
        }
    }
}

// For functions with text out: call gives the whole answer.
template <class Call>
careplug_status guarded(const char* function, const TextOut& out, Call call) noexcept {
    if (!out.usable()) return CAREPLUG_REFUSED_ARGUMENT;
    try {
        const OneCall turn(function);
        out.write(call());
        return CAREPLUG_OK;
    } catch (...) {
        try {
            const Failure failure = failure_of(function, std::current_exception());
            out.write(failure.sentence);
            return failure.status;
        } catch (...) {
            out.write("The plugin failed and could not say why.");
            return CAREPLUG_FAILED_PLUGIN;
        }
    }
}

}  // namespace careplug::plugin
