#include <careplug/wire/records.h>

#include <algorithm>

namespace careplug::wire {
namespace {

// Both directions from one list of fields: `Fields` visits them in wire order.
struct Put {
    Writer& out;
    void operator()(const std::int32_t& value) { out.i32(value); }
    void operator()(const std::uint32_t& value) { out.u32(value); }
    void operator()(const std::int64_t& value) { out.i64(value); }
    template <std::size_t size>
    void operator()(const std::uint8_t (&value)[size]) {
        out.raw(value);
    }
};

// Reads a field only where all of it is there: an older side's record ends before it.
struct Get {
    Reader& in;
    void operator()(std::int32_t& value) { value = in.remaining() >= 4 ? in.i32() : 0; }
    void operator()(std::uint32_t& value) { value = in.remaining() >= 4 ? in.u32() : 0; }
    void operator()(std::int64_t& value) { value = in.remaining() >= 8 ? in.i64() : 0; }
    template <std::size_t size>
    void operator()(std::uint8_t (&value)[size]) {
        if (in.remaining() >= size) in.fill(value);
    }
};

template <class Visitor, class Record>
requires std::is_same_v<std::remove_const_t<Record>, careplug_patient_key>
void fields(Visitor visit, Record& record) {
    visit(record.number_status);
    visit(record.nhs_number);
    visit(record.birth_date);
}

template <class Visitor, class Record>
requires std::is_same_v<std::remove_const_t<Record>, careplug_operation_record>
void fields(Visitor visit, Record& record) {
    visit(record.state);
    visit(record.status);
    visit(record.revision);
}

template <class Record>
void put(Writer& out, const Record& record) {
    Writer inner;
    fields(Put{inner}, record);
    const Bytes bytes = inner.take();
    out.u32(static_cast<std::uint32_t>(bytes.size()));
    out.raw(bytes);
}

template <class Record>
void get(Reader& in, Record& record) {
    record = Record{};
    record.size = sizeof(Record);
    Reader inner(in.raw(in.u32()));
    fields(Get{inner}, record);
}

}  // namespace

void write(Writer& out, const careplug_patient_key& record) {
    put(out, record);
}
void write(Writer& out, const careplug_operation_record& record) {
    put(out, record);
}

void read(Reader& in, careplug_patient_key& record) {
    get(in, record);
}
void read(Reader& in, careplug_operation_record& record) {
    get(in, record);
}

}  // namespace careplug::wire
