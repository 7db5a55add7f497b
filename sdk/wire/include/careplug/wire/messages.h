// The payloads that are not calls. Each has encode and a decode that yields nullopt for anything malformed.
// Hello and its answer may be longer than this side knows: parts of different releases must understand each
// other so far that they can refuse each other in words.
#ifndef CAREPLUG_WIRE_MESSAGES_H
#define CAREPLUG_WIRE_MESSAGES_H

#include <careplug/host.h>
#include <careplug/wire/bytes.h>
#include <careplug/wire/siphash.h>
#include <careplug/wire/version.h>

#include <optional>
#include <string>
#include <vector>

namespace careplug::wire {

struct Hello {
    Version version = this_version();
    std::string host_name;
    std::string settings;        // path; never empty
    bool safe_mode = false;      // start without plugins: the engine ended again and again
    std::uint32_t restarts = 0;  // of engines of this loader that ended or hung
    std::uint32_t upgrades = 0;  // of engines of this loader that made way for another
    // Takes over from an engine that still runs, and accepts only if the plugins of these kinds of host
    // start.
    bool upgrade = false;
    std::vector<std::string> kinds;
};

struct HelloAnswer {
    careplug_status status = CAREPLUG_OK;  // 100 or more: refused
    std::string sentence;                  // for a person, when refused
    std::string detail;                    // for a log
};

struct Reply {
    careplug_status status = CAREPLUG_OK;
    std::uint64_t created = 0;          // id of the new patient, panel or operation
    std::optional<std::string> result;  // also with a status of 100 or more where host.h says so
    std::string problem;                // a sentence for a person, when status is 100 or more
    std::string detail;                 // for a log: never a patient's identity
    std::string resume;                 // what a new engine needs to go on; empty: as before
    std::uint64_t patient = 0;          // whose answer it is: the id of an open patient; 0: nobody's
};

// A session whose engine ended, for a new one.
struct SessionResume {
    std::string host_kind;
    std::string workstation;
    std::string resume;  // the last that a Reply carried; empty: nobody had signed in
    // Patients and panels that the host has not closed since.
    struct Open {
        std::uint64_t id = 0;
        std::uint64_t patient = 0;  // whose it is
    };
    std::vector<Open> open;
    std::vector<careplug_patient_key> watched;
};

struct Event {
    std::int32_t kind = CAREPLUG_EVENT_NONE;
    careplug_status status = CAREPLUG_OK;
    std::uint64_t subject = 0;  // id of a request, panel or operation
    std::string body;           // empty: none
    std::uint64_t generation = 0;
    std::int64_t time = 0;
};

// Comes with the descriptor of the memory (flag_table.h).
struct Table {
    std::uint32_t generation = 0;  // 0 to 15; another one than the table before
    std::uint32_t rows = 0;        // of the table: valid_rows
    HashKey key{};
};

struct OperationState {
    std::uint64_t operation = 0;
    careplug_operation_record record{};
};

Bytes encode(const Hello& message);
Bytes encode(const HelloAnswer& message);
Bytes encode(const Reply& message);
Bytes encode(const SessionResume& message);
Bytes encode(const Event& message);
Bytes encode(const Table& message);
Bytes encode(const OperationState& message);

std::optional<Hello> decode_hello(View payload);
std::optional<HelloAnswer> decode_hello_answer(View payload);
std::optional<Reply> decode_reply(View payload);
std::optional<SessionResume> decode_session_resume(View payload);
std::optional<Event> decode_event(View payload);
std::optional<Table> decode_table(View payload);
std::optional<OperationState> decode_operation(View payload);

}  // namespace careplug::wire

#endif
