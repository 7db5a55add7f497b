#include "entry.h"

using namespace careplug::loader;
using careplug::wire::Call;
using careplug::wire::Function;

careplug_status careplug_patient_open(careplug_handle session, const careplug_patient_key* key,
                                      const char* name, uint64_t name_length, int32_t basis,
                                      const char* reason, uint64_t reason_length, careplug_handle* patient,
                                      careplug_handle* problem) {
    return guarded<Function::patient_open>([&] {
        Outs outs(problem, patient);
        Check check(Function::patient_open);
        check.needed(patient, "patient");
        const careplug_patient_key who = check.patient(key, "key");
        const std::string_view called = check.text(name, name_length, "name");
        const std::string_view why = check.text(reason, reason_length, "reason");
        check.one_of(basis >= CAREPLUG_BASIS_REGISTERED && basis <= CAREPLUG_BASIS_SELF_CLAIMED, "basis");
        if (basis == CAREPLUG_BASIS_SELF_CLAIMED && why.empty())
            check.fail("a self-claimed relationship needs a reason");
        if (!check.ok()) return outs.give(check.refused());
        return as_call<Function::patient_open, Session>(session, outs, [&](Session& open, Session&) {
            Answer answer = open.call(Call::patient_open,
                                      careplug::wire::encode<Call::patient_open>(0, who, called, basis, why));
            if (answer.status < CAREPLUG_REFUSED) {
                *patient = open.add_patient(answer.created);
                if (*patient == 0) return open.lose_engine("the engine gave the id of a patient twice");
            }
            return answer;
        });
    });
}

careplug_status careplug_patient_may_close(careplug_handle patient, careplug_handle* problem) {
    return guarded<Function::patient_may_close>([&] {
        Outs outs(problem);
        return forward<Call::patient_may_close, Patient>(patient, outs, Check(Function::patient_may_close));
    });
}

careplug_status careplug_patient_close(careplug_handle patient) {
    return guarded<Function::patient_close>([&] {
        Outs outs;
        return as_call<Function::patient_close, Patient>(patient, outs, [&](Session& session, Patient& open) {
            Answer answer =
                session.call(Call::patient_close, careplug::wire::encode<Call::patient_close>(open.id));
            session.close_patient(patient, Function::patient_close);
            // It cannot be refused: an engine that is slow closes it when it comes to it.
            if (answer.status >= CAREPLUG_REFUSED && answer.status < CAREPLUG_FAILED) answer = {};
            return answer;
        });
    });
}

careplug_status careplug_actions(careplug_handle patient, careplug_handle* result, careplug_handle* problem) {
    return guarded<Function::actions>([&] {
        Outs outs(problem, result);
        Check check(Function::actions);
        check.needed(result, "result");
        return forward<Call::actions, Patient>(patient, outs, check);
    });
}
