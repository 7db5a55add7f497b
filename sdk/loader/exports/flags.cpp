#include <set>

#include "entry.h"

using namespace careplug::loader;
using careplug::wire::Call;
using careplug::wire::Function;

namespace {

constexpr std::uint64_t most_read_at_once = 100000;

// The size of one of the host's records: its `size`, or the stride where the host left that 0. 0 is a fault.
std::size_t one_size(const void* record, std::uint64_t stride) {
    std::uint32_t size = 0;
    std::memcpy(&size, record, sizeof size);
    const std::uint64_t meant = size == 0 ? stride : size;
    return meant >= careplug::wire::first_size<careplug_flags_record> && meant <= stride
               ? static_cast<std::size_t>(meant)
               : 0;
}

// The host's records, stepped by its stride. What it overlooks a refusal for must not show an old answer: all
// read NOT_KNOWN unless the answer is complete.
class Records {
public:
    Records(void* base, std::uint64_t stride, std::uint64_t count)
        : base_(static_cast<char*>(base)), stride_(stride), count_(count) {}
    Records(const Records&) = delete;
    Records& operator=(const Records&) = delete;
    ~Records() {
        if (complete_) return;
        careplug_flags_record not_known{};
        not_known.reason = CAREPLUG_REASON_OTHER;
        for (std::uint64_t i = 0; i < count_; ++i) write(i, not_known);
    }
    void write(std::uint64_t at, const careplug_flags_record& record) {
        char* to = base_ + at * stride_;
        fill_record(to, record, one_size(to, stride_));
    }
    void complete() { complete_ = true; }

private:
    char* const base_;
    const std::uint64_t stride_;
    const std::uint64_t count_;
    bool complete_ = false;
};

// For the trace: how many were read, how many of them nobody watches, and the words that a board would draw.
class Told {
public:
    void add(const careplug_flags_record& record, bool watched) {
        ++read_;
        if (!watched) ++unwatched_;
        for (std::uint32_t i = 0; i < record.count; ++i)
            if ((record.flags[i].state & CAREPLUG_FLAG_COVERED) == 0) drawn_.insert(record.flags[i].word);
    }
    std::string words() const {
        std::string words = "flags " + std::to_string(read_) + ' ' + std::to_string(unwatched_);
        for (const std::uint32_t word : drawn_) words += ' ' + std::to_string(word);
        return words;
    }

private:
    std::size_t read_ = 0;
    std::size_t unwatched_ = 0;
    std::set<std::uint32_t> drawn_;
};

}  // namespace

careplug_status careplug_watch(careplug_handle session, const careplug_patient_key* patients, uint64_t stride,
                               uint64_t count, careplug_handle* problem) {
    return guarded<Function::watch>([&] {
        Outs outs(problem);
        Check check(Function::watch);
        const auto list = check.patients(patients, stride, count, careplug::wire::max_patients);
        if (!check.ok()) return outs.give(check.refused());
        return as_call<Function::watch, Session>(session, outs,
                                                 [&](Session& open, Session&) { return open.watch(list); });
    });
}

careplug_status careplug_flags(careplug_handle session, const careplug_patient_key* patients,
                               uint64_t patients_stride, careplug_flags_record* flags, uint64_t flags_stride,
                               uint64_t count) {
    return guarded<Function::flags>([&] {
        Outs outs;
        Check check(Function::flags);
        if (count == 0) {
            const auto found = handles().find<Session>(session);
            return found ? careplug_status{CAREPLUG_OK} : outs.give(wrong_handle(Function::flags, found));
        }
        check.needed(flags, "flags");
        if (count > most_read_at_once) check.fail("count is above " + std::to_string(most_read_at_once));
        if (flags_stride < careplug::wire::first_size<careplug_flags_record> || flags_stride > max_stride)
            check.fail("flags_stride is not the size of the host's records");
        for (std::uint64_t i = 0; i < count && check.ok(); ++i)
            if (one_size(reinterpret_cast<const char*>(flags) + i * flags_stride, flags_stride) == 0)
                check.fail("size of a record in flags is below the first version's or above its stride");
        if (!check.ok()) return outs.give(check.refused());

        Records records(flags, flags_stride, count);
        check.array(patients, patients_stride, count, most_read_at_once);
        const auto found = handles().find<Session>(session);
        std::optional<FlagsReading> reading;
        if (found) reading.emplace(*found.object);
        std::optional<Told> told;
        if (trace().on()) [[unlikely]]
            told.emplace();
        careplug_flags_record record;
        for (std::uint64_t i = 0; i < count && check.ok(); ++i) {
            const auto* key = reinterpret_cast<const char*>(patients) + i * patients_stride;
            const careplug_patient_key patient = check.patient(key, one_of_patients, patients_stride);
            if (!check.ok() || !reading) continue;
            reading->read(patient, record);
            records.write(i, record);
            if (told) told->add(record, reading->watched(patient));
        }
        if (!check.ok()) return outs.give(check.refused());
        if (!found) return outs.give(wrong_handle(Function::flags, found));
        records.complete();
        if (told) trace().handed(told->words());
        return careplug_status{CAREPLUG_OK};
    });
}

careplug_status careplug_word(careplug_handle session, uint32_t word, careplug_word_record* record) {
    return guarded<Function::word>([&] {
        Outs outs;
        Check check(Function::word);
        const std::uint32_t size = check.record(record, "record");
        if (!check.ok()) return outs.give(check.refused());
        fill_record(record, careplug_word_record{}, size);
        const auto found = handles().find<Session>(session);
        if (!found) return outs.give(wrong_handle(Function::word, found));
        if (trace().on()) [[unlikely]]
            trace().handed("word " + std::to_string(word));
        if (word == 0) return careplug_status{CAREPLUG_OK_NONE};
        fill_record(record, found.object->word(word), size);
        return careplug_status{CAREPLUG_OK};
    });
}

careplug_status careplug_flag_details(careplug_handle session, const careplug_patient_key* patient,
                                      careplug_handle* result, careplug_handle* problem) {
    return guarded<Function::flag_details>([&] {
        Outs outs(problem, result);
        Check check(Function::flag_details);
        check.needed(result, "result");
        const careplug_patient_key key = check.patient(patient);
        return forward<Call::flag_details, Session>(session, outs, check, key);
    });
}

careplug_status careplug_receipt(careplug_handle session, const careplug_patient_key* patient,
                                 int32_t receipt, const char* reason, uint64_t reason_length,
                                 careplug_handle* problem) {
    return guarded<Function::receipt>([&] {
        Outs outs(problem);
        Check check(Function::receipt);
        const careplug_patient_key key = check.patient(patient);
        check.one_of(receipt >= CAREPLUG_RECEIPT_SHOWN && receipt <= CAREPLUG_RECEIPT_NOT_SHOWN, "receipt");
        const std::string_view why = check.text(reason, reason_length, "reason");
        if (receipt == CAREPLUG_RECEIPT_OVERRIDDEN && why.empty())
            check.fail("overriding a flag needs a reason");
        return forward<Call::receipt, Session>(session, outs, check, key, receipt, why);
    });
}
