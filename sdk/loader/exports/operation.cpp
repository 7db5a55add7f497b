#include "entry.h"

using namespace careplug::loader;
using careplug::wire::Call;
using careplug::wire::Function;

careplug_status careplug_operation(careplug_handle operation, careplug_operation_record* record) {
    return guarded<Function::operation>([&] {
        Outs outs;
        Check check(Function::operation);
        const std::uint32_t size = check.record(record, "record");
        if (!check.ok()) return outs.give(check.refused());
        fill_record(record, careplug_operation_record{}, size);
        const auto found = handles().find<Operation>(operation);
        if (!found) return outs.give(wrong_handle(Function::operation, found));
        fill_record(record, found.object->session->operation(found.object->id), size);
        return careplug_status{CAREPLUG_OK};
    });
}

careplug_status careplug_operation_cancel(careplug_handle operation, careplug_handle* problem) {
    return guarded<Function::operation_cancel>([&] {
        Outs outs(problem);
        return forward<Call::operation_cancel, Operation>(operation, outs, Check(Function::operation_cancel));
    });
}
