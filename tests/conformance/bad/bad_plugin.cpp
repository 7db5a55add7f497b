#include <dlfcn.h>

#include <careplug/plugin/standard_policy.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "bad.h"

namespace {

using namespace careplug::plugin;

// As good as the real ones: reads, edits, notes, and files entries.
class GoodPolicy : public StandardPolicy {
public:
    explicit GoodPolicy(Session session) : StandardPolicy(std::move(session), {}) {}
    std::vector<Entry> write_back(const PlanDocument& plan, const Now&) const override {
        return coded_entries(plan);
    }
};

}  // namespace

const Plugin& careplug::plugin::this_plugin() {
    static const Plugin plugin = {"example.bad", "1.0.0", "A bad plugin", "ooh",
                                  [](Session session) -> std::unique_ptr<Policy> {
                                      return std::make_unique<GoodPolicy>(std::move(session));
                                  }};
    return plugin;
}

namespace careplug::bad {

Opened& opened() {
    static Opened handles;
    return handles;
}

bool has(const std::vector<std::uint64_t>& handles, std::uint64_t handle) {
    return std::find(handles.begin(), handles.end(), handle) != handles.end();
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
}

const careplug_policy& good_table() {
    static const careplug_policy* const table = [] {
        const careplug_plugin_offer offer = {sizeof offer, CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR,
                                             CAREPLUG_ABI_CANDIDATE};
        careplug_plugin_answer answer = {};
        answer.size = sizeof answer;
        plugin::entry(&offer, &answer);
        return answer.policy;
    }();
    return *table;
}

namespace {

const Fault& fault() {
    static const Fault chosen = [] {
        Dl_info info = {};
        dladdr(reinterpret_cast<const void*>(&has), &info);
        const std::string id = std::filesystem::path(info.dli_fname).stem().string();
        for (const auto* list : {&faults_of_the_contract(), &faults_of_flags(), &faults_of_forms(),
                                 &faults_of_output(), &faults_of_the_process()})
            for (const Fault& each : *list)
                if (id == each.id) return each;
        return Fault{"none"};
    }();
    return chosen;
}

careplug_status put(const Call& call, const Room& room) {
    if (fault().wrote != nullptr && fault().wrote(call, room)) return call.status;
    *room.length = call.answer.size();
    if (call.answer.size() <= room.capacity && !call.answer.empty())
        std::memcpy(room.out, call.answer.data(), call.answer.size());
    return call.status;
}

// In a document of odd values the fault finds nothing to change: the good answer stands.
void apply(void (*change)(Call&), Call& call) {
    if (change == nullptr) return;
    try {
        change(call);
    } catch (const json::exception&) {
    }
}

using DocumentFunction = decltype(careplug_policy::actions);

careplug_status forward(const char* name, DocumentFunction good, std::uint64_t policy, const char* document,
                        std::uint64_t document_length, std::int64_t now, const Room& room) {
    const bool sound = room.length != nullptr && (room.out != nullptr || room.capacity == 0) &&
                       (document != nullptr || document_length == 0);
    if (!sound) {
        if (fault().wrote != nullptr && fault().wrote({name, policy, "", now}, room)) return CAREPLUG_OK;
        return good(policy, document, document_length, now, room.out, room.capacity, room.length);
    }
    Call call{name, policy, std::string(document == nullptr ? "" : document, document_length), now};
    if (std::strcmp(fault().id, "P-107") == 0 && document != nullptr) {
        // Looks for the NUL that C's own text has.
        const volatile char behind = document[document_length];
        if (behind != 0) call.now = now;
    }
    apply(fault().before, call);
    std::uint64_t length = 0;
    call.status =
        good(call.policy, call.document.data(), call.document.size(), call.now, nullptr, 0, &length);
    call.answer.resize(length);
    good(call.policy, call.document.data(), call.document.size(), call.now, call.answer.data(), length,
         &length);
    apply(fault().after, call);
    return put(call, room);
}

careplug_status CAREPLUG_CALL describe(char* out, std::uint64_t capacity, std::uint64_t* length) {
    if (fault().described == nullptr || length == nullptr)
        return good_table().describe(out, capacity, length);
    Call call{"describe", 0, "", 0};
    std::uint64_t need = 0;
    good_table().describe(nullptr, 0, &need);
    call.answer.resize(need);
    good_table().describe(call.answer.data(), need, &need);
    fault().described(call.answer);
    return put(call, {out, capacity, length});
}

careplug_status CAREPLUG_CALL open(const char* session, std::uint64_t length, std::uint64_t* policy) {
    careplug_status status = good_table().open(session, length, policy);
    if (policy == nullptr) return status;
    if (status == CAREPLUG_OK) {
        const std::string_view text(session, length);
        opened().ever.push_back(*policy);
        opened().live.push_back(*policy);
        if (text.find("\"may_edit\":false") != std::string_view::npos)
            opened().may_not_edit.push_back(*policy);
        if (text.find("\"may_note\":false") != std::string_view::npos)
            opened().may_not_note.push_back(*policy);
    }
    if (fault().opened != nullptr) status = fault().opened(status, *policy);
    return status;
}

void CAREPLUG_CALL close(std::uint64_t policy) {
    const std::uint64_t meant = fault().closed != nullptr ? fault().closed(policy) : policy;
    std::erase(opened().live, meant);
    good_table().close(meant);
}

careplug_status CAREPLUG_CALL flags(std::uint64_t policy, careplug_policy_flag* flags, std::uint64_t stride,
                                    std::uint64_t count, std::int64_t now) {
    if (fault().array != nullptr)
        if (const careplug_status status = fault().array(flags, stride, count); status >= 0) return status;
    if (fault().ordered == nullptr) return good_table().flags(policy, flags, stride, count, now);
    FlagsCall call{{}, {}, now};
    const bool sound = flags != nullptr && count < 100'000 && stride >= sizeof *flags && stride < 4096;
    for (std::uint64_t i = 0; sound && i < count; ++i) {
        auto* const at = reinterpret_cast<careplug_policy_flag*>(reinterpret_cast<char*>(flags) + i * stride);
        call.before.push_back(*at);
        call.after.push_back(at);
    }
    const careplug_status status = good_table().flags(policy, flags, stride, count, now);
    if (status == CAREPLUG_OK) fault().ordered(call);
    return status;
}

#define CAREPLUG_BAD_FUNCTION(NAME)                                                                      \
    careplug_status CAREPLUG_CALL NAME(std::uint64_t policy, const char* document, std::uint64_t length, \
                                       std::int64_t now, char* out, std::uint64_t capacity,              \
                                       std::uint64_t* need) {                                            \
        return forward(#NAME, good_table().NAME, policy, document, length, now, {out, capacity, need});  \
    }
CAREPLUG_BAD_FUNCTION(actions)
CAREPLUG_BAD_FUNCTION(panel)
CAREPLUG_BAD_FUNCTION(check)
CAREPLUG_BAD_FUNCTION(summary)
CAREPLUG_BAD_FUNCTION(write_back)

const careplug_policy& bad_table() {
    static const careplug_policy functions = [] {
        careplug_policy table = {sizeof table, 0,      &describe, &open,    &close,     &flags,
                                 &actions,     &panel, &check,    &summary, &write_back};
        if (fault().table != nullptr) fault().table(table);
        return table;
    }();
    return functions;
}

careplug_status shake_hands(const careplug_plugin_offer* offer, careplug_plugin_answer* answer) {
    const careplug_status status = plugin::entry(offer, answer);
    if (status == CAREPLUG_OK) answer->policy = &bad_table();
    return status;
}

}  // namespace

careplug_status handshake(const careplug_plugin_offer* offer, careplug_plugin_answer* answer) {
    static const bool loaded = [] {
        if (fault().loaded != nullptr) fault().loaded();
        return true;
    }();
    if (loaded && fault().handshake != nullptr) return fault().handshake(&shake_hands, offer, answer);
    return shake_hands(offer, answer);
}

}  // namespace careplug::bad

extern "C" CAREPLUG_EXPORT careplug_status CAREPLUG_CALL careplug_entry(const careplug_plugin_offer* offer,
                                                                        careplug_plugin_answer* answer) {
    return careplug::bad::handshake(offer, answer);
}

// Stays hidden but in the plugin that breaks P-002.
extern "C" CAREPLUG_EXPORT int careplug_helper() {
    return 1;
}
