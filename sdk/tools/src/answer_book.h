// All answers of a plugin to the ordinary documents, so that two books can be compared.
#pragma once

#include "samples.h"

namespace careplug::tools {

// Answer for answer: function name, status and text.
using AnswerBook = std::vector<std::string>;

AnswerBook answer_book(const Documents& documents, const OpenPolicy& policy);
AnswerBook answer_book(const Scene& scene);
// Throws Failed where they differ: `otherwise` ends "... answers otherwise".
void expect_same(const AnswerBook& wanted, const AnswerBook& given, const std::string& otherwise);

// The book of a fresh process. Its environment is the given one; its folder too, where it is not empty.
AnswerBook book_of_another_process(const Trial& trial, const std::vector<std::string>& environment,
                                   const std::string& folder);
// The other side: writes the book on the descriptor.
int write_book(const Trial& trial, int descriptor);

}  // namespace careplug::tools
