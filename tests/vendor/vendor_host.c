/* A vendor's program with libraries of its own. It loads libcareplug, signs in, reads the flags of one patient,
   closes, and says what it saw.
   vendor_host FLAGS LIBRARY SETTINGS TOKEN_FILE NUMBER BIRTH_DATE     FLAGS: "local", "global", "linked" */
#define _GNU_SOURCE
#include <careplug/host.h>
#include <dlfcn.h>
#include <link.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef VENDOR_STATIC
#include <openssl/evp.h>
#include <sqlite3.h>
#else
const char* sqlite3_libversion(void);
const char* OpenSSL_version(int which);
#endif

static void fail(const char* what) {
    printf("failed: %s\n", what);
    exit(1);
}

static void* library = NULL;

static void (*found(const char* name))(void) {
    void* symbol = dlsym(library ? library : RTLD_DEFAULT, name);
    void (*function)(void) = NULL;
    if (!symbol) fail(name);
    memcpy(&function, &symbol, sizeof function);
    return function;
}

/* Where the program finds a name: its own library, or its own copy. */
static void say_where(const char* name) {
    void* symbol = dlsym(RTLD_DEFAULT, name);
    Dl_info about;
    const char* file = "nowhere";
    if (symbol && dladdr(symbol, &about) && about.dli_fname) file = about.dli_fname;
    printf("%s in %s\n", name, strrchr(file, '/') ? strrchr(file, '/') + 1 : file);
}

static int say_library(struct dl_phdr_info* about, size_t size, void* unused) {
    (void)size;
    (void)unused;
    if (about->dlpi_name[0]) printf("loaded %s\n", about->dlpi_name);
    return 0;
}

#ifdef VENDOR_STATIC
static int rows(void* count, int columns, char** values, char** names) {
    (void)columns;
    (void)values;
    (void)names;
    ++*(int*)count;
    return 0;
}

/* The vendor's own work with its own copies. */
static void work(void) {
    sqlite3* database = NULL;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    int count = 0;
    if (sqlite3_open(":memory:", &database) != SQLITE_OK ||
        sqlite3_exec(database, "CREATE TABLE a(b); INSERT INTO a VALUES(1),(2); SELECT * FROM a", rows, &count,
                     NULL) != SQLITE_OK ||
        count != 2)
        fail("the vendor's SQLite");
    sqlite3_close(database);
    if (EVP_Digest("abc", 3, digest, &length, EVP_sha256(), NULL) != 1 || length != 32 || digest[0] != 0xba)
        fail("the vendor's OpenSSL");
}
#else
static void work(void) {
    if (!strstr(sqlite3_libversion(), "of the vendor") || !strstr(OpenSSL_version(0), "of the vendor"))
        fail("the vendor's own libraries");
}
#endif

static void read_token(const char* file, char* token, size_t room) {
    FILE* in = fopen(file, "r");
    size_t length = in ? fread(token, 1, room - 1, in) : 0;
    if (in) fclose(in);
    token[length] = 0;
    if (length == 0) fail("no token");
}

#define FUNCTION(name) ((__typeof__(&name))found(#name))

static void serve(const char* settings, const char* token_file, const char* number, const char* born) {
    careplug_offer offer = {sizeof offer, CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR, CAREPLUG_ABI_CANDIDATE};
    careplug_answer answer;
    careplug_patient_key key;
    careplug_flags_record flags;
    careplug_handle loader = 0, session = 0, problem = 0;
    char token[8192];
    int rounds = 0;
    memset(&answer, 0, sizeof answer);
    answer.size = sizeof answer;
    memset(&key, 0, sizeof key);
    key.size = sizeof key;
    key.number_status = 1;
    memcpy(key.nhs_number, number, strlen(number));
    memcpy(key.birth_date, born, strlen(born));
    read_token(token_file, token, sizeof token);
    if (FUNCTION(careplug_open)(&offer, &answer, "vendor", 6, settings, strlen(settings), &loader, &problem) >= 100)
        fail("careplug_open");
    if (FUNCTION(careplug_session_open)(loader, "gp", 2, NULL, 0, &session, &problem) >= 100)
        fail("careplug_session_open");
    if (FUNCTION(careplug_watch)(session, &key, sizeof key, 1, &problem) >= 100) fail("careplug_watch");
    for (rounds = 0; rounds < 1000; ++rounds) {
        careplug_event event;
        memset(&event, 0, sizeof event);
        event.size = sizeof event;
        FUNCTION(careplug_next_event)(session, &event);
        if (event.kind == CAREPLUG_EVENT_REQUEST)
            FUNCTION(careplug_complete)(session, event.subject, CAREPLUG_OK, token, strlen(token), &problem);
        if (event.body) FUNCTION(careplug_release)(event.body);
        memset(&flags, 0, sizeof flags);
        flags.size = sizeof flags;
        FUNCTION(careplug_flags)(session, &key, sizeof key, &flags, sizeof flags, 1);
        if (flags.knowledge != CAREPLUG_KNOWLEDGE_NOT_KNOWN) break;
        if (event.kind == CAREPLUG_EVENT_NONE) poll(NULL, 0, 20);
    }
    printf("knowledge %d\n", (int)flags.knowledge);
    FUNCTION(careplug_close)(loader);
}

int main(int count, char** arguments) {
    static const char* const names[] = {"sqlite3_libversion", "OpenSSL_version", "sqlite3_open",
                                        "_ZN8careplug6loader7handlesEv", "_ZN8careplug4wire13this_versionEv"};
    size_t i = 0;
    int round = 0;
    if (count != 7) fail("usage");
    work();
    for (round = 0; round < 2; ++round) {
        if (strcmp(arguments[1], "linked") != 0) {
            const int how = strcmp(arguments[1], "global") == 0 ? RTLD_NOW | RTLD_GLOBAL : RTLD_LAZY | RTLD_LOCAL;
            library = dlopen(arguments[2], how);
            if (!library) fail(dlerror());
        }
        serve(arguments[3], arguments[4], arguments[5], arguments[6]);
        work();
    }
    for (i = 0; i < sizeof names / sizeof *names; ++i) say_where(names[i]);
    dl_iterate_phdr(say_library, NULL);
    printf("done\n");
    return 0;
}
