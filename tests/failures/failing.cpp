// Linked with a program for the tests: one write or sync of SQLite's, or one allocation of the process, fails
// when the test orders it (orders.h). The program's own sources are as they are shipped.
#include <fcntl.h>
#include <malloc.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "failures/orders.h"

namespace {

using careplug::test::Failing;
using careplug::test::Orders;

Orders* orders = nullptr;

bool fails(Failing kind) {
    if (orders == nullptr || orders->kind.load(std::memory_order_relaxed) != static_cast<int>(kind))
        return false;
    ++orders->seen;
    if (orders->after-- != 0) return false;
    ++orders->failed;
    return true;
}

// SQLite's tables of what can be done with a file, as they are and as they are given instead: one for the
// database, one for its log.
struct Table {
    const sqlite3_io_methods* real;
    sqlite3_io_methods given;
};
Table tables[4];
sqlite3_vfs* real_system = nullptr;
sqlite3_vfs system_that_fails;

const sqlite3_io_methods* real_of(const sqlite3_file* file) {
    for (const Table& table : tables)
        if (file->pMethods == &table.given) return table.real;
    std::abort();
}

// Half of it reaches the disk.
int write_or_fail(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
    if (!fails(Failing::write)) return real_of(file)->xWrite(file, bytes, count, at);
    real_of(file)->xWrite(file, bytes, count / 2, at);
    return SQLITE_IOERR_WRITE;
}

int sync_or_fail(sqlite3_file* file, int flags) {
    return fails(Failing::sync) ? SQLITE_IOERR_FSYNC : real_of(file)->xSync(file, flags);
}

std::mutex opening;

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* given) {
    const int result = real_system->xOpen(real_system, name, file, flags, given);
    if (result != SQLITE_OK || file->pMethods == nullptr) return result;
    const std::lock_guard lock(opening);
    for (Table& table : tables) {
        if (table.real != nullptr && table.real != file->pMethods) continue;
        if (table.real == nullptr) {
            table.given = *file->pMethods;
            table.given.xWrite = write_or_fail;
            table.given.xSync = sync_or_fail;
            table.real = file->pMethods;
        }
        file->pMethods = &table.given;
        break;
    }
    return result;
}

// Before main, and so before the engine confines itself.
__attribute__((constructor)) void take_orders() {
    char program[PATH_MAX];
    const ssize_t length = ::readlink("/proc/self/exe", program, sizeof program - 8);
    if (length <= 0) return;
    std::memcpy(program + length, ".orders", 8);
    const int file = ::open(program, O_RDWR | O_CLOEXEC);
    if (file < 0) return;
    void* memory = ::mmap(nullptr, sizeof(Orders), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    real_system = sqlite3_vfs_find(nullptr);
    if (memory == MAP_FAILED || real_system == nullptr) return;
    system_that_fails = *real_system;
    system_that_fails.zName = "fails";
    system_that_fails.xOpen = open_file;
    sqlite3_vfs_register(&system_that_fails, 1);
    orders = static_cast<Orders*>(memory);
}

}  // namespace

// The C library's own, for this whole process and every library in it.
extern "C" {

void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* block, size_t size);

#define SEEN_BY_LIBRARIES __attribute__((visibility("default")))

SEEN_BY_LIBRARIES void* malloc(size_t size) {
    if (!fails(Failing::allocation)) return __libc_malloc(size);
    errno = ENOMEM;
    return nullptr;
}

SEEN_BY_LIBRARIES void* calloc(size_t count, size_t size) {
    if (!fails(Failing::allocation)) return __libc_calloc(count, size);
    errno = ENOMEM;
    return nullptr;
}

SEEN_BY_LIBRARIES void* realloc(void* block, size_t size) {
    if (!fails(Failing::allocation)) return __libc_realloc(block, size);
    errno = ENOMEM;
    return nullptr;
}
}
