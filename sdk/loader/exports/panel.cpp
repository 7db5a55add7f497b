#include "entry.h"

using namespace careplug::loader;
using careplug::wire::Call;
using careplug::wire::Function;

namespace {

template <Call call>
careplug_status read_panel(careplug_handle panel, careplug_handle* result, careplug_handle* problem) {
    constexpr Function function = careplug::wire::signature(call).function;
    return guarded<function>([&] {
        Outs outs(problem, result);
        Check check(function);
        check.needed(result, "result");
        return forward<call, Panel>(panel, outs, check);
    });
}

bool is_intent(std::int32_t intent) {
    return intent >= CAREPLUG_INTENT_SUBMIT && intent <= CAREPLUG_INTENT_ENTERED_IN_ERROR;
}

}  // namespace

careplug_status careplug_panel_open(careplug_handle patient, const char* action, uint64_t action_length,
                                    careplug_handle* panel, careplug_handle* problem) {
    return guarded<Function::panel_open>([&] {
        Outs outs(problem, panel);
        Check check(Function::panel_open);
        check.needed(panel, "panel");
        const std::string_view which = check.text(action, action_length, "action");
        if (!check.ok()) return outs.give(check.refused());
        return as_call<Function::panel_open, Patient>(patient, outs, [&](Session& session, Patient& open) {
            Answer answer = session.call(
                Call::panel_open, careplug::wire::encode<Call::panel_open>(open.id, which), whose(open));
            if (answer.status < CAREPLUG_REFUSED) {
                *panel = session.add_panel(patient, open, answer.created);
                if (*panel == 0) return session.lose_engine("the engine gave the id of a panel twice");
            }
            return answer;
        });
    });
}

careplug_status careplug_panel_view(careplug_handle panel, careplug_handle* result,
                                    careplug_handle* problem) {
    return read_panel<Call::panel_view>(panel, result, problem);
}

careplug_status careplug_panel_form(careplug_handle panel, careplug_handle* result,
                                    careplug_handle* problem) {
    return read_panel<Call::panel_form>(panel, result, problem);
}

careplug_status careplug_panel_response(careplug_handle panel, careplug_handle* result,
                                        careplug_handle* problem) {
    return read_panel<Call::panel_response>(panel, result, problem);
}

careplug_status careplug_panel_summary(careplug_handle panel, careplug_handle* result,
                                       careplug_handle* problem) {
    return read_panel<Call::panel_summary>(panel, result, problem);
}

careplug_status careplug_panel_update(careplug_handle panel, const char* items, uint64_t items_length,
                                      careplug_handle* result, careplug_handle* problem) {
    return guarded<Function::panel_update>([&] {
        Outs outs(problem, result);
        Check check(Function::panel_update);
        check.needed(result, "result");
        const std::string_view answers = check.text(items, items_length, "items");
        return forward<Call::panel_update, Panel>(panel, outs, check, answers);
    });
}

careplug_status careplug_panel_validate(careplug_handle panel, int32_t intent, careplug_handle* result,
                                        careplug_handle* problem) {
    return guarded<Function::panel_validate>([&] {
        Outs outs(problem, result);
        Check check(Function::panel_validate);
        check.needed(result, "result");
        check.one_of(is_intent(intent), "intent");
        return forward<Call::panel_validate, Panel>(panel, outs, check, intent);
    });
}

careplug_status careplug_panel_submit(careplug_handle panel, int32_t intent, careplug_handle* operation,
                                      careplug_handle* problem) {
    return guarded<Function::panel_submit>([&] {
        Outs outs(problem, operation);
        Check check(Function::panel_submit);
        check.needed(operation, "operation");
        check.one_of(is_intent(intent), "intent");
        if (!check.ok()) return outs.give(check.refused());
        return as_call<Function::panel_submit, Panel>(panel, outs, [&](Session& session, Panel& open) {
            Answer answer = session.call(
                Call::panel_submit, careplug::wire::encode<Call::panel_submit>(open.id, intent), whose(open));
            if (answer.status < CAREPLUG_REFUSED) *operation = session.operation_handle(answer.created);
            return answer;
        });
    });
}

careplug_status careplug_panel_resolve(careplug_handle panel, const char* unit, uint64_t unit_length,
                                       int32_t keep, careplug_handle* result, careplug_handle* problem) {
    return guarded<Function::panel_resolve>([&] {
        Outs outs(problem, result);
        Check check(Function::panel_resolve);
        check.needed(result, "result");
        const std::string_view which = check.text(unit, unit_length, "unit");
        check.one_of(keep == CAREPLUG_KEEP_MINE || keep == CAREPLUG_KEEP_THEIRS, "keep");
        return forward<Call::panel_resolve, Panel>(panel, outs, check, which, keep);
    });
}

careplug_status careplug_panel_reveal(careplug_handle panel, const char* link_id, uint64_t link_id_length,
                                      careplug_handle* result, careplug_handle* problem) {
    return guarded<Function::panel_reveal>([&] {
        Outs outs(problem, result);
        Check check(Function::panel_reveal);
        check.needed(result, "result");
        const std::string_view which = check.text(link_id, link_id_length, "link_id");
        return forward<Call::panel_reveal, Panel>(panel, outs, check, which);
    });
}

careplug_status careplug_panel_discard(careplug_handle panel, careplug_handle* problem) {
    return guarded<Function::panel_discard>([&] {
        Outs outs(problem);
        return forward<Call::panel_discard, Panel>(panel, outs, Check(Function::panel_discard));
    });
}

careplug_status careplug_panel_close(careplug_handle panel) {
    return guarded<Function::panel_close>([&] {
        Outs outs;
        return as_call<Function::panel_close, Panel>(panel, outs, [&](Session& session, Panel& open) {
            Answer answer =
                session.call(Call::panel_close, careplug::wire::encode<Call::panel_close>(open.id));
            const bool gone_there = answer.status == CAREPLUG_REFUSED_HANDLE;
            if (gone_there) answer = {};
            if (answer.status < CAREPLUG_REFUSED || answer.status >= CAREPLUG_FAILED)
                session.close_panel(panel, Function::panel_close);
            return answer;
        });
    });
}
