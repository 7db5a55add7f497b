// A good policy behind a table that does one thing wrong where its order says so.
#include <careplug/plugin/standard_policy.h>
#include <sys/socket.h>

#include <cstring>

#include "faults.h"

namespace {

using namespace careplug::plugin;
using namespace careplug::faulty;

class GoodPolicy : public StandardPolicy {
public:
    explicit GoodPolicy(Session session) : StandardPolicy(std::move(session), {}) {}
    std::vector<Entry> write_back(const PlanDocument& plan, const Now&) const override {
        return coded_entries(plan);
    }
};

const careplug_policy& good() {
    static const careplug_policy* const table = [] {
        const careplug_plugin_offer offer = {sizeof offer, CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR,
                                             CAREPLUG_ABI_CANDIDATE};
        careplug_plugin_answer answer = {};
        answer.size = sizeof answer;
        careplug::plugin::entry(&offer, &answer);
        return answer.policy;
    }();
    return *table;
}

// A constructor that misbehaves, which runs before the engine could ask anything.
const Aftermath at_load = due("load", "") ? commit() : Aftermath::good_answer;
Aftermath at_entry = Aftermath::good_answer;

// An answer to a question that was not asked, where the jail's own would be read.
void send_other_answer() {
    const std::uint8_t frame[] = {5, 0, 0, 0, 0xd3, 7, 0, 0, 99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    ::send(3, frame, sizeof frame, 0);
    msghdr envelope = {};
    iovec part = {const_cast<std::uint8_t*>(frame), sizeof frame};
    envelope.msg_iov = &part;
    envelope.msg_iovlen = 1;
    ::sendmsg(3, &envelope, 0);
}

// True: `out` holds what the fault left.
bool answered(Aftermath aftermath, char* out, std::uint64_t capacity, std::uint64_t* length) {
    const auto put = [&](std::string_view text) {
        *length = text.size();
        if (text.size() <= capacity) std::memcpy(out, text.data(), text.size());
        return true;
    };
    switch (aftermath) {
        case Aftermath::good_answer:
            break;
        case Aftermath::huge_answer:
            *length = std::uint64_t{1} << 40;
            return true;
        case Aftermath::garbage:
            return put("\x01{not json \xff");
        case Aftermath::other_answer:
            send_other_answer();
            break;
        case Aftermath::escaped:
            return put(R"({"id": "escaped", "view": "escaped", "escaped": true})");
    }
    return false;
}

careplug_status CAREPLUG_CALL describe(char* out, std::uint64_t capacity, std::uint64_t* length) {
    for (const Aftermath earlier : {at_load, at_entry})
        if (earlier != Aftermath::good_answer && answered(earlier, out, capacity, length)) return 0;
    if (due("describe", "") && answered(commit(), out, capacity, length)) return 0;
    return good().describe(out, capacity, length);
}

careplug_status CAREPLUG_CALL open(const char* session, std::uint64_t length, std::uint64_t* policy) {
    if (due("open", {session, length})) {
        const Aftermath aftermath = commit();
        *policy = 0;
        if (aftermath == Aftermath::other_answer) send_other_answer();
        if (aftermath == Aftermath::escaped) return CAREPLUG_REFUSED_STORAGE;
        if (aftermath == Aftermath::garbage || aftermath == Aftermath::huge_answer) return 0;
    }
    return good().open(session, length, policy);
}

void CAREPLUG_CALL close(std::uint64_t policy) {
    if (due("close", "") && commit() != Aftermath::good_answer) send_other_answer();
    good().close(policy);
}

std::string_view id_of(const careplug_policy_flag& flag) {
    const auto* text = reinterpret_cast<const char*>(flag.id);
    return {text, ::strnlen(text, sizeof flag.id)};
}

careplug_status CAREPLUG_CALL flags(std::uint64_t policy, careplug_policy_flag* flags, std::uint64_t stride,
                                    std::uint64_t count, std::int64_t now) {
    for (std::uint64_t at = 0; at < count; ++at) {
        if (!due("flags", id_of(flags[at]))) continue;
        const Aftermath aftermath = commit();
        if (aftermath == Aftermath::good_answer) break;
        if (aftermath == Aftermath::escaped) return CAREPLUG_REFUSED_STORAGE;
        if (aftermath == Aftermath::huge_answer) send_other_answer();
        if (aftermath == Aftermath::garbage) std::memset(flags, 0xee, stride * count);
        if (aftermath == Aftermath::other_answer) ++flags[at].patient;
        return 0;
    }
    return good().flags(policy, flags, stride, count, now);
}

#define CAREPLUG_FAULTY_FUNCTION(NAME)                                                                   \
    careplug_status CAREPLUG_CALL NAME(std::uint64_t policy, const char* document, std::uint64_t length, \
                                       std::int64_t now, char* out, std::uint64_t capacity,              \
                                       std::uint64_t* need) {                                            \
        if (due(#NAME, {document, length}) && answered(commit(), out, capacity, need)) return 0;         \
        return good().NAME(policy, document, length, now, out, capacity, need);                          \
    }
CAREPLUG_FAULTY_FUNCTION(actions)
CAREPLUG_FAULTY_FUNCTION(panel)
CAREPLUG_FAULTY_FUNCTION(check)
CAREPLUG_FAULTY_FUNCTION(summary)
CAREPLUG_FAULTY_FUNCTION(write_back)

const careplug_policy table = {sizeof table, 0,      &describe, &open,    &close,     &flags,
                               &actions,     &panel, &check,    &summary, &write_back};

}  // namespace

const Plugin& careplug::plugin::this_plugin() {
    static const Plugin plugin = {"example.faulty", "1.0.0", "A faulty plugin", "gp",
                                  [](Session session) -> std::unique_ptr<Policy> {
                                      return std::make_unique<GoodPolicy>(std::move(session));
                                  }};
    return plugin;
}

extern "C" CAREPLUG_EXPORT careplug_status CAREPLUG_CALL careplug_entry(const careplug_plugin_offer* offer,
                                                                        careplug_plugin_answer* answer) {
    if (due("entry", "")) at_entry = commit();
    if (at_entry == Aftermath::garbage) {
        std::memset(answer, 0xee, sizeof *answer);
        answer->policy = nullptr;
        return 0;
    }
    const careplug_status status = careplug::plugin::entry(offer, answer);
    if (status == CAREPLUG_OK) answer->policy = &table;
    return status;
}
