#include "mistakes.h"

namespace careplug::loader {
namespace {

std::string name(wire::Function function) {
    return std::string(wire::contract(function).name);
}

const char* name(Kind kind) {
    switch (kind) {
        case Kind::none:
            break;
        case Kind::loader:
            return "a loader";
        case Kind::session:
            return "a session";
        case Kind::request:
            return "a request";
        case Kind::patient:
            return "a patient";
        case Kind::panel:
            return "a panel";
        case Kind::operation:
            return "an operation";
        case Kind::result:
            return "a result";
        case Kind::problem:
            return "a problem";
    }
    return "an object";
}

std::string ended(wire::Function by) {
    switch (by) {
        case wire::Function::none:
            return "the care plan service has already closed";
        case wire::Function::release:
            return name(by) + " has already released";
        case wire::Function::complete:
            return name(by) + " has already answered";
        default:
            return name(by) + " has already closed";
    }
}

}  // namespace

Answer mistake(wire::Function function, careplug_status status, const std::string& what) {
    Answer answer = refusal(status, "The host called " + name(function) + " " + what + ".",
                            "the host called " + name(function) + " " + what);
    answer.mistaken = function;
    return answer;
}

Answer wrong_argument(wire::Function function, const std::string& what) {
    return mistake(function, CAREPLUG_REFUSED_ARGUMENT, "wrongly: " + what);
}

Answer wrong_handle(wire::Function function, const HandleFault& fault) {
    const auto refuse = [&](const std::string& what) {
        return mistake(function, CAREPLUG_REFUSED_HANDLE, what);
    };
    const std::string wanted =
        std::string("the handle of ") +
        (function == wire::Function::release ? "a result, problem or operation" : name(fault.wanted));
    switch (fault.fault) {
        case Fault::zero:
            return refuse("with 0 for " + wanted);
        case Fault::released:
            return refuse("with a handle that " + ended(fault.ended_by));
        case Fault::released_earlier:
            return refuse("with a handle that was closed or released long before");
        case Fault::other_kind:
            return refuse(std::string("with the handle of ") + name(fault.actual) + " for " + wanted);
        default:
            return refuse("with a handle that Careplug never gave to this program");
    }
}

Answer overlapping(wire::Function function, wire::Function running) {
    const std::string other = running == wire::Function::none ? "another function" : name(running);
    return mistake(
        function, CAREPLUG_REFUSED_BUSY,
        "while " + other + " of the same session had not returned: a session takes one call at a time");
}

Answer closed_session(wire::Function function, wire::Function ended_by) {
    return mistake(function, CAREPLUG_REFUSED_HANDLE, "in a session that " + ended(ended_by));
}

}  // namespace careplug::loader
