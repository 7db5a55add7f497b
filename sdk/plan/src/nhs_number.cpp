#include <careplug/plan/nhs_number.h>

#include <cstddef>

namespace careplug::plan {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool check_digit_fits(std::string_view digits) {
    int sum = 0;
    for (std::size_t i = 0; i < 9; ++i) sum += (digits[i] - '0') * static_cast<int>(10 - i);
    const int check = (11 - sum % 11) % 11;
    // A remainder that asks for the check digit 10 is never issued.
    return check != 10 && check == digits[9] - '0';
}

}  // namespace

NhsNumber parse_nhs_number(std::string_view written) {
    NhsNumber number;
    bool other_characters = false;
    for (const char c : written) {
        if (is_digit(c))
            number.digits += c;
        else if (c != ' ' && c != '-')
            other_characters = true;
    }
    if (other_characters)
        number.problem = NhsNumberProblem::characters;
    else if (number.digits.empty())
        number.problem = NhsNumberProblem::missing;
    else if (number.digits.size() != 10)
        number.problem = NhsNumberProblem::length;
    else if (!check_digit_fits(number.digits))
        number.problem = NhsNumberProblem::check_digit;
    else
        number.problem = NhsNumberProblem::none;
    return number;
}

std::string sentence(NhsNumberProblem problem) {
    switch (problem) {
        case NhsNumberProblem::none:
            return "The NHS number is valid.";
        case NhsNumberProblem::missing:
            return "There is no NHS number. Trace the patient, then enter the ten digits.";
        case NhsNumberProblem::characters:
            return "An NHS number holds digits only, with spaces or hyphens between them. Check for letters.";
        case NhsNumberProblem::length:
            return "An NHS number has ten digits. Check for one that is missing or too many.";
        case NhsNumberProblem::check_digit:
            return "This is not an NHS number: its check digit does not fit. Check for mistyped or swapped "
                   "digits.";
    }
    return "The NHS number cannot be used.";
}

std::string grouped(std::string_view digits) {
    if (digits.size() != 10) return std::string(digits);
    std::string text(digits.substr(0, 3));
    text += ' ';
    text += digits.substr(3, 3);
    text += ' ';
    text += digits.substr(6);
    return text;
}

}  // namespace careplug::plan
