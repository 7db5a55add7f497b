/* A host of one plugin, as small as C allows: loads it, asks each function of its policy, unloads it, and does
 * so twice. It prints everything that came back, so that what a policy decides on two platforms can be compared.
 *
 * policy_host PLUGIN FOLDER. The folder holds session.json, patient.json, panel.json, response.json, plan.json.
 */
#include <careplug/plugin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <fcntl.h>
#include <io.h>
#include <windows.h>
typedef HMODULE library;
static library load(const char *file) { return LoadLibraryA(file); }
static void unload(library loaded) { FreeLibrary(loaded); }
static int is_loaded(const char *file) { return GetModuleHandleA(file) != NULL; }
/* Windows would end lines with two bytes. */
static void plain_lines(void) { _setmode(_fileno(stdout), _O_BINARY); }
#else
#include <dlfcn.h>
typedef void *library;
static library load(const char *file) { return dlopen(file, RTLD_NOW | RTLD_LOCAL); }
static void unload(library loaded) { dlclose(loaded); }
static int is_loaded(const char *file) {
  library found = dlopen(file, RTLD_NOW | RTLD_NOLOAD);
  if (found) dlclose(found);
  return found != NULL;
}
static void plain_lines(void) {}
#endif

typedef careplug_status(CAREPLUG_CALL *entry_function)(const careplug_plugin_offer *, careplug_plugin_answer *);
typedef careplug_status(CAREPLUG_CALL *document_function)(uint64_t, const char *, uint64_t, int64_t, char *, uint64_t,
                                                          uint64_t *);

#define NOW 1795269731000 /* 2026-11-21T14:02:11Z */

static void *checked(void *pointer, const char *what) {
  if (pointer) return pointer;
  printf("problem: %s\n", what);
  exit(1);
}

static entry_function entry_of(library loaded) {
  entry_function entry = NULL;
#ifdef _WIN32
  FARPROC found = GetProcAddress(loaded, "careplug_entry");
#else
  void *found = dlsym(loaded, "careplug_entry");
#endif
  memcpy(&entry, &found, sizeof entry);
  if (!entry) exit((puts("problem: the plugin exports no careplug_entry"), 1));
  return entry;
}

static char *read_document(const char *folder, const char *name) {
  char path[1024], *text = NULL;
  size_t length = 0, got = 1;
  FILE *file;
  snprintf(path, sizeof path, "%s/%s.json", folder, name);
  file = checked(fopen(path, "rb"), path);
  while (got > 0) {
    text = checked(realloc(text, length + 65537), "out of memory");
    length += got = fread(text + length, 1, 65536, file);
  }
  fclose(file);
  text[length] = 0;
  return text;
}

static const careplug_policy *handshake(entry_function entry, int32_t candidate) {
  careplug_plugin_offer offer = {sizeof offer, CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR, 0};
  careplug_plugin_answer answer;
  careplug_status status;
  offer.candidate = candidate;
  memset(&answer, 0, sizeof answer);
  answer.size = sizeof answer;
  status = entry(&offer, &answer);
  printf("handshake %d, version %d.%d-%d, policy %s: %s\n", (int)status, (int)answer.major, (int)answer.minor,
         (int)answer.candidate, answer.policy ? "given" : "none", (const char *)answer.sentence);
  return answer.policy;
}

static void order_flags(const careplug_policy *policy, uint64_t opened) {
  static const struct {
    const char *id;
    int32_t slot, rank;
  } some[] = {{"plan", CAREPLUG_SLOT_KNOWLEDGE, 1},    {"dnacpr", CAREPLUG_SLOT_CPR, 1},
              {"adrt", CAREPLUG_SLOT_LEGAL, 1},        {"lpa", CAREPLUG_SLOT_LEGAL, 2},
              {"ceiling", CAREPLUG_SLOT_TREATMENT, 1}, {"anticipatory", CAREPLUG_SLOT_MEDICINES, 2},
              {"not-sent", CAREPLUG_SLOT_STATUS, 1},   {"review-overdue", CAREPLUG_SLOT_STATUS, 4}};
  enum { kinds = sizeof some / sizeof some[0], count = 2 * kinds };
  careplug_policy_flag flags[count];
  careplug_status status;
  uint32_t i;
  memset(flags, 0, sizeof flags);
  for (i = 0; i < count; ++i) {
    flags[i].size = sizeof flags[i];
    flags[i].patient = i / kinds;
    flags[i].knowledge = CAREPLUG_KNOWLEDGE_PLAN;
    flags[i].slot = some[i % kinds].slot;
    flags[i].rank = some[i % kinds].rank;
    memcpy(flags[i].id, some[i % kinds].id, strlen(some[i % kinds].id));
  }
  status = policy->flags(opened, flags, sizeof flags[0], count, NOW);
  printf("flags %d", (int)status);
  for (i = 0; i < count; ++i)
    printf(" %u:%.32s order %d covered %d", (unsigned)flags[i].patient, (const char *)flags[i].id, (int)flags[i].order,
           (int)flags[i].covered);
  printf("\n");
}

static void ask(const char *name, document_function function, uint64_t opened, const char *folder,
                const char *document) {
  char *given = read_document(folder, document), *out;
  uint64_t length = 0;
  careplug_status status = function(opened, given, strlen(given), NOW, NULL, 0, &length);
  out = checked(malloc((size_t)length + 1), "out of memory");
  status = function(opened, given, strlen(given), NOW, out, length, &length);
  out[length] = 0;
  printf("%s %d %s\n", name, (int)status, out);
  free(out);
  free(given);
}

static void use(const char *file, const char *folder) {
  library loaded = checked(load(file), "the plugin cannot be loaded");
  const entry_function entry = entry_of(loaded);
  const careplug_policy *policy;
  char about[1024], *session = read_document(folder, "session");
  uint64_t length = 0, opened = 0;
  careplug_status status;

  handshake(entry, 99);
  policy = handshake(entry, CAREPLUG_ABI_CANDIDATE);
  if (!policy) exit(1);
  status = policy->describe(about, sizeof about, &length);
  printf("describe %d %.*s\n", (int)status, (int)length, about);
  status = policy->open(session, strlen(session), &opened);
  printf("open %d, policy %s\n", (int)status, opened ? "given" : "none");
  free(session);
  order_flags(policy, opened);
  ask("actions", policy->actions, opened, folder, "patient");
  ask("form", policy->panel, opened, folder, "panel");
  ask("check", policy->check, opened, folder, "response");
  ask("summary", policy->summary, opened, folder, "plan");
  ask("write_back", policy->write_back, opened, folder, "plan");
  ask("broken", policy->check, opened, folder, "broken");
  policy->close(opened);
  ask("closed", policy->actions, opened, folder, "patient");
  unload(loaded);
  printf("unloaded %d\n", !is_loaded(file));
}

int main(int count, char **arguments) {
  plain_lines();
  if (count != 3) exit((puts("usage: policy_host PLUGIN FOLDER"), 2));
  use(arguments[1], arguments[2]);
  printf("again\n");
  use(arguments[1], arguments[2]);
  return 0;
}
