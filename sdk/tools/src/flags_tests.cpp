// Requirements about the order of flags.
#include <algorithm>
#include <cstring>
#include <random>

#include "guarded_memory.h"
#include "requirement_tests.h"
#include "scene.h"

namespace careplug::tools::flags {

namespace {

using Flag = careplug_policy_flag;
using Flags = std::vector<Flag>;

const std::vector<std::string> everything = {"plan",         "dnacpr",
                                             "adrt",         "lpa",
                                             "ceiling",      "anticipatory-expired",
                                             "anticipatory", "icd-active",
                                             "staff-note",   "review-overdue",
                                             "own-draft",    "not-sent"};
const std::vector<std::string> cpr_ids = {"cpr-conflict", "cpr-unreadable", "dnacpr",
                                          "cpr-modified", "for-cpr",        "cpr-none"};

bool leads(const Flag& flag) {
    return flag.slot == CAREPLUG_SLOT_KNOWLEDGE || flag.slot == CAREPLUG_SLOT_CPR;
}

// The place of each flag from the left: by order, then by the place in which it came.
std::vector<std::string> drawn(Flags flags) {
    std::stable_sort(flags.begin(), flags.end(),
                     [](const Flag& a, const Flag& b) { return a.order < b.order; });
    std::vector<std::string> ids;
    for (const Flag& flag : flags) ids.push_back(id_of(flag) + (flag.covered != 0 ? " covered" : ""));
    return ids;
}

std::string listed(const std::vector<std::string>& ids) {
    std::string words;
    for (const std::string& id : ids) words += (words.empty() ? "" : ", ") + id;
    return words;
}

// Batches of one patient that between them hold every CPR flag with every knowledge.
std::vector<Flags> batches(const Documents& documents) {
    std::vector<Flags> all;
    for (const std::string& cpr : cpr_ids)
        for (const std::string knowledge : {"plan", "not-known", "suspended"}) {
            auto ids = everything;
            ids[0] = knowledge;
            ids[1] = cpr;
            all.push_back(documents.flags(ids));
            all.push_back(documents.flags({knowledge, cpr}));
        }
    all.push_back(documents.flags({"plan", "cpr-conflict", "dnacpr", "for-cpr"}));
    return all;
}

}  // namespace

void cpr_is_not_covered(const Trial& trial) {
    const Scene scene(trial);
    for (Flags batch : batches(scene.documents))
        for (const int given : {0, 1}) {
            for (Flag& flag : batch)
                if (flag.slot == CAREPLUG_SLOT_CPR) flag.covered = given;
            for (const Flag& flag : scene.policy.order(batch))
                expect(flag.slot != CAREPLUG_SLOT_CPR || flag.covered == 0,
                       "The CPR flag " + id_of(flag) + " is covered, so no board draws it.");
        }
}

void knowledge_is_not_covered(const Trial& trial) {
    const Scene scene(trial);
    auto all = batches(scene.documents);
    all.push_back(scene.documents.flags({"no-plan"}));
    for (const Flags& batch : all)
        for (const Flag& flag : scene.policy.order(batch))
            expect(flag.slot != CAREPLUG_SLOT_KNOWLEDGE || flag.covered == 0,
                   "The knowledge " + id_of(flag) + " is covered, so no board draws it.");
}

void cpr_and_knowledge_lead(const Trial& trial) {
    const Scene scene(trial);
    for (Flags batch : batches(scene.documents)) {
        batch = scene.policy.order(batch);
        std::stable_sort(batch.begin(), batch.end(),
                         [](const Flag& a, const Flag& b) { return a.order < b.order; });
        const bool sorted = std::is_partitioned(batch.begin(), batch.end(), leads);
        expect(sorted, "A flag stands left of the CPR decision or the knowledge: " + listed(drawn(batch)));
    }
}

void keeps_what_came(const Trial& trial) {
    const Scene scene(trial);
    for (const Flags& batch : batches(scene.documents)) {
        const Flags after = scene.policy.order(batch);
        for (std::size_t i = 0; i < batch.size(); ++i)
            expect(after[i].patient == batch[i].patient && after[i].knowledge == batch[i].knowledge &&
                       after[i].slot == batch[i].slot && after[i].rank == batch[i].rank &&
                       after[i].state == batch[i].state && id_of(after[i]) == id_of(batch[i]),
                   "The flag " + id_of(batch[i]) +
                       " came back changed in more than its order and whether it is covered.");
    }
}

void keeps_what_is_unknown(const Trial& trial) {
    const Scene scene(trial);
    Flags batch = scene.documents.flags({"plan", "dnacpr", "adrt", "lpa"});
    std::memset(batch[2].id, 'x', sizeof batch[2].id);
    batch[3].knowledge = 9000;
    batch[3].state = 0x80000000U;
    const Flags after = scene.policy.order(batch);
    expect(std::memcmp(after[2].id, batch[2].id, sizeof batch[2].id) == 0,
           "An unknown flag's id came back changed.");
    expect(after[3].knowledge == 9000 && after[3].state == 0x80000000U,
           "An unknown knowledge or state came back changed.");
}

void draws_unknown_slots(const Trial& trial) {
    const Scene scene(trial);
    Flags batch = scene.documents.flags({"plan", "dnacpr", "adrt", "lpa"});
    batch[2].slot = batch[3].slot = 77;
    for (const Flag& flag : scene.policy.order(batch))
        expect(flag.slot != 77 || flag.covered == 0,
               "A flag of an unknown slot is covered, so no board draws it.");
}

void a_cover_stands_for_what_it_covers(const Trial& trial) {
    const Scene scene(trial);
    for (const Flags& batch : batches(scene.documents)) {
        const Flags after = scene.policy.order(batch);
        for (const Flag& flag : after) {
            const bool stood_for = std::any_of(after.begin(), after.end(), [&](const Flag& other) {
                return other.slot == flag.slot && other.covered == 0;
            });
            expect(leads(flag) || flag.covered == 0 || stood_for,
                   "The flag " + id_of(flag) + " is covered and no flag of its slot stands for it.");
        }
    }
}

void warnings_are_not_covered(const Trial& trial) {
    const Scene scene(trial);
    Flags batch = scene.documents.flags(everything);
    for (Flag& flag : batch)
        if (id_of(flag) == "not-sent") flag.rank = 99;
    for (const Flag& flag : scene.policy.order(batch)) {
        const std::string id = id_of(flag);
        const bool warning = id == "staff-note" || id == "anticipatory-expired" || id == "icd-active" ||
                             id == "review-overdue" || id == "not-sent";
        expect(!warning || flag.covered == 0,
               "The flag " + id + " is covered; it asks for a look before acting.");
    }
}

void follows_the_stride(const Trial& trial) {
    const Scene scene(trial);
    constexpr std::size_t stride = sizeof(Flag) + 24;
    const Flags batch = scene.documents.flags({"plan", "dnacpr", "adrt", "lpa"});
    const Flags expected = scene.policy.order(batch);
    GuardedMemory memory(stride * batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i)
        std::memcpy(memory.data() + i * stride, &batch[i], sizeof(Flag));
    const careplug_status status = scene.table.flags(
        scene.policy.handle(), reinterpret_cast<Flag*>(memory.data()), stride, batch.size(), usual_time);
    expect(status >= 0 && status < 100, "A larger stride was answered " + std::to_string(status) + ".");
    for (std::size_t i = 0; i < batch.size(); ++i) {
        Flag after;
        std::memcpy(&after, memory.data() + i * stride, sizeof after);
        expect(after.order == expected[i].order && after.covered == expected[i].covered,
               "With a larger stride the flag " + id_of(batch[i]) + " was ordered otherwise.");
        const char* const rest = memory.data() + i * stride + sizeof(Flag);
        expect(std::all_of(rest, rest + 24, [](char byte) { return byte == '#'; }),
               "The plugin wrote beyond a record's stated size, into what is the engine's own.");
    }
}

void accepts_longer_records(const Trial& trial) {
    const Scene scene(trial);
    constexpr std::size_t stride = sizeof(Flag) + 16;
    Flags batch = scene.documents.flags({"plan", "dnacpr", "adrt"});
    GuardedMemory memory(stride * batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
        batch[i].size = stride;
        std::memcpy(memory.data() + i * stride, &batch[i], sizeof(Flag));
    }
    const careplug_status status = scene.table.flags(
        scene.policy.handle(), reinterpret_cast<Flag*>(memory.data()), stride, batch.size(), usual_time);
    expect(status >= 0 && status < 100,
           "A later engine's longer records were answered " + std::to_string(status) + ".");
    for (std::size_t i = 0; i < batch.size(); ++i) {
        Flag after;
        std::memcpy(&after, memory.data() + i * stride, sizeof after);
        expect(after.size >= sizeof(Flag) && after.size <= stride,
               "A record's size is " + std::to_string(after.size) + ", which is not what was filled.");
    }
}

void refuses_bad_arrays(const Trial& trial) {
    const Scene scene(trial);
    const auto refused = [&](Flag* flags, std::uint64_t stride, std::uint64_t count,
                             const std::string& what) {
        const careplug_status status =
            scene.table.flags(scene.policy.handle(), flags, stride, count, usual_time);
        expect(status >= 100 && status < 200,
               "flags answered " + std::to_string(status) + " to " + what + ".");
    };
    Flags batch = scene.documents.flags({"plan", "dnacpr"});
    refused(nullptr, sizeof(Flag), 2, "an absent array");
    refused(batch.data(), 12, 2, "a stride smaller than a record");
    refused(batch.data(), sizeof(Flag), UINT64_MAX, "an endless array");
    batch[1].size = sizeof(Flag) + 8;
    refused(batch.data(), sizeof(Flag), 2, "a record larger than the stride");
    batch[1].size = 4;
    refused(batch.data(), sizeof(Flag), 2, "a record smaller than version 1's");
    expect(batch[0].order == 0 && batch[1].order == 0, "A refused array was changed.");
}

void accepts_an_empty_batch(const Trial& trial) {
    const Scene scene(trial);
    const careplug_status status =
        scene.table.flags(scene.policy.handle(), nullptr, sizeof(Flag), 0, usual_time);
    expect(status >= 0 && status < 100, "An empty batch was answered " + std::to_string(status) + ".");
}

void patients_do_not_mix(const Trial& trial) {
    const Scene scene(trial);
    std::mt19937_64 random(trial.seed);
    constexpr std::uint32_t patients = 40;
    std::vector<Flags> alone(patients);
    Flags batch;
    for (std::uint32_t patient = 0; patient < patients; ++patient) {
        std::vector<std::string> ids = {"plan", cpr_ids[random() % cpr_ids.size()]};
        for (std::size_t i = 2; i < everything.size(); ++i)
            if (random() % 2 == 0) ids.push_back(everything[i]);
        const Flags own = scene.documents.flags(ids, patient);
        batch.insert(batch.end(), own.begin(), own.end());
        alone[patient] = scene.policy.order(own);
    }
    std::shuffle(batch.begin(), batch.end(), random);
    for (const Flag& flag : scene.policy.order(batch)) {
        const Flags& own = alone[flag.patient];
        const auto same = std::find_if(own.begin(), own.end(),
                                       [&](const Flag& each) { return id_of(each) == id_of(flag); });
        expect(same != own.end() && same->order == flag.order && same->covered == flag.covered,
               "The flag " + id_of(flag) + " is ordered otherwise when other patients are in the batch.");
    }
}

void time_does_not_change_order(const Trial& trial) {
    const Scene scene(trial);
    constexpr std::int64_t hour = 3'600'000;
    for (const Flags& batch : batches(scene.documents)) {
        const auto usual = drawn(scene.policy.order(batch));
        for (std::int64_t hours = 1; hours < 24 * 8; hours += 5)
            expect(drawn(scene.policy.order(batch, usual_time + hours * hour)) == usual,
                   "The order depends on the time: " + std::to_string(hours) + " hours later it is another.");
    }
}

void ordering_again_changes_nothing(const Trial& trial) {
    const Scene scene(trial);
    for (const Flags& batch : batches(scene.documents)) {
        const Flags once = scene.policy.order(batch);
        expect(drawn(scene.policy.order(once)) == drawn(once),
               "Flags that were ordered already are ordered otherwise.");
    }
}

}  // namespace careplug::tools::flags
