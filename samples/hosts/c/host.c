/* A host in C: from sign-in to a published plan, with host.h and libcareplug alone.
 *
 * build: cc -O1 -Wall -Wextra -Werror -I"$CAREPLUG/include" host.c -L"$CAREPLUG/lib" -lcareplug -o host
 * run: ./host
 *
 * Arguments: SETTINGS TOKENFILE RECORDFILE ANSWERSFILE NHSNUMBER BIRTHDATE NAME. A product takes the identity of
 * its signed-in user, the record and the answers from itself; here they are read from files. It reads results
 * with its JSON library; here a search for a quoted word does.
 */
#include <careplug/host.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>
static int comes(int64_t wait_handle) { return WaitForSingleObject((HANDLE)(intptr_t)wait_handle, 20000) == 0; }
#else
#include <poll.h>
static int comes(int64_t wait_handle) {
  struct pollfd item = {(int)wait_handle, POLLIN, 0};
  return poll(&item, 1, 20000) == 1;
}
#endif

typedef struct host {
  careplug_handle session;
  const char *token_file, *record_file;
  careplug_patient_key key;
  char digits[16]; /* the NHS number without spaces */
} host;

/* region: results */
/* The text of a result or a problem; valid until careplug_release. */
static const char *text_of(careplug_handle handle) {
  const char *text = "";
  uint64_t length = 0;
  return careplug_result(handle, &text, &length) == CAREPLUG_OK ? text : "";
}

static careplug_handle loader;

static void fail(const char *sentence) {
  printf("problem: %s\n", sentence);
  if (loader != 0) careplug_close(loader);
  exit(1);
}

/* Below CAREPLUG_REFUSED a status means done; the problem says what stood against the others. By pointer,
 * because C may read an argument before the call beside it has set it. */
static careplug_status done(careplug_status status, const careplug_handle *problem) {
  if (status >= CAREPLUG_REFUSED) fail(text_of(*problem));
  return status;
}

static int has(careplug_handle result, const char *quoted) { return strstr(text_of(result), quoted) != NULL; }
/* end */

/* The file's text without its last line end; to be freed. */
static char *read_file(const char *name) {
  FILE *file = fopen(name, "rb");
  char *text = NULL;
  size_t length = 0, got = 1;
  while (file && got > 0) {
    text = realloc(text, length + 4097);
    if (!text) fail("There is no memory left.");
    length += got = fread(text + length, 1, 4096, file);
  }
  if (!file) fail("A file of the command line cannot be read.");
  fclose(file);
  while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r')) --length;
  text[length] = 0;
  return text;
}

/* region: handshake */
static careplug_status open_loader(int32_t candidate, const char *settings, careplug_answer *answer) {
  careplug_offer offer = {sizeof offer, CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR, 0};
  careplug_handle problem = 0;
  careplug_status status;
  offer.candidate = candidate;
  memset(answer, 0, sizeof *answer);
  answer->size = sizeof *answer;
  status = careplug_open(&offer, answer, "C sample 1.0", 12, settings, strlen(settings), &loader, &problem);
  careplug_release(problem); /* answer->sentence says the same */
  return status;
}
/* end */

/* region: events */
static void answer_request(const host *me, const careplug_event *event) {
  const char *file = NULL;
  char *body = NULL;
  const char *cannot = "This program cannot give that.";
  careplug_handle problem = 0;
  if (has(event->body, "\"identity\""))
    file = me->token_file;
  else if (has(event->body, "\"record\"") && has(event->body, me->digits))
    file = me->record_file; /* only ever the record of the patient asked for */
  if (file) body = read_file(file);
  done(careplug_complete(me->session, event->subject, file ? CAREPLUG_OK : CAREPLUG_REFUSED, file ? body : cannot,
                         strlen(file ? body : cannot), &problem), &problem);
  free(body);
}

/* The next event that is not a request: requests are answered here. Its body is to be released. */
static careplug_event pull(const host *me) {
  int64_t waiting = -1;
  careplug_wait_handle(me->session, &waiting);
  for (;;) {
    careplug_event event = {sizeof event, 0, 0, 0, 0, 0, 0, 0};
    careplug_next_event(me->session, &event);
    if (event.kind == CAREPLUG_EVENT_NONE && !comes(waiting)) fail("No event came in 20 seconds.");
    if (event.kind == CAREPLUG_EVENT_ENGINE) fail("The engine stopped.");
    if (event.kind == CAREPLUG_EVENT_REQUEST) {
      answer_request(me, &event);
      careplug_release(event.body);
    } else if (event.kind != CAREPLUG_EVENT_NONE) {
      return event;
    }
  }
}
/* end */

/* region: flags */
static careplug_flags_record read_flags(const host *me) {
  careplug_flags_record flags = {sizeof flags, 0, 0, 0, 0, 0, 0, 0, 0, {{0, 0, 0}}};
  careplug_flags(me->session, &me->key, sizeof me->key, &flags, sizeof flags, 1);
  return flags;
}

static void print_flags(const host *me) {
  static const char *known[] = {"", "NO PLAN", "PLAN", "SUSPENDED", "CLOSED", "REMOVED"};
  const careplug_flags_record flags = read_flags(me);
  uint32_t i, covered = 0;
  careplug_handle problem = 0;
  if (flags.knowledge >= CAREPLUG_KNOWLEDGE_NO_PLAN && flags.knowledge <= CAREPLUG_KNOWLEDGE_REMOVED)
    printf("flags: %s", known[flags.knowledge]);
  else
    printf("flags: NOT KNOWN (reason %d)", (int)flags.reason);
  for (i = 0; i < flags.count && i < CAREPLUG_FLAGS_MAX; ++i) {
    const uint32_t state = flags.flags[i].state;
    careplug_word_record word = {sizeof word, 0, {0}, {0}};
    careplug_word(me->session, flags.flags[i].word, &word);
    if (state & CAREPLUG_FLAG_COVERED)
      ++covered;
    else
      printf(" [%.64s%s%s]", (const char *)word.words, state & CAREPLUG_FLAG_LAST_KNOWN ? ", last known" : "",
             state & CAREPLUG_FLAG_CHANGED ? ", changed" : "");
  }
  if (covered > 0) printf(" +%u", (unsigned)covered);
  printf("\n");
  done(careplug_receipt(me->session, &me->key, CAREPLUG_RECEIPT_SHOWN, NULL, 0, &problem), &problem);
}
/* end */

/* region: panel */
static void edit(const host *me, careplug_handle patient, const char *action, const char *answers) {
  careplug_handle panel, result, operation, problem = 0;
  careplug_operation_record outcome = {sizeof outcome, 0, 0, 0};
  careplug_event event;
  done(careplug_panel_open(patient, action, strlen(action), &panel, &problem), &problem);
  for (;;) { /* until the plan and this host's record are in the form */
    int waits;
    done(careplug_panel_view(panel, &result, &problem), &problem);
    waits = has(result, "\"awaited\"") || has(result, "\"loading\"");
    careplug_release(result);
    if (!waits) break;
    careplug_release(pull(me).body);
  }
  done(careplug_panel_update(panel, answers, strlen(answers), &result, &problem), &problem);
  careplug_release(result);
  printf("draft kept\n");
  done(careplug_panel_validate(panel, CAREPLUG_INTENT_PUBLISH, &result, &problem), &problem);
  careplug_release(result);
  done(careplug_panel_submit(panel, CAREPLUG_INTENT_PUBLISH, &operation, &problem), &problem);
  for (;;) {
    event = pull(me);
    if (event.kind == CAREPLUG_EVENT_OPERATION && event.subject == operation) break;
    careplug_release(event.body);
  }
  printf("outcome: %d %s\n", (int)event.status, text_of(event.body));
  careplug_release(event.body);
  careplug_operation(operation, &outcome);
  careplug_release(operation);
  careplug_panel_close(panel);
  while (read_flags(me).revision < outcome.revision) careplug_release(pull(me).body);
  print_flags(me);
}
/* end */

int main(int count, char **arguments) {
  static const char *const actions[] = {"\"create\"", "\"edit\"", "\"continue\""};
  host me = {0, NULL, NULL, {sizeof me.key, 1 /* verified */, {0}, {0}}, {0}};
  careplug_handle patient, result, problem = 0;
  careplug_answer answer;
  careplug_event event;
  const char *number;
  char action[16] = "none";
  size_t i;

  if (count != 8 || strlen(arguments[5]) > 15 || strlen(arguments[6]) > 15)
    fail("usage: host SETTINGS TOKENFILE RECORDFILE ANSWERSFILE NHSNUMBER BIRTHDATE NAME");
  me.token_file = arguments[2];
  me.record_file = arguments[3];
  memcpy(me.key.nhs_number, arguments[5], strlen(arguments[5]));
  memcpy(me.key.birth_date, arguments[6], strlen(arguments[6]));
  for (number = arguments[5]; *number; ++number)
    if (*number != ' ') strncat(me.digits, number, 1);

  if (open_loader(99, arguments[1], &answer) >= CAREPLUG_REFUSED)
    printf("refused: %s\n", (const char *)answer.sentence); /* nothing is open: another offer may be made */
  if (open_loader(CAREPLUG_ABI_CANDIDATE, arguments[1], &answer) >= CAREPLUG_REFUSED)
    fail((const char *)answer.sentence);
  done(careplug_session_open(loader, "gp", 2, "desk 1", 6, &me.session, &problem), &problem);
  while ((event = pull(&me)).kind != CAREPLUG_EVENT_SESSION) careplug_release(event.body);
  done(event.status, &event.body);
  careplug_release(event.body);
  printf("signed in\n");

  done(careplug_watch(me.session, &me.key, sizeof me.key, 1, &problem), &problem);
  while (read_flags(&me).knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN && read_flags(&me).reason == CAREPLUG_REASON_NOT_ASKED)
    careplug_release(pull(&me).body);
  print_flags(&me);

  done(careplug_patient_open(me.session, &me.key, arguments[7], strlen(arguments[7]), CAREPLUG_BASIS_REGISTERED, NULL,
                             0, &patient, &problem), &problem);
  done(careplug_actions(patient, &result, &problem), &problem);
  for (i = 3; i-- > 0;)
    if (has(result, actions[i])) sscanf(actions[i], "\"%15[a-z]", action);
  careplug_release(result);
  printf("action: %s\n", action);
  if (strcmp(action, "none") != 0) {
    char *answers = read_file(arguments[4]);
    edit(&me, patient, action, answers);
    free(answers);
  }
  printf("leaving: %d\n", (int)done(careplug_patient_may_close(patient, &problem), &problem));
  careplug_patient_close(patient);
  careplug_session_close(me.session);
  careplug_close(loader);
  printf("closed\n");
  return 0;
}
