#include "library.h"

#include <dlfcn.h>

#include <cstring>

namespace careplug::tools {

Library::Library(const std::filesystem::path& file)
    : handle_(dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL)), entry_(nullptr) {
    if (handle_ == nullptr) throw NotRun("The plugin does not load: see P-001.");
    void* const found = dlsym(handle_, "careplug_entry");
    if (found == nullptr) {
        dlclose(handle_);
        throw NotRun("The plugin has no careplug_entry: see P-001.");
    }
    std::memcpy(&entry_, &found, sizeof entry_);
}

Library::~Library() {
    dlclose(handle_);
}

careplug_plugin_offer current_offer() {
    return {sizeof(careplug_plugin_offer), CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR, CAREPLUG_ABI_CANDIDATE};
}

careplug_plugin_answer empty_answer() {
    careplug_plugin_answer answer = {};
    answer.size = sizeof answer;
    return answer;
}

std::string sentence_of(const careplug_plugin_answer& answer) {
    const auto* const text = reinterpret_cast<const char*>(answer.sentence);
    return std::string(text, strnlen(text, sizeof answer.sentence));
}

const careplug_policy& table_of(const Library& library) {
    const careplug_plugin_offer offer = current_offer();
    careplug_plugin_answer answer = empty_answer();
    const careplug_status status = library.entry()(&offer, &answer);
    if (status < 0 || status >= 100 || answer.policy == nullptr)
        throw NotRun("The handshake gave no table: see P-004.");
    return *answer.policy;
}

namespace {

template <class Call>
Answer with_room(Call call) {
    std::string text(64 * 1024, '\0');
    std::uint64_t length = 0;
    Answer answer;
    answer.status = call(text.data(), text.size(), &length);
    if (length > text.size()) {
        expect(length < (1ULL << 30),
               "The plugin says that its answer needs " + std::to_string(length) + " bytes.");
        const std::uint64_t wanted = length;
        // A little more than was asked for: whether exactly that is enough is one requirement's matter.
        text.resize(static_cast<std::size_t>(wanted) + 1);
        answer.status = call(text.data(), text.size(), &length);
        expect(length <= wanted, "The plugin asked for " + std::to_string(wanted) +
                                     " bytes and then needed " + std::to_string(length) +
                                     " for the same answer.");
    }
    text.resize(static_cast<std::size_t>(length));
    answer.text = std::move(text);
    return answer;
}

}  // namespace

Answer ask(DocumentFunction function, std::uint64_t policy, std::string_view document, std::int64_t now) {
    return with_room([&](char* out, std::uint64_t capacity, std::uint64_t* length) {
        return function(policy, document.data(), document.size(), now, out, capacity, length);
    });
}

Answer describe(const careplug_policy& table) {
    return with_room([&](char* out, std::uint64_t capacity, std::uint64_t* length) {
        return table.describe(out, capacity, length);
    });
}

}  // namespace careplug::tools
