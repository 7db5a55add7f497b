/* A small policy, kept as a binary of each recorded version and run with other engines (docs/abi-changes.md).
 * It puts the CPR decision first, covers all but that and the knowledge, and offers to read the plan.
 */
#include <careplug/plugin.h>
#include <string.h>

static const char about[] =
    "{\"id\": \"example.small\", \"version\": \"1.0.0\", \"title\": \"Small policy\", \"view\": \"gp\"}";
static const char buttons[] = "{\"actions\": [{\"id\": \"read\", \"label\": \"Small policy reads\", \"primary\": true}]}";
static const char form[] = "{\"title\": \"Plan\", \"mode\": \"read\", \"mode_words\": \"\", \"core\": [\"cpr.decision\"], \"more\": []}";
static const char sound[] = "{\"resourceType\": \"OperationOutcome\", \"issue\": []}";
static const char words[] = "{\"text\": \"Plan\", \"html\": \"<article>Plan</article>\", \"valid_as_of\": \"\"}";
static const char entries[] = "{\"entries\": []}";

static careplug_status give(const char *text, char *out, uint64_t capacity, uint64_t *length) {
  *length = strlen(text);
  if (*length <= capacity) memcpy(out, text, *length);
  return CAREPLUG_OK;
}

static careplug_status CAREPLUG_CALL describe(char *out, uint64_t capacity, uint64_t *length) {
  return give(about, out, capacity, length);
}

static careplug_status CAREPLUG_CALL open_policy(const char *session, uint64_t session_length, uint64_t *policy) {
  (void)session;
  (void)session_length;
  *policy = 1;
  return CAREPLUG_OK;
}

static void CAREPLUG_CALL close_policy(uint64_t policy) { (void)policy; }

/* Fills what both sides know, zeroes the rest, and says how much it filled. */
static careplug_status CAREPLUG_CALL flags(uint64_t policy, careplug_policy_flag *first, uint64_t stride, uint64_t count,
                                           int64_t now) {
  uint64_t i;
  (void)policy;
  (void)now;
  for (i = 0; i < count; ++i) {
    uint8_t *at = (uint8_t *)first + i * stride;
    careplug_policy_flag flag;
    uint32_t size, known;
    memcpy(&size, at, sizeof size);
    if (size > stride) return CAREPLUG_REFUSED_ARGUMENT;
    known = size < sizeof flag ? size : (uint32_t)sizeof flag;
    memset(&flag, 0, sizeof flag);
    memcpy(&flag, at, known);
    flag.size = known;
    flag.order = flag.slot == CAREPLUG_SLOT_CPR ? 1 : 2 + flag.slot;
    flag.covered = flag.slot > CAREPLUG_SLOT_CPR;
    memset(at, 0, size);
    memcpy(at, &flag, known);
  }
  return CAREPLUG_OK;
}

#define ANSWER(name, text)                                                                                              \
  static careplug_status CAREPLUG_CALL name(uint64_t policy, const char *in, uint64_t in_length, int64_t now, char *out, \
                                            uint64_t capacity, uint64_t *length) {                                      \
    (void)policy;                                                                                                       \
    (void)in;                                                                                                           \
    (void)in_length;                                                                                                    \
    (void)now;                                                                                                          \
    return give(text, out, capacity, length);                                                                           \
  }
ANSWER(actions, buttons)
ANSWER(panel, form)
ANSWER(check, sound)
ANSWER(summary, words)
ANSWER(write_back, entries)

static const careplug_policy table = {sizeof(careplug_policy), 0,     describe, open_policy, close_policy, flags, actions,
                                      panel,                   check, summary,  write_back};

#ifdef CAREPLUG_POLICY_REVIEW
/* Compiled with headers that have grown it offers their further table. */
static careplug_status CAREPLUG_CALL review(uint64_t policy, const char *plan, uint64_t plan_length, int64_t now) {
  (void)policy;
  (void)plan;
  (void)plan_length;
  (void)now;
  return CAREPLUG_OK;
}
static const careplug_policy_review review_table = {sizeof(careplug_policy_review), 0, review};
#endif

static int32_t smaller(int32_t left, int32_t right) { return left < right ? left : right; }

CAREPLUG_EXPORT careplug_status CAREPLUG_CALL careplug_entry(const careplug_plugin_offer *offer, careplug_plugin_answer *answer) {
  static const char refusal[] = "The small policy was built for Careplug %, this engine speaks %. Install the policy of this engine.";
  const int32_t own[3] = {CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR, CAREPLUG_ABI_CANDIDATE};
  const int32_t theirs[3] = {offer->major, offer->minor, offer->candidate};
  const int equal = memcmp(own, theirs, sizeof own) == 0;
  const int released = own[2] == 0 && theirs[2] == 0 && own[0] == theirs[0];
  const uint32_t stated = answer->size;
  careplug_plugin_answer mine;
  memset(&mine, 0, sizeof mine);
  mine.size = stated < sizeof mine ? stated : (uint32_t)sizeof mine;
  if (equal || released) {
    mine.major = own[0];
    mine.minor = smaller(own[1], theirs[1]);
    mine.candidate = own[2];
    mine.policy = &table;
#ifdef CAREPLUG_POLICY_REVIEW
    mine.review = &review_table;
#endif
  } else {
    const int32_t *version = own;
    const char *from = refusal;
    uint8_t *to = mine.sentence;
    for (; *from; ++from)
      if (*from != '%') {
        *to++ = (uint8_t)*from;
      } else { /* versions of one digit are enough for this policy */
        *to++ = (uint8_t)('0' + version[0]);
        *to++ = '.';
        *to++ = (uint8_t)('0' + version[1]);
        if (version[2] != 0) {
          memcpy(to, "-rc.", 4);
          to += 4;
          *to++ = (uint8_t)('0' + version[2]);
        }
        version = theirs;
      }
  }
  memset(answer, 0, stated);
  memcpy(answer, &mine, mine.size);
  return mine.policy ? CAREPLUG_OK : CAREPLUG_REFUSED_VERSION;
}
