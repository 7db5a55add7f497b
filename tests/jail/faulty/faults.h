// What a faulty plugin does: which fault, in which function, and when. Written into the file by the test, so
// that one library serves every cell of the matrix and is loaded as any other.
#pragma once

#include <string_view>

namespace careplug::faulty {

// "FUNCTION FAULT WORD": at each call of that function whose document, or whose flags' ids, hold the word;
// with no word at each call. Functions that are not called with a document fail at each call.
struct Order {
    std::string_view function;
    std::string_view fault;
    std::string_view word;
};

const Order& order();
bool due(std::string_view function, std::string_view document);

// How a fault that does not end the process shows: what the function is to answer.
enum class Aftermath { good_answer, huge_answer, garbage, other_answer, escaped };
Aftermath commit();

}  // namespace careplug::faulty
