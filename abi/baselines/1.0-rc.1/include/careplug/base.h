/* careplug/base.h - types shared by both faces of the Careplug ABI.
 *
 * POLICY
 *  1. A released entity never changes in place: neither its layout nor its meaning (ownership,
 *     lifetime, threads, which pointers may be null, what each status means).
 *  2. What was never released may change freely. Nothing is released yet: this is 1.0-rc.1, and parts
 *     of different release candidates refuse each other by equality.
 *  3. Growth is by adding: a new exported function, a new extension, a field at the end of a record.
 *  4. Deprecation lasts at least two minor releases; a removal is a new major version.
 *
 * SHAPE
 *  Record  fixed-width integers only, no pointers, the same bytes on every platform. `size` comes first
 *          and is set by the caller to sizeof; the callee fills what both sides know and sets `size` to
 *          what it filled. A zeroed record is always the safe answer.
 *  Array   base, stride in bytes, count: the callee steps by the caller's stride.
 *  Handle  uint64_t made of an index and a generation, never a pointer. 0 is no handle. A handle that
 *          was released or never given is recognised and refused.
 *  Text    in: pointer and length in bytes, null with 0 for absent; UTF-8 without NUL, otherwise refused.
 *          out: inside a result handle. Times are milliseconds since 1970-01-01 UTC; dates are text.
 *  Status  int32_t in classes; an unknown value has the meaning of its class.
 *
 * TAGS
 *  Every function's comment ends with [thread | state | deadline]:
 *    thread    any-thread: from any thread at any time, never busy
 *              session: one call per session at a time, from any one thread; otherwise BUSY
 *              policy: pure function; the engine makes one call at a time
 *    state     any, loader, session, patient, panel, operation: which handle must be live
 *              open: the plugin's own handle of an open policy
 *    deadline  instant (memory only), local (engine and disk, no network; 2 s), switch (1 s)
 */
#ifndef CAREPLUG_BASE_H
#define CAREPLUG_BASE_H

#include <stdint.h>

#if defined(_WIN32)
#define CAREPLUG_CALL __cdecl
#else
#define CAREPLUG_CALL
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the contract: major, minor, release candidate (0 once released). */
#define CAREPLUG_ABI_MAJOR 1
#define CAREPLUG_ABI_MINOR 0
#define CAREPLUG_ABI_CANDIDATE 1

typedef int32_t careplug_status;

/* 0: done. */
#define CAREPLUG_OK 0
/* 1-99: done, with a warning. */
#define CAREPLUG_OK_DIFFERENT_NAME 1 /* the patient's name differs from the plan's: shown with a warning */
#define CAREPLUG_OK_DRAFT_KEPT 2     /* closed; an unfinished draft is kept on disk */
#define CAREPLUG_OK_QUEUED 3         /* closed or accepted; a change waits to be sent */
#define CAREPLUG_OK_NONE 4           /* there is nothing: no event waits, no such item */
/* 100-199: refused; nothing changed; may be tried again. */
#define CAREPLUG_REFUSED 100
#define CAREPLUG_REFUSED_ARGUMENT 101   /* an argument breaks the rules above */
#define CAREPLUG_REFUSED_BUSY 102       /* another call of this session is running */
#define CAREPLUG_REFUSED_HANDLE 103     /* stale, foreign or unknown handle */
#define CAREPLUG_REFUSED_SIGNED_OUT 104 /* no valid identity yet: answer the identity request */
#define CAREPLUG_REFUSED_ROLE 105       /* the role may not do this; the problem says who could */
#define CAREPLUG_REFUSED_IDENTITY 106   /* number or birth date missing, unverified or differing */
#define CAREPLUG_REFUSED_INVALID 107    /* answers are missing or contradict each other */
#define CAREPLUG_REFUSED_CONFLICT 108   /* someone else published first: resolve, then submit again */
#define CAREPLUG_REFUSED_UNREACHABLE 109 /* needs the exchange, which does not answer */
#define CAREPLUG_REFUSED_TOO_LATE 110   /* already durable: cannot be cancelled */
#define CAREPLUG_REFUSED_STORAGE 111    /* disk full or folder not writable */
#define CAREPLUG_REFUSED_STAY 112       /* please stay with this patient; the problem says why */
#define CAREPLUG_REFUSED_TIMEOUT 113    /* no answer within the deadline */
#define CAREPLUG_REFUSED_VERSION 114    /* the two sides speak different versions */
/* 200-299: failed; this object is unusable. */
#define CAREPLUG_FAILED 200
#define CAREPLUG_FAILED_ENGINE 201 /* the engine is gone */
#define CAREPLUG_FAILED_PLUGIN 202 /* the plugin could not be loaded or broke its contract */
/* 300-399: fatal; close the loader. */
#define CAREPLUG_FATAL 300

typedef uint64_t careplug_handle;

/* A patient as the host knows them. Text fields are UTF-8, padded with NUL.
 * nhs_number may hold spaces as written; it is checked (10 digits, modulus 11).
 * number_status is the NHS number status indicator: 1 verified (the only value that finds a plan),
 * 2 present not traced, 3 trace required, 4 no or several matches, 5 to be resolved, 6 in progress;
 * 0 and unknown values mean "not known". birth_date is YYYY-MM-DD. */
typedef struct careplug_patient_key {
  uint32_t size;
  int32_t number_status;
  uint8_t nhs_number[16];
  uint8_t birth_date[16];
} careplug_patient_key;

/* What is known of a patient's plan. An unknown value means NOT_KNOWN. */
#define CAREPLUG_KNOWLEDGE_NOT_KNOWN 0 /* do not assume there is none */
#define CAREPLUG_KNOWLEDGE_NO_PLAN 1   /* a complete, fresh answer found none on this service */
#define CAREPLUG_KNOWLEDGE_PLAN 2      /* an active plan */
#define CAREPLUG_KNOWLEDGE_SUSPENDED 3 /* a plan exists; consent to share was withdrawn */
#define CAREPLUG_KNOWLEDGE_CLOSED 4    /* the person died */
#define CAREPLUG_KNOWLEDGE_REMOVED 5   /* the plan shown here was entered in error */

/* Why a plan is not known. An unknown value means REASON_OTHER. */
#define CAREPLUG_REASON_NONE 0
#define CAREPLUG_REASON_OTHER 1
#define CAREPLUG_REASON_NOT_ASKED 2    /* not watched, or no answer yet */
#define CAREPLUG_REASON_UNREACHABLE 3  /* the exchange does not answer */
#define CAREPLUG_REASON_NO_NUMBER 4    /* no NHS number */
#define CAREPLUG_REASON_UNVERIFIED 5   /* the number is not verified */
#define CAREPLUG_REASON_BAD_NUMBER 6   /* not a valid NHS number */
#define CAREPLUG_REASON_BIRTH_DATE 7   /* birth date differs from the plan's */
#define CAREPLUG_REASON_SIGNED_OUT 8   /* nobody is signed in */
#define CAREPLUG_REASON_NOT_PERMITTED 9
#define CAREPLUG_REASON_ENGINE 10      /* the plan service on this computer stopped */
#define CAREPLUG_REASON_UNRESOLVED 11  /* several patients or plans answer to this number */
#define CAREPLUG_REASON_STALE 12       /* the last answer is too old */

/* Slots, in the order in which a screen draws them. An unknown slot is drawn last. */
#define CAREPLUG_SLOT_KNOWLEDGE 0
#define CAREPLUG_SLOT_CPR 1
#define CAREPLUG_SLOT_LEGAL 2
#define CAREPLUG_SLOT_TREATMENT 3
#define CAREPLUG_SLOT_MEDICINES 4
#define CAREPLUG_SLOT_STATUS 5

/* Intents of a submission. An unknown intent is refused. */
#define CAREPLUG_INTENT_SUBMIT 1  /* for approval by someone who may approve */
#define CAREPLUG_INTENT_PUBLISH 2 /* submit, approve and publish in one action */
#define CAREPLUG_INTENT_NOTE 3    /* append an urgent care contact; the plan's revision does not change */
#define CAREPLUG_INTENT_SEND_BACK 4 /* a submitted change goes back to its author, with a reason */
#define CAREPLUG_INTENT_WITHDRAW 5  /* a submitted change is withdrawn */
#define CAREPLUG_INTENT_SUSPEND 6   /* consent to share was withdrawn */
#define CAREPLUG_INTENT_CLOSE 7     /* the person died */
#define CAREPLUG_INTENT_REOPEN 8    /* consent was given again, or the notice of death was wrong */
#define CAREPLUG_INTENT_ENTERED_IN_ERROR 9 /* the plan should never have been; cannot be undone */

#ifdef __cplusplus
}
#endif

#endif /* CAREPLUG_BASE_H */
