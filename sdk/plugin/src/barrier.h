// No exception crosses the boundary: each becomes a status and a sentence.
#pragma once

#include <careplug/base.h>
#include <exception>
#include <string>

#include "text.h"

namespace careplug::plugin {

struct Failure {
    careplug_status status = CAREPLUG_FAILED_PLUGIN;
    std::string sentence;
};

// What an exception means outside. Messages of libraries may quote a document, and with it a person, so
// only sentences of our own pass.
Failure failure_of(const std::exception_ptr& error);

template <class Call>
careplug_status guarded(Call call) noexcept {
    try {
        call();
        return CAREPLUG_OK;
    } catch (...) {
        try {
            return failure_of(std::current_exception()).status;
        } catch (...) {
            return CAREPLUG_FAILED_PLUGIN;
        }
    }
}

// For functions with text out: call gives the whole answer.
template <class Call>
careplug_status guarded(const TextOut& out, Call call) noexcept {
    if (!out.usable()) return CAREPLUG_REFUSED_ARGUMENT;
    try {
        out.write(call());
        return CAREPLUG_OK;
    } catch (...) {
        try {
            const Failure failure = failure_of(std::current_exception());
            out.write(failure.sentence);
            return failure.status;
        } catch (...) {
            out.write("The plugin failed and could not say why.");
            return CAREPLUG_FAILED_PLUGIN;
        }
    }
}

}  // namespace careplug::plugin
