#include <careplug/wire/flag_memory.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cstddef>

namespace careplug::wire {
namespace {

static_assert(sizeof(pthread_mutex_t) <= offsetof(FlagTableHeader, beat));

// Sealed, so that a loader that cuts it cannot end this process.
void* map(int descriptor, std::size_t size) {
    constexpr int needed = F_SEAL_SHRINK | F_SEAL_GROW;
    struct stat facts {};
    const int seals = ::fcntl(descriptor, F_GET_SEALS);
    if (seals < 0 || (seals & needed) != needed || ::fstat(descriptor, &facts) != 0 ||
        facts.st_size != static_cast<off_t>(size))
        throw NoFlagMemory(
            CAREPLUG_REFUSED_ARGUMENT,
            "The loader's memory for flags is not as it must be: install loader and engine of one "
            "release.");
    void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (memory == MAP_FAILED)
        throw NoFlagMemory(CAREPLUG_REFUSED,
                           "This computer has too little memory for the flags of care plans.");
    return memory;
}

void hold(void* place) {
    pthread_mutexattr_t attributes;
    ::pthread_mutexattr_init(&attributes);
    ::pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    ::pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    auto* mutex = static_cast<pthread_mutex_t*>(place);
    ::pthread_mutex_init(mutex, &attributes);
    ::pthread_mutexattr_destroy(&attributes);
    ::pthread_mutex_lock(mutex);
}

}  // namespace

FlagMemory::FlagMemory(const Table& told, int descriptor)
    : size_(table_bytes(told.rows)),
      memory_(map(descriptor, size_)),
      table_({static_cast<std::byte*>(memory_), size_}, told.rows, told.key, told.generation) {
    hold(table_.mutex_place());
}

FlagMemory::~FlagMemory() {
    ::pthread_mutex_unlock(static_cast<pthread_mutex_t*>(table_.mutex_place()));
    ::munmap(memory_, size_);
}

}  // namespace careplug::wire
