/* A library of the vendor's with the names of one of ours, of another version: nobody but the vendor may call
   it, and nothing but the vendor's own program may load it. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fell_into(const char* name) {
    fprintf(stderr, "a function of the vendor's library was called: %s\n", name);
    abort();
}

#define TRAP(name)        \
    void name(void);      \
    void name(void) {     \
        fell_into(#name); \
    }

const char* sqlite3_libversion(void);
const char* sqlite3_libversion(void) {
    return "3.1.4 of the vendor";
}
const char* OpenSSL_version(int which);
const char* OpenSSL_version(int which) {
    (void)which;
    return "OpenSSL 0.9 of the vendor";
}

__attribute__((constructor)) static void loaded(void) {
    if (strncmp(program_invocation_short_name, "vendor_host", 11) == 0) return;
    fprintf(stderr, "a library of the vendor was loaded into %s\n", program_invocation_short_name);
    abort();
}
