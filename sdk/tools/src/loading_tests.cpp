// Requirements about the file, the handshake and the table.
#include <dlfcn.h>

#include <cstring>

#include "elf.h"
#include "guarded_memory.h"
#include "requirement_tests.h"
#include "scene.h"
#include "text.h"

namespace careplug::tools::loading {

namespace {

std::string version_words(const careplug_plugin_offer& offer) {
    std::string words = std::to_string(offer.major) + "." + std::to_string(offer.minor);
    if (offer.candidate != 0) words += "-rc." + std::to_string(offer.candidate);
    return words;
}

void refuses(const Trial& trial, const careplug_plugin_offer& offer) {
    const Library library(trial.plugin);
    careplug_plugin_answer answer = empty_answer();
    const careplug_status status = library.entry()(&offer, &answer);
    expect(status >= 100 && status < 200, "An engine of version " + version_words(offer) + " was answered " +
                                              std::to_string(status) +
                                              ". Refuse it with CAREPLUG_REFUSED_VERSION.");
}

careplug_plugin_offer other_major() {
    auto offer = current_offer();
    offer.major += 1;
    return offer;
}

careplug_plugin_offer other_candidate() {
    auto offer = current_offer();
    offer.candidate += 6;
    return offer;
}

}  // namespace

void loads(const Trial& trial) {
    void* const library = dlopen(trial.plugin.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        const char* const why = dlerror();
        throw Failed(std::string("The file does not load: ") + (why != nullptr ? why : "no reason given"));
    }
    expect(dlsym(library, "careplug_entry") != nullptr, "The library has no function careplug_entry.");
    dlclose(library);
}

void exports_one_symbol(const Trial& trial) {
    const auto exported = elf_facts(trial.plugin).exported;
    for (const std::string& name : exported)
        expect(name == "careplug_entry", "The library exports " + name + " and " +
                                             std::to_string(exported.size() - 1) +
                                             " others. Hide all but careplug_entry with a version script.");
    expect(exported.size() == 1, "The library does not export careplug_entry.");
}

void needs_libc_alone(const Trial& trial) {
    for (const std::string& name : elf_facts(trial.plugin).needed)
        expect(name.starts_with("libc.so") || name.starts_with("ld-linux"),
               "The library needs " + name + ". Link it in statically, or do without.");
}

void accepts_its_own_version(const Trial& trial) {
    const Library library(trial.plugin);
    const careplug_plugin_offer offer = current_offer();
    careplug_plugin_answer answer = empty_answer();
    const careplug_status status = library.entry()(&offer, &answer);
    expect(status >= 0 && status < 100, "An engine of the same version was answered " +
                                            std::to_string(status) + ": " + excerpt(sentence_of(answer)));
    expect(answer.policy != nullptr, "The handshake was accepted and gave no table.");
    expect(answer.major == offer.major && answer.minor == offer.minor && answer.candidate == offer.candidate,
           "The handshake was accepted and answered another version.");
    expect(answer.size == sizeof answer, "The answer's size is " + std::to_string(answer.size) + ".");
}

void refuses_another_major(const Trial& trial) {
    refuses(trial, other_major());
}

void refuses_another_minor(const Trial& trial) {
    if (CAREPLUG_ABI_CANDIDATE == 0)
        throw NotApplicable("Releases speak with engines of other minor versions.");
    auto offer = current_offer();
    offer.minor += 3;
    refuses(trial, offer);
}

void refuses_another_candidate(const Trial& trial) {
    refuses(trial, other_candidate());
}

void refusal_says_what_to_do(const Trial& trial) {
    const Library library(trial.plugin);
    const careplug_plugin_offer offer = other_candidate();
    careplug_plugin_answer answer = empty_answer();
    const careplug_status status = library.entry()(&offer, &answer);
    if (status < 100) throw NotApplicable("Another candidate is not refused: see P-007.");
    const std::string sentence = sentence_of(answer);
    expect(sentence.size() < sizeof answer.sentence && valid_utf8(sentence),
           "The sentence is no ended UTF-8 text.");
    for (const std::string& version : {version_words(offer), version_words(current_offer())})
        expect(contains(sentence, version),
               "The refusal does not name version " + version + ": " + excerpt(sentence));
    bool remedy = false;
    for (const char* word : {"nstall", "uild", "pdate", "pgrade", "ownload", "sk "})
        remedy = remedy || contains(sentence, word);
    expect(remedy, "The refusal does not say what to do: " + excerpt(sentence));
}

void refusal_gives_no_table(const Trial& trial) {
    const Library library(trial.plugin);
    for (const careplug_plugin_offer& offer : {other_major(), other_candidate()}) {
        careplug_plugin_answer answer = empty_answer();
        // What an earlier handshake left must not look like an answer.
        answer.policy = reinterpret_cast<const careplug_policy*>(&answer);
        if (library.entry()(&offer, &answer) < 100) throw NotApplicable("The version is not refused.");
        expect(answer.policy == nullptr,
               "A refused engine of version " + version_words(offer) + " was given a table.");
    }
}

void shakes_hands_twice(const Trial& trial) {
    const Library library(trial.plugin);
    const careplug_policy& first = table_of(library);
    const careplug_plugin_offer offer = current_offer();
    careplug_plugin_answer answer = empty_answer();
    expect(library.entry()(&offer, &answer) == CAREPLUG_OK && answer.policy == &first,
           "A second handshake was answered otherwise than the first.");
}

void accepts_larger_records(const Trial& trial) {
    const Library library(trial.plugin);
    GuardedMemory offer(sizeof(careplug_plugin_offer) + 16);
    GuardedMemory answer(sizeof(careplug_plugin_answer) + 16);
    careplug_plugin_offer offered = current_offer();
    offered.size = static_cast<std::uint32_t>(offer.size());
    std::memcpy(offer.data(), &offered, sizeof offered);
    careplug_plugin_answer given = empty_answer();
    given.size = static_cast<std::uint32_t>(answer.size());
    std::memcpy(answer.data(), &given, sizeof given);
    const careplug_status status =
        library.entry()(reinterpret_cast<const careplug_plugin_offer*>(offer.data()),
                        reinterpret_cast<careplug_plugin_answer*>(answer.data()));
    std::memcpy(&given, answer.data(), sizeof given);
    expect(status >= 0 && status < 100 && given.policy != nullptr,
           "A later engine's larger records were answered " + std::to_string(status) + ".");
    expect(given.size >= sizeof given && given.size <= answer.size(),
           "The answer's size is " + std::to_string(given.size) + ", which is not what was filled.");
}

void writes_no_further_than_told(const Trial& trial) {
    const Library library(trial.plugin);
    const careplug_plugin_offer offer = current_offer();
    for (const std::size_t size : {sizeof(std::uint32_t), std::size_t{20}, std::size_t{256}}) {
        GuardedMemory answer(size);
        const auto stated = static_cast<std::uint32_t>(size);
        std::memcpy(answer.data(), &stated, sizeof stated);
        const careplug_status status =
            library.entry()(&offer, reinterpret_cast<careplug_plugin_answer*>(answer.data()));
        expect(status >= 100,
               "An answer of " + std::to_string(size) + " bytes was accepted; it holds no table.");
        expect(answer.front_untouched(), "The plugin wrote before the answer.");
    }
}

void refuses_a_short_offer(const Trial& trial) {
    const Library library(trial.plugin);
    GuardedMemory offer(8);
    const std::uint32_t stated = 8;
    std::memcpy(offer.data(), &stated, sizeof stated);
    careplug_plugin_answer answer = empty_answer();
    expect(library.entry()(reinterpret_cast<const careplug_plugin_offer*>(offer.data()), &answer) >= 100,
           "An offer without a version was accepted.");
    expect(library.entry()(nullptr, &answer) >= 100, "A handshake without an offer was accepted.");
}

void table_is_whole(const Trial& trial) {
    const Library library(trial.plugin);
    const careplug_policy& table = table_of(library);
    expect(table.size == sizeof table, "The table's size is " + std::to_string(table.size) + ", not " +
                                           std::to_string(sizeof table) + ".");
    expect(table.describe != nullptr && table.open != nullptr && table.close != nullptr &&
               table.flags != nullptr,
           "A function of the table is null.");
    for (const NamedFunction& each : document_functions)
        expect(table.*each.function != nullptr, std::string("The table's ") + each.name + " is null.");
}

void describes_itself(const Trial& trial) {
    const Library library(trial.plugin);
    const json document = answered(describe(table_of(library)), "describe");
    for (const char* name : {"id", "version", "title", "view"})
        expect(document.contains(name) && document[name].is_string() &&
                   !document[name].get<std::string>().empty(),
               std::string("describe gives no ") + name + ".");
}

void loads_again(const Trial& trial) {
    std::string first;
    for (int i = 0; i < 3; ++i) {
        {
            const Scene scene(trial);
            const std::string now = describe(scene.table).text;
            if (i == 0) first = now;
            expect(now == first, "Loaded again, the plugin describes itself otherwise.");
        }
        void* const still = dlopen(trial.plugin.c_str(), RTLD_NOW | RTLD_NOLOAD);
        if (still != nullptr) dlclose(still);
        expect(still == nullptr,
               "The library stays loaded after it was unloaded: a thread, a thread_local or RTLD_NODELETE "
               "holds it.");
    }
}

}  // namespace careplug::tools::loading
