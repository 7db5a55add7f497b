/* A small host, kept as a binary of each recorded version and run with other loaders (docs/abi-changes.md).
 *
 * host SETTINGS KIND TOKENFILE NUMBER:BIRTHDATE ...
 *
 * It watches the patients, prints their flags as a screen would draw them, opens the first and leaves it. It ends
 * with 3 when it was refused. Compiled with headers that have grown it also prints what is new.
 */
#define _GNU_SOURCE
#include <careplug/host.h>
#include <dlfcn.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { most = 8 };

static careplug_handle session;
static const char *token_file;
static careplug_patient_key keys[most + 1]; /* one more, which nobody may write to */
static careplug_flags_record shown[most + 1];
static uint64_t patients;

static const char *text_of(careplug_handle handle) {
  const char *text = "";
  uint64_t length = 0;
  return careplug_result(handle, &text, &length) == CAREPLUG_OK ? text : "";
}

static void give_up(const char *what, const char *sentence) {
  printf("%s: %s\n", what, sentence);
  exit(3);
}

/* By its class: a value that this host was not compiled with has its class's meaning. */
static const char *outcome(careplug_status status) {
  return status >= CAREPLUG_FATAL ? "fatal" : status >= CAREPLUG_FAILED ? "failed" : status >= CAREPLUG_REFUSED ? "refused" : "done";
}

static void tell(const char *what, careplug_status status, careplug_handle problem) {
  printf("%s: %s%s%s\n", what, outcome(status), problem ? ", " : "", problem ? text_of(problem) : "");
  careplug_release(problem);
}

static careplug_handle open_loader(const char *settings) {
  careplug_offer offer;
  careplug_answer answer;
  careplug_handle loader = 0;
  memset(&offer, 0, sizeof offer);
  memset(&answer, 0, sizeof answer);
  offer.size = sizeof offer;
  offer.major = CAREPLUG_ABI_MAJOR;
  offer.minor = CAREPLUG_ABI_MINOR;
  offer.candidate = CAREPLUG_ABI_CANDIDATE;
  answer.size = sizeof answer;
  if (careplug_open(&offer, &answer, "Small host", 10, settings, strlen(settings), &loader, NULL) >= CAREPLUG_REFUSED)
    give_up("refused", (const char *)answer.sentence);
  printf("speaking: %d.%d-%d\n", (int)answer.major, (int)answer.minor, (int)answer.candidate);
  return loader;
}

static void answer_request(const careplug_event *event) {
  static char token[8192];
  size_t length = 0;
  FILE *file = fopen(token_file, "rb");
  if (file) {
    length = fread(token, 1, sizeof token, file);
    fclose(file);
  }
  while (length > 0 && token[length - 1] == '\n') --length;
  if (strstr(text_of(event->body), "\"identity\""))
    careplug_complete(session, event->subject, CAREPLUG_OK, token, length, NULL);
  else
    careplug_complete(session, event->subject, CAREPLUG_REFUSED, "None.", 5, NULL);
}

/* The kind of the next event, waited for; its body is released. */
static int32_t pull(void) {
  careplug_event event;
  int64_t waiting = -1;
  struct pollfd item;
  careplug_wait_handle(session, &waiting);
  item.fd = (int)waiting;
  item.events = POLLIN;
  memset(&event, 0, sizeof event);
  event.size = sizeof event;
  while (careplug_next_event(session, &event) == CAREPLUG_OK_NONE) {
    if (poll(&item, 1, 20000) != 1) give_up("problem", "No event came in 20 seconds.");
    event.size = sizeof event;
  }
  if (event.kind == CAREPLUG_EVENT_REQUEST) answer_request(&event);
  if (event.kind == CAREPLUG_EVENT_SESSION && event.status >= CAREPLUG_REFUSED) give_up("sign-in", text_of(event.body));
  if (event.kind == CAREPLUG_EVENT_ENGINE) give_up("engine", text_of(event.body));
#ifdef CAREPLUG_EVENT_NOTICE
  if (event.kind == CAREPLUG_EVENT_NOTICE) printf("notice: %s, sent %d\n", text_of(event.body), (int)event.sent);
#endif
  careplug_release(event.body);
  return event.kind;
}

static int read_flags(void) {
  uint64_t i;
  uint8_t *guard = (uint8_t *)&shown[patients];
  memset(guard, 0xA5, sizeof shown[0]);
  for (i = 0; i < patients; ++i) shown[i].size = sizeof shown[i];
  if (careplug_flags(session, keys, sizeof keys[0], shown, sizeof shown[0], patients) >= CAREPLUG_REFUSED)
    give_up("flags", "The flags could not be read.");
  for (i = 0; i < sizeof shown[0]; ++i)
    if (guard[i] != 0xA5) give_up("memory", "The loader wrote past the array.");
  for (i = 0; i < patients; ++i)
    if (shown[i].knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN && shown[i].reason == CAREPLUG_REASON_NOT_ASKED) return 0;
  return 1;
}

static void draw(uint64_t patient) {
  static const char *const names[] = {"", "NO PLAN", "PLAN", "SUSPENDED", "CLOSED", "REMOVED"};
  const careplug_flags_record *flags = &shown[patient];
  const int known = flags->knowledge >= CAREPLUG_KNOWLEDGE_NO_PLAN && flags->knowledge <= CAREPLUG_KNOWLEDGE_REMOVED;
  const int reason = flags->reason >= 0 && flags->reason <= CAREPLUG_REASON_STALE ? (int)flags->reason : CAREPLUG_REASON_OTHER;
  uint32_t i, covered = 0;
  int last;
  printf("%.10s: %s", (const char *)keys[patient].nhs_number, known ? names[flags->knowledge] : "NOT KNOWN");
  if (!known) printf(" (reason %d)", reason ? reason : CAREPLUG_REASON_OTHER);
  printf(" revision %u", (unsigned)flags->revision);
  for (last = 0; last < 2; ++last) /* a flag of an unknown slot is drawn last */
    for (i = 0; i < flags->count && i < CAREPLUG_FLAGS_MAX; ++i) {
      const uint32_t state = flags->flags[i].state;
      careplug_word_record word;
      memset(&word, 0, sizeof word);
      word.size = sizeof word;
      careplug_word(session, flags->flags[i].word, &word);
      if ((word.slot > CAREPLUG_SLOT_STATUS) != last) continue;
      if (state & CAREPLUG_FLAG_COVERED)
        ++covered;
      else
        printf(" [%.64s%s]", (const char *)word.words, state & CAREPLUG_FLAG_LAST_KNOWN ? ", last known" : "");
    }
  if (covered > 0) printf(" +%u", (unsigned)covered);
#ifdef CAREPLUG_EVENT_NOTICE
  printf(" reviewed %d", (int)flags->reviewed);
#endif
  printf("\n");
}

static void submit(careplug_handle patient) {
  careplug_handle panel = 0, operation = 0, problem = 0;
  careplug_operation_record record;
  careplug_status status = careplug_panel_open(patient, "edit", 4, &panel, &problem);
  tell("panel", status, problem);
  status = careplug_panel_submit(panel, CAREPLUG_INTENT_PUBLISH, &operation, &problem);
  tell("submit", status, problem);
  memset(&record, 0, sizeof record);
  record.size = sizeof record;
  status = careplug_operation(operation, &record);
  printf("operation: %s, state %d\n", outcome(status), (int)record.state);
  careplug_release(operation);
}

#ifdef CAREPLUG_EVENT_NOTICE
typedef careplug_status(CAREPLUG_CALL *length_function)(careplug_handle, uint64_t *);
static void measure(careplug_handle result) {
  void *found = dlsym(RTLD_DEFAULT, "careplug_result_length");
  length_function length_of = 0;
  uint64_t length = 0;
  memcpy(&length_of, &found, sizeof found);
  if (length_of) length_of(result, &length);
  printf("result_length: %s\n", !length_of ? "absent" : length == strlen(text_of(result)) ? "right" : "wrong");
}
#else
static void measure(careplug_handle result) { (void)result; }
#endif

int main(int count, char **arguments) {
  careplug_handle loader, patient = 0, result = 0, problem = 0;
  careplug_status status;
  uint64_t i;
  if (count < 5 || count > 4 + most) give_up("usage", "host SETTINGS KIND TOKENFILE NUMBER:BIRTHDATE ...");
  setvbuf(stdout, NULL, _IOLBF, 0);
  token_file = arguments[3];
  patients = (uint64_t)count - 4;
  for (i = 0; i < patients; ++i) {
    keys[i].size = sizeof keys[i];
    keys[i].number_status = 1;
    sscanf(arguments[4 + i], "%15[0-9]:%15[0-9-]", (char *)keys[i].nhs_number, (char *)keys[i].birth_date);
  }

  loader = open_loader(arguments[1]);
  if (careplug_session_open(loader, arguments[2], strlen(arguments[2]), "desk 1", 6, &session, &problem) >= CAREPLUG_REFUSED)
    give_up("refused", text_of(problem));
  while (pull() != CAREPLUG_EVENT_SESSION) {
  }
  printf("signed in\n");
  tell("watch", careplug_watch(session, keys, sizeof keys[0], patients, &problem), problem);
  while (!read_flags()) pull();
  for (i = 0; i < patients; ++i) draw(i);

  status = careplug_patient_open(session, &keys[0], "Test, Patient", 13, CAREPLUG_BASIS_REGISTERED, NULL, 0, &patient, &problem);
  tell("patient", status, problem);
  status = careplug_actions(patient, &result, &problem);
  tell("actions", status, problem);
  if (status < CAREPLUG_REFUSED) {
    printf("buttons: %s\n", text_of(result));
    measure(result);
  }
  tell("release", careplug_release(result), 0);
  if (strcmp(arguments[2], "scripted") == 0) submit(patient);
  tell("may close", careplug_patient_may_close(patient, &problem), problem);
  tell("close", careplug_patient_close(patient), 0);
  tell("closed handle", careplug_patient_close(patient), 0);
  careplug_session_close(session);
  tell("closed", careplug_close(loader), 0);
  return 0;
}
