// The sizes of the records that a host makes, as the first version of the contract has them. A record grows
// at its end, and a host compiled with an earlier one goes on: no size from here up is refused.
#ifndef CAREPLUG_WIRE_FIRST_SIZE_H
#define CAREPLUG_WIRE_FIRST_SIZE_H

#include <careplug/host.h>

#include <cstddef>

namespace careplug::wire {

// Up to the end of the last member that the first version has.
template <class Record>
inline constexpr std::size_t first_size = 0;

#define CAREPLUG_FIRST_SIZE(record, last) \
    template <>                           \
    inline constexpr std::size_t first_size<record> = offsetof(record, last) + sizeof(record::last)

CAREPLUG_FIRST_SIZE(careplug_offer, candidate);
CAREPLUG_FIRST_SIZE(careplug_answer, sentence);
CAREPLUG_FIRST_SIZE(careplug_patient_key, birth_date);
CAREPLUG_FIRST_SIZE(careplug_event, time);
CAREPLUG_FIRST_SIZE(careplug_flags_record, flags);
CAREPLUG_FIRST_SIZE(careplug_word_record, words);
CAREPLUG_FIRST_SIZE(careplug_operation_record, revision);

#undef CAREPLUG_FIRST_SIZE

}  // namespace careplug::wire

#endif
