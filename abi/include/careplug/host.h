/* careplug/host.h - what the vendor of a clinical system calls.
 *
 * Link to (or load at run time) libcareplug. It needs libc alone, starts the engine beside itself, and
 * calls no function of the host: whatever the engine needs is asked by an event that the host pulls.
 *
 *   careplug_open -> careplug_session_open -> (answer the identity request)
 *     -> careplug_watch, careplug_flags             flags on lists and boards
 *     -> careplug_patient_open                      a record is opened
 *          -> careplug_actions                      buttons to draw in the record
 *          -> careplug_panel_open ... panel_close   read and edit
 *        careplug_patient_may_close, careplug_patient_close
 *   -> careplug_session_close -> careplug_close
 *
 * Every function that can fail takes `problem` last: null, or where to put a handle whose text is a
 * sentence for a person. It is 0 when the status is below 100. Results and problems belong to the
 * caller, live in memory of the loader, outlive session and engine, and are given back with
 * careplug_release. The documents inside results are described in docs/abi-documents.md.
 *
 * Any function may answer REFUSED_ARGUMENT and REFUSED_HANDLE for a mistake of the host; a function whose
 * thread is `session` also REFUSED_BUSY, REFUSED_TIMEOUT past its deadline, and FAILED_ENGINE. `problem`
 * then names the function and the mistake. Outs are 0 after a refusal unless said otherwise. The states in
 * which each function is allowed stand in docs/states.md.
 *
 * SIGNING IN
 *  1 careplug_session_open    the session starts signed out
 *  2 careplug_wait_handle     wait for it, or look regularly
 *  3 careplug_next_event      EVENT_REQUEST, whose body is {"request": "identity", ...}
 *  4 careplug_complete        with the document `identity`, or 100-199 where nobody is signed in
 *  5 careplug_next_event      EVENT_SESSION with status 0, or refused with a sentence
 *  From 3 again before the identity runs out; then, and after a refusal, the session is signed out.
 *
 * LEAVING A PATIENT
 *  1 careplug_patient_may_close  before the screen goes: OK, OK_DRAFT_KEPT and OK_QUEUED say that nothing
 *                                is lost; REFUSED_STAY says why the person should stay: show it and ask
 *  2 careplug_panel_close        for each panel; may be left out
 *  3 careplug_patient_close      whatever 1 answered; every handle under the patient is dead from here on
 */
#ifndef CAREPLUG_HOST_H
#define CAREPLUG_HOST_H

#include <careplug/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#ifdef CAREPLUG_LOADER_BUILD
#define CAREPLUG_API __declspec(dllexport)
#else
#define CAREPLUG_API __declspec(dllimport)
#endif
#else
#define CAREPLUG_API __attribute__((visibility("default")))
#endif

/* ---- Loader ------------------------------------------------------------------------------- */

/* What the host speaks. Set size, then the version macros this host was compiled with. */
typedef struct careplug_offer {
  uint32_t size;
  int32_t major;
  int32_t minor;
  int32_t candidate;
} careplug_offer;

/* What the loader picked. On refusal only `sentence` is set: UTF-8, NUL-terminated, naming both
 * versions and the remedy. */
typedef struct careplug_answer {
  uint32_t size;
  int32_t major;
  int32_t minor;
  int32_t candidate;
  uint8_t sentence[256];
} careplug_answer;

/* Starts the engine; this once it may take up to 10 s. host_name names the vendor's product and version, for
 * the log. settings is the path of the administrator's settings file; absent means
 * /etc/careplug/settings.json. *loader is closed with careplug_close. A process may open several.
 * Refused: VERSION, ARGUMENT, STORAGE or TIMEOUT, failed: FAILED_ENGINE, each with the reason in
 * answer->sentence and in `problem`. [any-thread | any | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_open(const careplug_offer *offer, careplug_answer *answer,
                                                         const char *host_name, uint64_t host_name_length,
                                                         const char *settings, uint64_t settings_length,
                                                         careplug_handle *loader, careplug_handle *problem);

/* Closes every session and ends the engine, also while another thread is in a call, which then answers
 * FAILED_ENGINE. Results and problems stay. Never refused for a live handle.
 * [any-thread | loader | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_close(careplug_handle loader);

/* ---- Results and problems ----------------------------------------------------------------- */

/* The bytes of a result or the sentence of a problem: UTF-8, also NUL-terminated, valid until
 * careplug_release. [any-thread | any | instant] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_result(careplug_handle result, const char **data,
                                                           uint64_t *length);

/* Technical detail of a problem, for a log: never a patient's identity. Same lifetime as
 * careplug_result. [any-thread | any | instant] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_problem_detail(careplug_handle problem, const char **data,
                                                                   uint64_t *length);

/* Gives a result, problem or operation back; a second time it is refused with HANDLE. Sessions, patients and
 * panels are closed by their own functions. An operation goes on without its handle.
 * [any-thread | any | instant] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_release(careplug_handle handle);

/* ---- Session: one signed-in user at one workstation --------------------------------------- */

/* host_kind ("gp", "ooh", "ae") picks the plugin by the settings. workstation is for audit. The session
 * asks for the user's identity by an event at once, and again before it expires; until it is answered
 * every flag is NOT_KNOWN and patients are refused with SIGNED_OUT. FAILED_PLUGIN: no plugin for this kind
 * could be loaded. *session is closed with careplug_session_close. [any-thread | loader | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_session_open(careplug_handle loader, const char *host_kind,
                                                                 uint64_t host_kind_length,
                                                                 const char *workstation,
                                                                 uint64_t workstation_length,
                                                                 careplug_handle *session,
                                                                 careplug_handle *problem);

/* Closes patients and panels (drafts are kept), and forgets the identity. Every handle of the session is
 * dead, except operations, which stay readable until they are released. [session | session | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_session_close(careplug_handle session);

/* Who is signed in and the state of the exchange: result `session-state`. [session | session | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_session_state(careplug_handle session,
                                                                  careplug_handle *result,
                                                                  careplug_handle *problem);

/* ---- Events, pulled ----------------------------------------------------------------------- */

/* An unknown kind is to be released and ignored. */
#define CAREPLUG_EVENT_NONE 0
#define CAREPLUG_EVENT_REQUEST 1   /* answer with careplug_complete(subject); body says what is asked */
#define CAREPLUG_EVENT_SESSION 2   /* identity accepted (status 0) or refused; body: a sentence */
#define CAREPLUG_EVENT_FLAGS 3     /* flags changed: read them again; generation */
#define CAREPLUG_EVENT_PANEL 4     /* the panel `subject` changed: read its view again */
#define CAREPLUG_EVENT_OPERATION 5 /* the operation `subject` is complete: status; body: result `outcome` */
#define CAREPLUG_EVENT_EXCHANGE 6  /* status 0 reachable again, otherwise unreachable */
#define CAREPLUG_EVENT_ENGINE 7    /* the engine stopped and another is started; see below */

/* EVENT_ENGINE with FAILED_ENGINE: the engine stopped, was too late or broke its protocol. Its body is a
 * sentence. Flags are NOT_KNOWN over what was last known, calls answer FAILED_ENGINE, and handles stay. The
 * loader starts another engine, which asks for the identity again. Once the same person is signed in, patients,
 * panels and operations go on under the same handles, and EVENT_ENGINE with status 0 brings the document
 * `engine-resumed`. Requests of the former engine are answered no more. */

typedef struct careplug_event {
  uint32_t size;
  int32_t kind;
  careplug_status status;
  int32_t reserved; /* zero */
  careplug_handle subject; /* request, panel or operation; 0 where the kind names none */
  careplug_handle body;    /* a result to release, or 0 */
  uint64_t generation;     /* of the flags, for EVENT_FLAGS */
  int64_t time;
} careplug_event;

/* A descriptor (Linux) or event HANDLE (Windows) that is readable while events wait. It belongs to the
 * session: poll it, never read or close it. [any-thread | session | instant] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_wait_handle(careplug_handle session, int64_t *wait_handle);

/* The oldest event, or OK_NONE with kind NONE. Each event is given once. Set event->size first; a body that
 * is not 0 is the caller's to release. [any-thread | session | instant] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_next_event(careplug_handle session, careplug_event *event);

/* Answers a request, once. status 0 with the body asked for, or 100-199 for "cannot" with a sentence. The
 * request is the `subject` of an EVENT_REQUEST of this session; refused, it may be answered again. Whether
 * an identity was accepted is told by EVENT_SESSION.
 * [session | session | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_complete(careplug_handle session, careplug_handle request,
                                                             careplug_status status, const char *body,
                                                             uint64_t body_length, careplug_handle *problem);

/* ---- Flags -------------------------------------------------------------------------------- */

#define CAREPLUG_FLAGS_MAX 12

/* The flag is of an answer that is no longer fresh: draw outlined, with "as of {checked}". */
#define CAREPLUG_FLAG_LAST_KNOWN 1u
/* Changed since this session first saw it, at `changed`, and not acknowledged. */
#define CAREPLUG_FLAG_CHANGED 2u
/* Covered on a board by a flag of the same slot: count it as "+n" there, draw it in a banner. */
#define CAREPLUG_FLAG_COVERED 4u

typedef struct careplug_flag {
  uint32_t word;  /* for careplug_word; 0 is no flag */
  uint32_t state; /* CAREPLUG_FLAG_ bits; unknown bits are ignored */
  int64_t changed; /* 0 unless FLAG_CHANGED */
} careplug_flag;

/* The flags of one patient, in the order in which to draw them. The knowledge is a field of its own and
 * also a flag where the data set has words for it: the first, or the second where the policy puts the CPR
 * decision before it. Zeroed: not known. */
typedef struct careplug_flags_record {
  uint32_t size;
  int32_t knowledge;      /* CAREPLUG_KNOWLEDGE_ */
  int32_t last_knowledge; /* what was known before, when knowledge is NOT_KNOWN and flags remain */
  int32_t reason;         /* CAREPLUG_REASON_, when NOT_KNOWN */
  uint32_t revision;      /* of the published plan; 0 where there is none */
  uint32_t count;         /* of flags */
  int64_t checked;        /* when the exchange last confirmed this; 0 never */
  int64_t amended;        /* when the plan last changed; 0 not known */
  int64_t since;          /* since when it is not known; 0 otherwise */
  careplug_flag flags[CAREPLUG_FLAGS_MAX];
} careplug_flags_record;

/* The short words of a flag and what it is. id is the data set's ("dnacpr"). An unknown word yields
 * "Open plan" in the CPR slot. Zero-padded UTF-8. */
typedef struct careplug_word_record {
  uint32_t size;
  int32_t slot;
  uint8_t id[32];
  uint8_t words[64];
} careplug_word_record;

/* Names the patients that this session's screens show, replacing the earlier list. Flags of others are
 * NOT_KNOWN. At most 1000. [session | session | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_watch(careplug_handle session,
                                                          const careplug_patient_key *patients,
                                                          uint64_t stride, uint64_t count,
                                                          careplug_handle *problem);

/* Reads flags from memory; never waits. Record i answers for patient i. What is past its deadline, or
 * was never asked, or whose engine is gone, reads NOT_KNOWN. Set the size of each record, or leave it 0 for
 * flags_stride. At most 100000. Refused for a wrong session or patient, every record reads NOT_KNOWN;
 * refused for the array of records itself, nothing is written. [any-thread | session | instant] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_flags(careplug_handle session,
                                                          const careplug_patient_key *patients,
                                                          uint64_t patients_stride,
                                                          careplug_flags_record *flags, uint64_t flags_stride,
                                                          uint64_t count);

/* The words of a flag. Set record->size first. OK_NONE for 0; never refused for a word that is not known.
 * [any-thread | session | instant] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_word(careplug_handle session, uint32_t word,
                                                         careplug_word_record *record);

/* The long words of one patient's flags: result `flag-details`. [session | session | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_flag_details(careplug_handle session,
                                                                 const careplug_patient_key *patient,
                                                                 careplug_handle *result,
                                                                 careplug_handle *problem);

#define CAREPLUG_RECEIPT_SHOWN 1
#define CAREPLUG_RECEIPT_OPENED 2
#define CAREPLUG_RECEIPT_ACKNOWLEDGED 3 /* ends FLAG_CHANGED for this session */
#define CAREPLUG_RECEIPT_OVERRIDDEN 4   /* reason required */
#define CAREPLUG_RECEIPT_NOT_SHOWN 5

/* What the host did with a patient's flags. reason may be absent except where required.
 * [session | session | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_receipt(careplug_handle session,
                                                            const careplug_patient_key *patient,
                                                            int32_t receipt, const char *reason,
                                                            uint64_t reason_length, careplug_handle *problem);

/* ---- Patient context ---------------------------------------------------------------------- */

/* The basis of the relationship. An unknown value is refused. */
#define CAREPLUG_BASIS_REGISTERED 1   /* registered at this practice */
#define CAREPLUG_BASIS_CASELOAD 2     /* on this team's caseload */
#define CAREPLUG_BASIS_URGENT_CASE 3  /* an open urgent case or attendance */
#define CAREPLUG_BASIS_SELF_CLAIMED 4 /* reason required */

/* A record is opened. name is "Family, Given" as the host shows it. Refused with IDENTITY, and the reason
 * as a sentence, when the number is missing, wrong or not verified, or the birth date differs from the
 * plan's (hazard H1). OK_DIFFERENT_NAME: opened, show the warning that the panel's view carries.
 * SIGNED_OUT until the identity was accepted. Nothing is opened when refused; *patient is closed with
 * careplug_patient_close. The session asks for the record by an event, for pre-filling.
 * [session | session | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_patient_open(careplug_handle session,
                                                                 const careplug_patient_key *key,
                                                                 const char *name, uint64_t name_length,
                                                                 int32_t basis, const char *reason,
                                                                 uint64_t reason_length,
                                                                 careplug_handle *patient,
                                                                 careplug_handle *problem);

/* Whether the record may be left now: OK, OK_DRAFT_KEPT, OK_QUEUED, or REFUSED_STAY with the reason in
 * `problem`. Changes nothing. [session | patient | switch] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_patient_may_close(careplug_handle patient,
                                                                      careplug_handle *problem);

/* Leaves the record; cannot be refused for a live handle, except BUSY. Drafts are kept; panels close; late
 * answers are dropped; every handle under it is refused from now on, also when this answers FAILED_ENGINE.
 * [session | patient | switch] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_patient_close(careplug_handle patient);

/* The buttons to draw in the record: result `actions`. [session | patient | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_actions(careplug_handle patient, careplug_handle *result,
                                                            careplug_handle *problem);

/* ---- Panel: read and edit ----------------------------------------------------------------- */
/* A panel shows or edits the plan of one open patient.
 * 1 careplug_panel_open      an action of careplug_actions
 * 2 careplug_panel_view      what to draw; again after each EVENT_PANEL: header, summary, items, messages
 *   (or careplug_panel_form and careplug_panel_response, for hosts that render FHIR forms)
 * 3 careplug_panel_update    each time an answer changes; on disk before it returns
 * 4 careplug_panel_validate  what is missing or contradicts
 * 5 careplug_panel_submit    gives an operation; EVENT_OPERATION completes it
 *   careplug_panel_resolve   after a conflict, for each unit; then submit again
 * 6 careplug_panel_close     the draft stays unless it was published or discarded */

/* Opens a panel for an action id that careplug_actions gave now: "read", "edit", "create", "continue" or
 * "note". REFUSED, ROLE or UNREACHABLE say why this cannot be done for this patient. *panel is closed with
 * careplug_panel_close, and by whatever closes its patient. [session | patient | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_panel_open(careplug_handle patient, const char *action,
                                                               uint64_t action_length, careplug_handle *panel,
                                                               careplug_handle *problem);

/* What to draw now: result `panel-view`. [session | panel | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_panel_view(careplug_handle panel, careplug_handle *result,
                                                               careplug_handle *problem);

/* The FHIR Questionnaire of the form. [session | panel | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_panel_form(careplug_handle panel, careplug_handle *result,
                                                               careplug_handle *problem);

/* The FHIR QuestionnaireResponse as it stands. [session | panel | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_panel_response(careplug_handle panel,
                                                                   careplug_handle *result,
                                                                   careplug_handle *problem);

/* The plan as read by this view: text and HTML, with the time until which it was checked: result
 * `summary`. [session | panel | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_panel_summary(careplug_handle panel,
                                                                  careplug_handle *result,
                                                                  careplug_handle *problem);

/* Replaces whole answers: `{"item": [...]}` with QuestionnaireResponse items, all rows of each link id
 * given; an item without answer or items clears it. OK means that the draft is durable on disk. The
 * result is the new `panel-view`. REFUSED for a panel that reads, loads or is being sent, CONFLICT while a
 * unit is undecided, ROLE for an answer that this role may not change, STORAGE when it could not be written;
 * the answers on the screen are then not kept. [session | panel | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_panel_update(careplug_handle panel, const char *items,
                                                                 uint64_t items_length,
                                                                 careplug_handle *result,
                                                                 careplug_handle *problem);

/* What stands against this intent: a FHIR OperationOutcome, each issue with the link id as expression.
 * Status OK when nothing blocks, REFUSED_INVALID or REFUSED_ROLE otherwise; the result is given in both
 * cases. [session | panel | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_panel_validate(careplug_handle panel, int32_t intent,
                                                                   careplug_handle *result,
                                                                   careplug_handle *problem);

/* OK: the submission is durable in the outbox and `operation` names it. Exactly one EVENT_OPERATION
 * completes it: OK after it was read back from the exchange, REFUSED_CONFLICT, REFUSED_ROLE,
 * REFUSED_INVALID; until then it is queued. Refused at once with INVALID, ROLE, CONFLICT or STORAGE: nothing
 * is sent and the draft stays. *operation is released with careplug_release. [session | panel | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_panel_submit(careplug_handle panel, int32_t intent,
                                                                 careplug_handle *operation,
                                                                 careplug_handle *problem);

#define CAREPLUG_KEEP_MINE 1
#define CAREPLUG_KEEP_THEIRS 2

/* Decides one unit of a conflict (its id stands in the view), whole. The result is the new `panel-view`;
 * after the last unit, submit again. [session | panel | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_panel_resolve(careplug_handle panel, const char *unit,
                                                                  uint64_t unit_length, int32_t keep,
                                                                  careplug_handle *result,
                                                                  careplug_handle *problem);

/* Shows a masked answer, audited: result is a QuestionnaireResponse item. [session | panel | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_panel_reveal(careplug_handle panel, const char *link_id,
                                                                 uint64_t link_id_length,
                                                                 careplug_handle *result,
                                                                 careplug_handle *problem);

/* Deletes the draft of this panel, which then shows the published answers. Cannot be undone.
 * [session | panel | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_panel_discard(careplug_handle panel,
                                                                  careplug_handle *problem);

/* Closes the panel. The draft stays. [session | panel | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_panel_close(careplug_handle panel);

/* ---- Operation ---------------------------------------------------------------------------- */

#define CAREPLUG_OPERATION_UNKNOWN 0 /* interrupted; the outcome is not known */
#define CAREPLUG_OPERATION_QUEUED 1  /* durable here, not yet visible to others */
#define CAREPLUG_OPERATION_DONE 2    /* complete: `status` says how */

typedef struct careplug_operation_record {
  uint32_t size;
  int32_t state;
  careplug_status status;
  uint32_t revision; /* the plan's revision after a publish; 0 otherwise */
} careplug_operation_record;

/* How far an operation is, from memory; also after its session was closed, then UNKNOWN unless it was done.
 * Set record->size first. [any-thread | operation | instant] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_operation(careplug_handle operation,
                                                              careplug_operation_record *record);

/* A request, which may lose: TOO_LATE once durable. [session | operation | local] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_operation_cancel(careplug_handle operation,
                                                                     careplug_handle *problem);

#ifdef __cplusplus
}
#endif

#endif /* CAREPLUG_HOST_H */
