// The flags as the engine last sent them, so that careplug_flags never waits. An answer is good until its
// deadline on the boot clock; past it, and whenever in doubt, it reads NOT_KNOWN (hazard: "not known" never
// looks like "none").
#ifndef CAREPLUG_LOADER_FLAG_STORE_H
#define CAREPLUG_LOADER_FLAG_STORE_H

#include <careplug/wire/messages.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace careplug::loader {

// Number without spaces, birth date and number status: a plan found for a verified number says nothing about
// the same digits unverified.
std::string flag_key(const careplug_patient_key& patient);

struct Moment {
    std::int64_t boot = 0;  // milliseconds, decides
    std::int64_t utc = 0;   // milliseconds, is shown
    bool engine_gone = false;
    bool unreachable = false;  // the exchange, as the engine last said
};

class FlagStore {
public:
    // While the engine is asked to watch others, rows of both lists are taken: it may send before it replies.
    void begin_watch(const std::vector<careplug_patient_key>& patients);
    void accept_watch();
    void refuse_watch();

    void apply(const wire::FlagsTable& table);
    void apply(const wire::Word& word);

    careplug_flags_record read(const careplug_patient_key& patient, const Moment& moment) const;
    careplug_word_record word(std::uint32_t word) const;

private:
    careplug_flags_record nothing(std::int32_t reason) const;
    careplug_flags_record last_known(const careplug_flags_record& answer, std::int32_t reason,
                                     std::int64_t since) const;
    bool is_knowledge(std::uint32_t word) const;
    void prune();

    std::set<std::string> watched_;
    std::set<std::string> asked_;
    std::map<std::string, wire::FlagsRow> rows_;
    std::map<std::uint32_t, careplug_word_record> words_;
    std::uint32_t not_known_word_ = 0;
};

}  // namespace careplug::loader

#endif
