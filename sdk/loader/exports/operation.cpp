#include "entry.h"

using namespace careplug::loader;
using careplug::wire::Call;

careplug_status careplug_operation(careplug_handle operation, careplug_operation_record* record) {
    return guarded([&] {
        const std::uint32_t size = record_size(record);
        if (size == 0) return careplug_status{CAREPLUG_REFUSED_ARGUMENT};
        fill_record(record, careplug_operation_record{}, size);
        const auto found = handles().find<Operation>(operation);
        if (!found) return careplug_status{CAREPLUG_REFUSED_HANDLE};
        fill_record(record, found.object->session->operation(found.object->id), size);
        return careplug_status{CAREPLUG_OK};
    });
}

careplug_status careplug_operation_cancel(careplug_handle operation, careplug_handle* problem) {
    return guarded([&] {
        Outs outs(problem);
        return forward<Call::operation_cancel, Operation>(operation, outs, Check());
    });
}
