#include "answer.h"

#include "trace.h"

namespace careplug::loader {

Answer refusal(careplug_status status, std::string sentence, std::string detail) {
    Answer answer;
    answer.status = status;
    answer.problem = std::move(sentence);
    answer.detail = std::move(detail);
    return answer;
}

Answer engine_gone(std::string detail) {
    return refusal(CAREPLUG_FAILED_ENGINE, std::string(usual_sentence(CAREPLUG_FAILED_ENGINE)),
                   std::move(detail));
}

std::string_view usual_sentence(careplug_status status) {
    switch (status) {
        case CAREPLUG_REFUSED_ARGUMENT:
            return "This program passed something that Careplug cannot read.";
        case CAREPLUG_REFUSED_BUSY:
            return "Careplug is still busy with the last request. Try again in a moment.";
        case CAREPLUG_REFUSED_HANDLE:
            return "This is closed already. Open it again.";
        case CAREPLUG_REFUSED_SIGNED_OUT:
            return "You are not signed in to the care plan service. Sign in again.";
        case CAREPLUG_REFUSED_ROLE:
            return "Your role does not allow this.";
        case CAREPLUG_REFUSED_IDENTITY:
            return "The patient's NHS number or date of birth could not be confirmed.";
        case CAREPLUG_REFUSED_INVALID:
            return "Some answers are missing or contradict each other.";
        case CAREPLUG_REFUSED_CONFLICT:
            return "Someone else published this plan first. Resolve the differences.";
        case CAREPLUG_REFUSED_UNREACHABLE:
            return "The care plan exchange does not answer. Try again later.";
        case CAREPLUG_REFUSED_TOO_LATE:
            return "This was saved already and cannot be cancelled.";
        case CAREPLUG_REFUSED_STORAGE:
            return "This computer could not save. Tell your administrator.";
        case CAREPLUG_REFUSED_STAY:
            return "Please stay with this patient: something is not finished.";
        case CAREPLUG_REFUSED_TIMEOUT:
            return "The care plan service on this computer did not answer in time. Check what is shown, then "
                   "try "
                   "again.";
        case CAREPLUG_REFUSED_VERSION:
            return "Careplug and this program have different versions.";
        case CAREPLUG_FAILED_ENGINE:
            return "The care plan service on this computer stopped. Plans are not known until it is started "
                   "again.";
        case CAREPLUG_FAILED_PLUGIN:
            return "The care plan plugin of this program cannot be used.";
        default:
            return "Careplug could not do this.";
    }
}

Outs::Outs(careplug_handle* problem, careplug_handle* result) : problem_(problem), result_(result) {
    if (problem_) *problem_ = 0;
    if (result_) *result_ = 0;
}

careplug_status Outs::give(Answer answer) {
    if (answer.mistaken != wire::Function::none && trace().on())
        trace().mistake(answer.mistaken, answer.problem);
    if (result_ && answer.result) {
        auto result = std::make_shared<Result>();
        result->text = std::move(*answer.result);
        *result_ = handles().add(std::move(result));
    }
    if (problem_ && answer.status >= CAREPLUG_REFUSED) {
        auto problem = std::make_shared<Problem>();
        problem->text =
            answer.problem.empty() ? std::string(usual_sentence(answer.status)) : std::move(answer.problem);
        problem->detail = std::move(answer.detail);
        *problem_ = handles().add(std::move(problem));
    }
    return answer.status;
}

}  // namespace careplug::loader
