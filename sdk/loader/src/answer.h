// What a function of host.h gives back besides its status, and how a refusal gets its words.
#ifndef CAREPLUG_LOADER_ANSWER_H
#define CAREPLUG_LOADER_ANSWER_H

#include <careplug/base.h>

#include <optional>
#include <string>
#include <string_view>

#include "handle_table.h"

namespace careplug::loader {

struct Text {
    std::string text;
    std::string detail;
};
struct Result : Text {
    static constexpr Kind kind = Kind::result;
};
struct Problem : Text {
    static constexpr Kind kind = Kind::problem;
};

struct Answer {
    careplug_status status = CAREPLUG_OK;
    std::string problem;
    std::string detail;
    std::uint64_t created = 0;
    std::optional<std::string> result;
    wire::Function mistaken = wire::Function::none;  // the host's mistake in calling it
};

Answer refusal(careplug_status status, std::string sentence, std::string detail = {});
// The sentence for a status that came without one.
std::string_view usual_sentence(careplug_status status);
Answer engine_gone(std::string detail);

// The outs of one call: cleared at once, so that what a host reads after a refusal is 0.
class Outs {
public:
    explicit Outs(careplug_handle* problem = nullptr, careplug_handle* result = nullptr);
    // The status; makes the handles of the problem and the result.
    careplug_status give(Answer answer);

private:
    careplug_handle* problem_;
    careplug_handle* result_;
};

}  // namespace careplug::loader

#endif
