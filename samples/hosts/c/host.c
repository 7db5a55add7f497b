/* A host in C99: sign in, read flags, open a record, edit a plan, publish it. Link with -lcareplug.
 *
 *   host SETTINGS NHS_NUMBER BIRTH_DATE      with CAREPLUG_IDENTITY naming the file of the signed identity (JWT)
 */
#include <careplug/host.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Prints a result or problem and gives it back. */
static void show(const char *what, careplug_handle handle) {
  const char *text = "";
  uint64_t length = 0;
  careplug_result(handle, &text, &length);
  if (handle != 0) printf("%s: %.*s\n", what, (int)length, text);
  careplug_release(handle);
}

/* Statuses below 100 are done; the problem says what stood against the others. */
static void need(const char *what, careplug_status status, careplug_handle problem) {
  if (status < CAREPLUG_REFUSED) return;
  fprintf(stderr, "%s: status %d\n", what, (int)status);
  show("problem", problem);
  exit(1);
}

/* Pulls events until one of this kind came; answers what the session asks on the way. */
static careplug_event await(careplug_handle session, int32_t kind, const char *identity) {
  careplug_event event = {sizeof event, 0, 0, 0, 0, 0, 0, 0};
  int64_t descriptor = -1;
  careplug_wait_handle(session, &descriptor);
  for (;; event.size = sizeof event) {
    struct pollfd item = {(int)descriptor, POLLIN, 0};
    const char *asked = "";
    uint64_t length = 0;
    if (careplug_next_event(session, &event) == CAREPLUG_OK_NONE) {
      if (poll(&item, 1, 20000) != 1) need("no event in 20 seconds", CAREPLUG_REFUSED_TIMEOUT, 0);
      continue;
    }
    if (event.kind == CAREPLUG_EVENT_REQUEST) {
      careplug_handle problem = 0;
      int for_identity;
      careplug_result(event.body, &asked, &length); /* NUL-terminated too */
      for_identity = strstr(asked, "\"identity\"") != NULL;
      /* This host has no record to give: it says so, and the form starts without pre-filled answers. */
      need("complete", careplug_complete(session, event.subject, for_identity ? CAREPLUG_OK : CAREPLUG_REFUSED,
               for_identity ? identity : "No record here.", for_identity ? strlen(identity) : 15, &problem), problem);
    }
    if (event.kind == kind) return event;
    show("event", event.body);
    if (event.kind == CAREPLUG_EVENT_ENGINE) exit(1);
  }
}

static void print_flags(careplug_handle session, const careplug_patient_key *patient) {
  static const char *knowledge[] = {"NOT KNOWN", "no plan found", "plan", "suspended", "closed", "removed"};
  careplug_flags_record flags = {sizeof flags, 0, 0, 0, 0, 0, 0, 0, 0, {{0, 0, 0}}};
  uint32_t i;
  careplug_flags(session, patient, sizeof *patient, &flags, sizeof flags, 1);
  printf("knowledge: %s (reason %d)\n",
         flags.knowledge >= 0 && flags.knowledge <= 5 ? knowledge[flags.knowledge] : knowledge[0], (int)flags.reason);
  for (i = 0; i < flags.count; ++i) {
    careplug_word_record word = {sizeof word, 0, {0}, {0}};
    careplug_word(session, flags.flags[i].word, &word);
    printf("flag: %.64s%s\n", (const char *)word.words,
           flags.flags[i].state & CAREPLUG_FLAG_LAST_KNOWN ? " (last known)" : "");
  }
}

int main(int count, char **arguments) {
  careplug_offer offer = {sizeof offer, CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR, CAREPLUG_ABI_CANDIDATE};
  careplug_answer answer = {sizeof answer, 0, 0, 0, {0}};
  careplug_patient_key key = {sizeof key, 1 /* verified */, {0}, {0}};
  careplug_handle loader, session, patient, panel, operation, result, problem;
  static const char note[] = "{\"item\": [{\"linkId\": \"evt.note.text\", \"answer\": [{\"valueString\": \"Seen at home.\"}]}]}";
  char identity[8192] = {0};
  const char *path = getenv("CAREPLUG_IDENTITY");
  FILE *file = path ? fopen(path, "rb") : NULL;
  careplug_event event;

  if (count != 4 || !file || strlen(arguments[2]) > 15 || strlen(arguments[3]) > 15) {
    fprintf(stderr, "usage: CAREPLUG_IDENTITY=FILE %s SETTINGS NHS_NUMBER BIRTH_DATE\n", arguments[0]);
    return 2;
  }
  identity[fread(identity, 1, sizeof identity - 1, file)] = 0;
  identity[strcspn(identity, "\r\n")] = 0;
  fclose(file);
  memcpy(key.nhs_number, arguments[2], strlen(arguments[2]));
  memcpy(key.birth_date, arguments[3], strlen(arguments[3]));

  need("open", careplug_open(&offer, &answer, "C sample 1.0", 12, arguments[1], strlen(arguments[1]), &loader, &problem), problem);
  need("session", careplug_session_open(loader, "ooh", 3, "desk 1", 6, &session, &problem), problem);
  event = await(session, CAREPLUG_EVENT_SESSION, identity);
  show("session", event.body);
  need("identity", event.status, 0);

  need("watch", careplug_watch(session, &key, sizeof key, 1, &problem), problem);
  show("event", await(session, CAREPLUG_EVENT_FLAGS, identity).body);
  print_flags(session, &key);
  need("receipt", careplug_receipt(session, &key, CAREPLUG_RECEIPT_SHOWN, NULL, 0, &problem), problem);

  need("patient", careplug_patient_open(session, &key, NULL, 0, CAREPLUG_BASIS_URGENT_CASE, NULL, 0, &patient, &problem), problem);
  need("actions", careplug_actions(patient, &result, &problem), problem);
  show("actions", result);
  need("panel", careplug_panel_open(patient, "note", 4, &panel, &problem), problem);
  need("view", careplug_panel_view(panel, &result, &problem), problem);
  show("view", result);
  need("update", careplug_panel_update(panel, note, sizeof note - 1, &result, &problem), problem);
  show("view after the update", result);
  need("submit", careplug_panel_submit(panel, CAREPLUG_INTENT_NOTE, &operation, &problem), problem);
  event = await(session, CAREPLUG_EVENT_OPERATION, identity);
  show("operation", event.body);
  need("operation", event.status, 0);

  careplug_release(operation);
  careplug_patient_close(patient);
  careplug_session_close(session);
  return careplug_close(loader) == CAREPLUG_OK ? 0 : 1;
}
