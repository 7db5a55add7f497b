// flag_hammer threads|processes: writes and reads one table at once, as fast as it goes, and counts what no
// reader may ever see: a row or word that was put together from two.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <new>
#include <thread>

#include "flag_patients.h"
#include "flag_rows.h"

using namespace careplug;
using test::PlainTable;

namespace {

constexpr int readers = 3;
constexpr std::uint32_t patients = 24;

struct Shared {
    std::atomic<bool> stop = false;
    std::atomic<std::uint64_t> read = 0, torn = 0, unreadable = 0, wrong_words = 0;
};

careplug_patient_key numbered(std::uint32_t n) {
    return test::patient("9990000018", std::to_string(1000 + n));
}

// Rows come, change and go; words come round again and again.
void write(wire::FlagTableWriter& table, const Shared& shared) {
    std::vector<careplug_patient_key> half;
    for (std::uint32_t n = 0; n < patients; n += 2) half.push_back(numbered(n));
    for (std::uint32_t revision = 1; !shared.stop; ++revision) {
        for (std::uint32_t n = 0; n < patients; ++n) table.put(numbered(n), PlainTable::plan(revision));
        const std::string text = std::to_string(revision);
        table.not_known_word(table.word(test::word(CAREPLUG_SLOT_CPR, text, text)));
        if (revision % 5 == 0) table.keep_only(half);
    }
}

void read(const wire::FlagTableReader& table, Shared& shared) {
    careplug_flags_record record;
    std::int64_t deadline = 0;
    for (std::uint32_t n = 0; !shared.stop; ++n) {
        if (table.find(numbered(n % patients), record, deadline)) {
            ++shared.read;
            if (record.knowledge == CAREPLUG_KNOWLEDGE_NOT_KNOWN)
                ++shared.unreadable;
            else if (!PlainTable::whole(record, deadline))
                ++shared.torn;
        }
        const auto word = table.word(table.not_known_word());
        if (word && std::memcmp(word->id, word->words, sizeof word->id) != 0) ++shared.wrong_words;
    }
}

}  // namespace

int main(int count, char** arguments) {
    const bool processes = count > 1 && std::strcmp(arguments[1], "processes") == 0;
    const std::size_t size = wire::table_bytes(wire::least_rows);
    void* memory =
        ::mmap(nullptr, size + sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return 2;
    auto* bytes = static_cast<std::byte*>(memory);
    auto& shared = *new (bytes + size) Shared;
    wire::FlagTableWriter writer({bytes, size}, wire::least_rows, PlainTable::key, 1);
    const wire::FlagTableReader reader({bytes, size}, wire::least_rows, PlainTable::key);

    std::vector<pid_t> children;
    std::vector<std::thread> threads;
    for (int i = 0; i < readers; ++i) {
        if (!processes) {
            threads.emplace_back([&] { read(reader, shared); });
        } else if (const pid_t child = ::fork(); child == 0) {
            read(reader, shared);
            ::_exit(0);
        } else {
            children.push_back(child);
        }
    }
    std::thread writing([&] { write(writer, shared); });
    std::this_thread::sleep_for(std::chrono::milliseconds(test::often(2000, 60000)));
    shared.stop = true;
    writing.join();
    for (auto& thread : threads) thread.join();
    for (const pid_t child : children) ::waitpid(child, nullptr, 0);
    std::printf("rows read %llu, torn %llu, not readable after all tries %llu, wrong words %llu\n",
                static_cast<unsigned long long>(shared.read), static_cast<unsigned long long>(shared.torn),
                static_cast<unsigned long long>(shared.unreadable),
                static_cast<unsigned long long>(shared.wrong_words));
    return shared.torn == 0 && shared.wrong_words == 0 && shared.read > 1000 ? 0 : 1;
}
