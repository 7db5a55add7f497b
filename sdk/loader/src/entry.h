// What every exported function does before and after its own work: keep exceptions inside, check what the
// host passed, find the object, take the session's one call.
#ifndef CAREPLUG_LOADER_ENTRY_H
#define CAREPLUG_LOADER_ENTRY_H

#include <careplug/host.h>
#include <careplug/wire/first_size.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <new>
#include <optional>

#include "loader.h"
#include "mistakes.h"
#include "trace.h"

namespace careplug::loader {

template <class Work>
careplug_status without_exceptions(Work&& work) noexcept {
    try {
        return work();
    } catch (const std::bad_alloc&) {
        return CAREPLUG_REFUSED_STORAGE;
    } catch (...) {
        return CAREPLUG_FAILED;
    }
}

// Apart, so that a call that is not traced does not carry the clock.
template <wire::Function function, class Work>
[[gnu::noinline]] careplug_status traced(Work& work) noexcept {
    const auto start = std::chrono::steady_clock::now();
    const careplug_status status = without_exceptions(work);
    without_exceptions([&] {
        trace().call(function, status, std::chrono::steady_clock::now() - start);
        return status;
    });
    return status;
}

template <wire::Function function, class Work>
careplug_status guarded(Work&& work) noexcept {
    if (trace().on()) [[unlikely]]
        return traced<function>(work);
    return without_exceptions(work);
}

// No record of any version is larger.
inline constexpr std::uint32_t max_record = 1U << 16;
inline constexpr std::uint64_t max_stride = 1U << 20;
inline constexpr const char* one_of_patients = "a patient in patients";

// Checks arguments and remembers the first fault.
class Check {
public:
    explicit Check(wire::Function function) : function_(function) {}
    std::string_view text(const char* data, std::uint64_t length, const char* name);
    void needed(const void* pointer, const char* name);
    void one_of(bool right, const char* name);
    // The size of a record that the host sized; 0 and a fault where it is below the first version's.
    template <class Record>
    std::uint32_t record(const Record* record, const char* name);
    careplug_patient_key patient(const void* record, const char* name = "patient",
                                 std::uint64_t room = max_record);
    void array(const void* base, std::uint64_t stride, std::uint64_t count, std::uint64_t most);
    std::vector<careplug_patient_key> patients(const void* base, std::uint64_t stride, std::uint64_t count,
                                               std::uint64_t most);
    void fail(const std::string& what);

    bool ok() const { return what_.empty(); }
    Answer refused() const;

private:
    wire::Function function_;
    std::string what_;
};

// Fills a record of the host's: as much as both sides know, the rest of its size zero. `size` is the host's.
template <class Record>
void fill_record(void* to, const Record& from, std::size_t size) {
    static_assert(offsetof(Record, size) == 0);
    const auto known = static_cast<std::uint32_t>(std::min(sizeof(Record), size));
    // Of one release, as nearly always: a copy of a size that the compiler knows.
    if (known == sizeof(Record))
        std::memcpy(to, &from, sizeof(Record));
    else
        std::memcpy(to, &from, known);
    std::memset(static_cast<char*>(to) + known, 0, size - known);
    std::memcpy(to, &known, std::min(sizeof known, size));
}

// For records that the host sized: 0 where `size` is below the first version's, and nothing may be written.
template <class Record>
std::uint32_t record_size(const Record* record) {
    static_assert(wire::first_size<Record> > 0, "the size of the record's first version is stated");
    std::uint32_t size = 0;
    if (record) std::memcpy(&size, record, sizeof size);
    return size >= wire::first_size<Record> && size <= max_record ? size : 0;
}

template <class Record>
std::uint32_t Check::record(const Record* record, const char* name) {
    const std::uint32_t size = record_size(record);
    if (!record) fail(std::string(name) + " is null");
    if (size == 0) fail(std::string("size of ") + name + " is not set to the size of the record");
    return size;
}

// What the table says of the session's state; the engine knows the states that the loader does not.
template <wire::Function function>
std::optional<Answer> refused_state(Session& session) {
    const wire::State state = session.state();
    if (wire::allowed(function, state)) return std::nullopt;
    if (state == wire::State::session_closed) return closed_session(function, session.closed_by());
    return session.gone("the engine ended earlier");
}

inline Session& session_of(Session& session) {
    return session;
}
template <class T>
Session& session_of(T& object) {
    return *object.session;
}

// The id of the patient whose answers a call on this object gets.
inline std::uint64_t whose(const Patient& patient) {
    return patient.id;
}
inline std::uint64_t whose(const Panel& panel) {
    return panel.patient;
}
template <class T>
std::uint64_t whose(const T&) {
    return 0;
}

// Runs `work(session, object)` as the session's one call.
template <wire::Function function, class T, class Work>
careplug_status as_call(careplug_handle handle, Outs& outs, Work&& work) {
    auto found = handles().find<T>(handle);
    if (!found) return outs.give(wrong_handle(function, found));
    const std::shared_ptr<T> object = found.object;
    Session& session = session_of(*object);
    const Turn turn = session.take_turn(function);
    if (!turn) return outs.give(overlapping(function, session.running()));
    // The call that ran before may have closed it.
    found = handles().find<T>(handle);
    if (!found) return outs.give(wrong_handle(function, found));
    session.look();
    if (auto refused = refused_state<function>(session)) return outs.give(std::move(*refused));
    Answer answer = work(session, *object);
    if (answer.status == CAREPLUG_REFUSED_HANDLE) {
        if constexpr (T::kind == Kind::panel) session.close_panel(handle, wire::Function::none);
        if constexpr (T::kind == Kind::patient) session.close_patient(handle, wire::Function::none);
    }
    return outs.give(std::move(answer));
}

// A call whose reply needs nothing but its outs.
template <wire::Call call, class T, class... Arguments>
careplug_status forward(careplug_handle handle, Outs& outs, const Check& check,
                        const Arguments&... arguments) {
    if (!check.ok()) return outs.give(check.refused());
    return as_call<wire::signature(call).function, T>(handle, outs, [&](Session& session, T& object) {
        std::uint64_t id = 0;
        if constexpr (T::kind != Kind::session) id = object.id;
        return session.call(call, wire::encode<call>(id, arguments...), whose(object));
    });
}

}  // namespace careplug::loader

#endif
