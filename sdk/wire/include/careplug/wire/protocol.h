// How the loader (in the vendor's process) and the engine speak. Both sides include this header; both trust
// nothing they receive.
//
// PROCESS
//   The loader makes one AF_UNIX stream socket pair, `control`, and starts `careplug-engine` that lies beside
//   libcareplug.so. The engine inherits descriptor 3 (its end of control) and 0, 1, 2 (/dev/null), nothing
//   else; its environment is LANG=C.UTF-8 alone; it is a session leader, so signals of the host's terminal do
//   not reach it. End of file on control means that the host closed the loader or died: the engine must exit.
//
// CONTROL, descriptor 3
//   loader -> engine  Frame::hello (Hello): first frame, with the descriptor of the jail's program.
//   engine -> loader  Frame::hello_answer (HelloAnswer): accepted, or refused with a status and a sentence
//   for a
//                     person (REFUSED_VERSION, REFUSED_STORAGE, REFUSED_ARGUMENT). After a refusal the engine
//                     exits.
//   loader -> engine  the call session_open with two descriptors by SCM_RIGHTS: [0] `calls`, [1] `events`.
//   loader -> engine  Frame::session_resume (SessionResume), with the same descriptors: a session of an
//   engine
//                     that ended. Patients, panels and operations get their former ids once the same person
//                     is signed in again; then EVENT_ENGINE with status 0 says what is open again.
//   engine -> loader  Frame::successor, empty: another engine was installed in the place of this one. The
//   loader
//                     starts it beside this one, greets it with the kinds of host whose sessions it is to
//                     take over, and believes in it once it accepted.
//   loader -> engine  Frame::stay (a sentence): the other did not start. This one goes on as before.
//   loader -> engine  Frame::retire, empty: the other has the sessions. This one finishes what it does and
//   exits. engine -> loader  Frame::reply to either. With a status of 100 or more the engine closes both
//   descriptors. Sessions are not named on the wire: a session is its pair of sockets. The engine serves each
//   session on threads of its own, so sessions run in parallel.
//
// CALLS, one socket per session, strictly request and reply
//   loader -> engine  a frame whose kind is a Call: the id of the object it is called on (0 for the session
//                     itself), then the parameters of its Signature (calls.h).
//   engine -> loader  Frame::reply with the same sequence. An answer about a patient or a panel names the
//                     patient whose plan was looked at; where that is another than the one asked about, the
//                     answer reaches nobody and the engine is ended. Past the deadline of a call the loader
//                     ends the engine and starts another. What a new engine would need travels in
//                     Reply::resume, sealed by the engine: the loader keeps the last and cannot read it.
//   loader -> engine  Frame::table (Table) with the descriptor of a flag table (flag_table.h) by SCM_RIGHTS:
//   first
//                     after session_open, and again where more patients are watched than it has room for. The
//                     engine maps it, holds its mutex with the thread that serves the calls, writes every row
//                     and word of the session into it, lets go of the one before, and replies. The memory is
//                     sealed: it can neither shrink nor grow.
//   End of file on calls, or the call session_close, ends the session: drafts are kept.
//
// FLAGS, in the table
//   The engine says that it lives twice a second. After each `watch` it writes a row for every patient
//   watched, takes away the rows of others, and only then replies; later it writes again whatever changes. A
//   row is good until its deadline on the boot clock; what is still fresh is written again before then. Words
//   are written before the rows that use them, and rows before their EVENT_FLAGS. not_known_word is what the
//   loader draws when an answer is stale.
//
// EVENTS, one socket per session, engine -> loader only
//   Frame::event       (Event)          one careplug_event.
//   Frame::operation   (OperationState) state for careplug_operation; before the EVENT_OPERATION of
//                                       completion.
//   The loader drains this socket in every event and call of the session. A host that makes none of them lets
//   the socket fill: write from a thread of its own with a queue, never from the thread that answers calls.
//
// IDS
//   Patients, panels, operations and requests have ids given by the engine: any number but 0, unique in the
//   session, never used again. The loader shows the host handles of its own.
//
// FRAME
//   u32 length of the payload, u32 kind, u64 sequence, payload; little-endian, fixed width, no padding, so
//   that 32-bit and 64-bit processes agree. Text is u32 length and bytes. A record is u32 size and fields: a
//   shorter record has its missing fields zero, a longer one is cut (records grow at the end).
#ifndef CAREPLUG_WIRE_PROTOCOL_H
#define CAREPLUG_WIRE_PROTOCOL_H

#include <cstddef>
#include <cstdint>

namespace careplug::wire {

inline constexpr int control_descriptor = 3;
inline constexpr std::size_t header_bytes = 16;
inline constexpr std::size_t max_payload_bytes = std::size_t{32} << 20;
// Of one watch.
inline constexpr std::uint32_t max_patients = 1000;

// Kinds of frame that are not calls. A call's kind is its Call, which is below 1000.
enum class Frame : std::uint32_t {
    hello = 1000,
    hello_answer = 1001,
    reply = 1002,
    event = 1003,
    table = 1004,
    operation = 1005,
    session_resume = 1006,
    successor = 1007,
    stay = 1008,
    retire = 1009,
};

}  // namespace careplug::wire

#endif
