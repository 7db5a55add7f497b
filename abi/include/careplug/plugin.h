/* careplug/plugin.h - what a plugin implements: the policy of one kind of host.
 *
 * A plugin is a shared library with one exported function, careplug_entry, and a table of pure functions:
 * the same input gives the same output. It does no I/O, reads no clock, starts no thread and keeps no
 * state that can change an answer, so a call may be repeated, recorded, timed out and killed. It needs
 * libc alone. It decides which flags stand first, which buttons a record gets, which questions a form
 * asks, and what is filed back. It never decides what is known: the engine refuses an answer that drops
 * the knowledge of a patient or the CPR slot of a plan, and shows its own.
 *
 * Text out: the plugin writes at most `capacity` bytes to `out` and sets `*length` to the bytes that the
 * whole answer needs. When *length > capacity, nothing in `out` counts and the engine calls again with
 * room. Documents are UTF-8 JSON, described in docs/abi-documents.md.
 */
#ifndef CAREPLUG_PLUGIN_H
#define CAREPLUG_PLUGIN_H

#include <careplug/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#define CAREPLUG_EXPORT __declspec(dllexport)
#else
#define CAREPLUG_EXPORT __attribute__((visibility("default")))
#endif

/* One flag of one patient, in and out. The engine gives every flag that the data set allows this view,
 * ordered by slot and rank; the policy sets `order` (a lower number stands further left; 0 keeps the
 * engine's place) and may set `covered`. */
typedef struct careplug_policy_flag {
  uint32_t size;
  uint32_t patient;   /* index of the patient in this batch */
  int32_t knowledge;  /* of that patient */
  int32_t slot;
  int32_t rank;
  uint32_t state;     /* CAREPLUG_FLAG_ bits of host.h */
  int32_t order;      /* out */
  int32_t covered;    /* in and out: 1 when another flag of the slot stands for it on a board */
  uint8_t id[32];     /* the data set's id, "dnacpr" */
} careplug_policy_flag;

/* The functions of a policy. Frozen: growth is a further table under a further version. Unless said
 * otherwise a function returns 0, or 100-199 with a sentence in `out` for the log. */
typedef struct careplug_policy {
  uint32_t size; /* sizeof(careplug_policy) */
  uint32_t reserved;

  /* Document `plugin`: id, version, title, view. [policy | any | instant] */
  careplug_status(CAREPLUG_CALL *describe)(char *out, uint64_t capacity, uint64_t *length);

  /* Opens the policy of a session from document `policy-session` (view, role, senior, organisation, data
   * sets as Questionnaires). *policy is the plugin's own handle, never 0. [policy | any | local] */
  careplug_status(CAREPLUG_CALL *open)(const char *session, uint64_t session_length, uint64_t *policy);

  /* [policy | open | instant] */
  void(CAREPLUG_CALL *close)(uint64_t policy);

  /* Orders the flags of a batch of patients. [policy | open | instant] */
  careplug_status(CAREPLUG_CALL *flags)(uint64_t policy, careplug_policy_flag *flags, uint64_t stride,
                                        uint64_t count, int64_t now);

  /* Document `policy-patient` in (knowledge, plan state, draft), document `actions` out.
   * [policy | open | local] */
  careplug_status(CAREPLUG_CALL *actions)(uint64_t policy, const char *patient, uint64_t patient_length,
                                          int64_t now, char *out, uint64_t capacity, uint64_t *length);

  /* Document `policy-panel-request` in (action, identity, published answers, host record), document
   * `policy-panel` out: mode, questions asked and those behind "More", first answers.
   * [policy | open | local] */
  careplug_status(CAREPLUG_CALL *panel)(uint64_t policy, const char *request, uint64_t request_length,
                                        int64_t now, char *out, uint64_t capacity, uint64_t *length);

  /* A QuestionnaireResponse in, an OperationOutcome out: what this kind of host adds to the data set's
   * own rules. [policy | open | local] */
  careplug_status(CAREPLUG_CALL *check)(uint64_t policy, const char *response, uint64_t response_length,
                                        int64_t now, char *out, uint64_t capacity, uint64_t *length);

  /* Document `policy-plan` in (header and published answers), document `summary` out.
   * [policy | open | local] */
  careplug_status(CAREPLUG_CALL *summary)(uint64_t policy, const char *plan, uint64_t plan_length,
                                          int64_t now, char *out, uint64_t capacity, uint64_t *length);

  /* Document `policy-plan` in, document `entries` out: coded entries for the host's record.
   * [policy | open | local] */
  careplug_status(CAREPLUG_CALL *write_back)(uint64_t policy, const char *plan, uint64_t plan_length,
                                             int64_t now, char *out, uint64_t capacity, uint64_t *length);
} careplug_policy;

typedef struct careplug_plugin_offer {
  uint32_t size;
  int32_t major;
  int32_t minor;
  int32_t candidate;
} careplug_plugin_offer;

/* On refusal `policy` is null and `sentence` names both versions and the remedy. It may grow at its end, by
 * the pointer of a further table. */
typedef struct careplug_plugin_answer {
  uint32_t size;
  int32_t major;
  int32_t minor;
  int32_t candidate;
  uint8_t sentence[256];
  const careplug_policy *policy; /* lives as long as the library is loaded */
} careplug_plugin_answer;

/* The one exported function; its signature never changes. It may be called more than once.
 * [policy | any | instant] */
CAREPLUG_EXPORT careplug_status CAREPLUG_CALL careplug_entry(const careplug_plugin_offer *offer,
                                                             careplug_plugin_answer *answer);

#ifdef __cplusplus
}
#endif

#endif /* CAREPLUG_PLUGIN_H */
