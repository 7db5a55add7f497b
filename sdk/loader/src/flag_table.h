// The flags of one session, read from the memory that its engine writes: no call, no waiting. An answer is
// good until its deadline on the boot clock, and while the engine lives; past that, and whenever in doubt, it
// reads NOT_KNOWN (hazard: "not known" never looks like "none").
#ifndef CAREPLUG_LOADER_FLAG_TABLE_H
#define CAREPLUG_LOADER_FLAG_TABLE_H

#include <careplug/wire/flag_table.h>
#include <careplug/wire/messages.h>

#include <optional>

#include "platform.h"

namespace careplug::loader {

struct Moment {
    std::int64_t boot = 0;            // milliseconds, decides
    std::int64_t (*utc)() = nullptr;  // milliseconds, is shown
    bool engine_stopped = false;      // it ended, or hangs
};

class FlagTable {
public:
    // Memory for a table, and what the engine is told of it.
    struct Fresh {
        SharedMemory memory;
        wire::Table told;
    };
    enum class After {
        growth,   // of the same engine, which has written all rows again
        restart,  // the rows of the engine before are last known, until this one has an answer
    };

    bool has_room_for(std::size_t patients) const;
    // Nothing where the system has no memory or descriptors left.
    std::optional<Fresh> make(std::size_t patients) const;
    // Once the engine has it.
    void use(Fresh fresh, After after, std::int64_t boot);
    // Whoever is signed in now is not the one who saw the former engine's rows, or other patients are shown.
    void forget_former();

    bool engine_gone() const;
    // `gone`: as the sockets say; the table says so by itself too.
    Moment moment(bool gone, std::int64_t boot, std::int64_t (*utc)()) const;
    void read(const careplug_patient_key& patient, const Moment& moment, careplug_flags_record& record) const;
    careplug_word_record word(std::uint32_t word) const;
    // The engine writes a row for everybody who is watched, and for nobody else.
    bool watched(const careplug_patient_key& patient) const {
        careplug_flags_record flags;
        std::int64_t deadline = 0;
        return current_ && current_->reader.find(patient, flags, deadline);
    }

private:
    struct Part {
        SharedMemory memory;
        std::uint32_t generation;
        std::uint32_t rows;
        wire::FlagTableReader reader;
    };
    std::optional<careplug_word_record> find_word(std::uint32_t word) const;
    bool is_knowledge(std::uint32_t word) const;
    void set_nothing(careplug_flags_record& record, std::int32_t reason) const;
    // Makes an answer last known.
    void set_last_known(careplug_flags_record& record, std::int32_t reason, std::int64_t since) const;

    std::optional<Part> current_;
    std::optional<Part> former_;
    std::int64_t former_until_ = 0;  // on the boot clock its rows count, not its words alone
};

}  // namespace careplug::loader

#endif
