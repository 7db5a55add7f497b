/* A host that meets a loader without an engine: what each refusal says, and that nothing reads as "no plan". */
#include <careplug/host.h>
#include <stdio.h>
#include <string.h>
#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#endif

static void print_text(const char *name, careplug_status status, const char *text, uint64_t length) {
  printf("%s %d %.*s\n", name, (int)status, (int)length, text ? text : "");
}

static void try_open(const char *name, careplug_offer offer) {
  careplug_answer answer;
  careplug_handle loader = 77, problem = 77;
  const char *text = NULL;
  uint64_t length = 0;
  careplug_status status;
  memset(&answer, 0, sizeof answer);
  answer.size = sizeof answer;
  printf("%s\n", name);
  status = careplug_open(&offer, &answer, "Windows host 1.0", 16, NULL, 0, &loader, &problem);
  printf("open %d, loader %s, problem %s\n", (int)status, loader ? "given" : "none", problem ? "given" : "none");
  printf("sentence %s\n", (const char *)answer.sentence);
  status = careplug_result(problem, &text, &length);
  print_text("result", status, text, length);
  status = careplug_problem_detail(problem, &text, &length);
  print_text("detail", status, text, length);
  status = careplug_release(problem);
  printf("release %d, again %d\n", (int)status, (int)careplug_release(problem));
}

static void without_session(void) {
  careplug_patient_key key = {sizeof key, 1, "9990000018", "1944-06-19"};
  careplug_flags_record flags = {sizeof flags, 1, 1, 1, 1, 1, 1, 1, 1, {{1, 1, 1}}};
  careplug_event event = {sizeof event, 1, 1, 0, 1, 1, 1, 1};
  careplug_handle session = 77, problem = 77;
  int64_t waiting = 77;
  careplug_status status = careplug_session_open(0, "gp", 2, "desk 1", 6, &session, &problem);
  printf("session_open %d, session %s\n", (int)status, session ? "given" : "none");
  careplug_release(problem);
  status = careplug_flags(0, &key, sizeof key, &flags, sizeof flags, 1);
  printf("flags %d, knowledge %d, count %u\n", (int)status, (int)flags.knowledge, (unsigned)flags.count);
  status = careplug_next_event(0, &event);
  printf("next_event %d, kind %d\n", (int)status, (int)event.kind);
  status = careplug_wait_handle(0, &waiting);
  printf("wait_handle %d, %d\n", (int)status, (int)waiting);
  printf("close %d\n", (int)careplug_close(0));
}

#ifdef _WIN32
/* Windows would end lines with two bytes. */
static void plain_lines(void) { _setmode(_fileno(stdout), _O_BINARY); }
#else
static void plain_lines(void) {}
#endif

int main(void) {
  careplug_offer offer = {sizeof offer, CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR, CAREPLUG_ABI_CANDIDATE};
  plain_lines();
  try_open("this version", offer);
  offer.candidate = 99;
  try_open("another candidate", offer);
  offer.size = 0;
  try_open("no size", offer);
  printf("without a session\n");
  without_session();
  return 0;
}
