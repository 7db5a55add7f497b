// The ABI's records as bytes: u32 size of the fields that follow, then the fields. Decoded records have
// `size` set to sizeof of this side's struct, whatever the other side sent.
#ifndef CAREPLUG_WIRE_RECORDS_H
#define CAREPLUG_WIRE_RECORDS_H

#include <careplug/host.h>
#include <careplug/wire/bytes.h>

namespace careplug::wire {

void write(Writer& out, const careplug_patient_key& record);
void write(Writer& out, const careplug_operation_record& record);

void read(Reader& in, careplug_patient_key& record);
void read(Reader& in, careplug_operation_record& record);

}  // namespace careplug::wire

#endif
