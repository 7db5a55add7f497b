// Faults in the handshake, the table, and how documents and handles are treated.
#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "bad.h"

namespace careplug::bad {

namespace {

careplug_plugin_offer of_this_version(const careplug_plugin_offer& offer) {
    return {offer.size, CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR, CAREPLUG_ABI_CANDIDATE};
}

bool whole(const careplug_plugin_offer* offer) {
    return offer != nullptr && offer->size >= sizeof *offer;
}

bool is_ascii(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void burn(double seconds) {
    const std::clock_t begun = std::clock();
    while (static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC < seconds) continue;
}

std::vector<Fault> handshakes() {
    std::vector<Fault> list;
    // Answers another version than it accepts.
    list.push_back({.id = "P-004", .handshake = [](Handshake good, auto* offer, auto* answer) {
                        const careplug_status status = good(offer, answer);
                        if (status == CAREPLUG_OK) answer->minor += 1;
                        return status;
                    }});
    list.push_back({.id = "P-005", .handshake = [](Handshake good, auto* offer, auto* answer) {
                        if (!whole(offer) || offer->major == CAREPLUG_ABI_MAJOR) return good(offer, answer);
                        const auto taken = of_this_version(*offer);
                        return good(&taken, answer);
                    }});
    list.push_back({.id = "P-006", .handshake = [](Handshake good, auto* offer, auto* answer) {
                        if (!whole(offer) || offer->minor == CAREPLUG_ABI_MINOR) return good(offer, answer);
                        const auto taken = of_this_version(*offer);
                        return good(&taken, answer);
                    }});
    list.push_back({.id = "P-007", .handshake = [](Handshake good, auto* offer, auto* answer) {
                        if (!whole(offer) || offer->major != CAREPLUG_ABI_MAJOR ||
                            offer->candidate == CAREPLUG_ABI_CANDIDATE)
                            return good(offer, answer);
                        const auto taken = of_this_version(*offer);
                        return good(&taken, answer);
                    }});
    list.push_back({.id = "P-008", .handshake = [](Handshake good, auto* offer, auto* answer) {
                        const careplug_status status = good(offer, answer);
                        if (status == CAREPLUG_REFUSED_VERSION)
                            std::memcpy(answer->sentence, "Wrong version.", sizeof "Wrong version.");
                        return status;
                    }});
    list.push_back({.id = "P-009", .handshake = [](Handshake good, auto* offer, auto* answer) {
                        const careplug_status status = good(offer, answer);
                        if (status == CAREPLUG_REFUSED_VERSION) answer->policy = &good_table();
                        return status;
                    }});
    list.push_back({.id = "P-010", .handshake = [](Handshake good, auto* offer, auto* answer) {
                        static int accepted = 0;
                        const careplug_status status = good(offer, answer);
                        if (status != CAREPLUG_OK || ++accepted == 1) return status;
                        answer->policy = nullptr;
                        return CAREPLUG_REFUSED_BUSY;
                    }});
    list.push_back({.id = "P-011", .handshake = [](Handshake good, auto* offer, auto* answer) {
                        return offer != nullptr && offer->size > sizeof *offer ? CAREPLUG_REFUSED_ARGUMENT
                                                                               : good(offer, answer);
                    }});
    // Believes that every answer is as large as its own.
    list.push_back({.id = "P-012", .handshake = [](Handshake good, auto* offer, auto* answer) {
                        answer->size = sizeof *answer;
                        return good(offer, answer);
                    }});
    list.push_back({.id = "P-013", .handshake = [](Handshake good, auto* offer, auto* answer) {
                        const careplug_plugin_offer assumed = of_this_version({sizeof assumed, 0, 0, 0});
                        return good(offer == nullptr || offer->size < sizeof *offer ? &assumed : offer,
                                    answer);
                    }});
    list.push_back({.id = "P-014", .table = [](careplug_policy& table) { table.size -= 8; }});
    list.push_back({.id = "P-015", .described = [](std::string& answer) {
                        json document = json::parse(answer);
                        document.erase("title");
                        answer = document.dump();
                    }});
    // Holds itself in memory for ever.
    list.push_back({.id = "P-016", .loaded = [] {
                        Dl_info info = {};
                        dladdr(reinterpret_cast<const void*>(&is_ascii), &info);
                        dlopen(info.dli_fname, RTLD_NOW | RTLD_NODELETE);
                    }});
    return list;
}

std::vector<Fault> texts() {
    std::vector<Fault> list;
    // Says the length only once there is room.
    list.push_back({.id = "P-103", .wrote = [](const Call&, const Room& room) {
                        if (room.length == nullptr || room.capacity != 0) return false;
                        *room.length = 0;
                        return true;
                    }});
    // Keeps the last byte of its room for a NUL.
    list.push_back({.id = "P-104", .wrote = [](const Call& call, const Room& room) {
                        if (room.length == nullptr || room.out == nullptr ||
                            room.capacity != call.answer.size())
                            return false;
                        std::memcpy(room.out, call.answer.data(), call.answer.size() - 1);
                        room.out[call.answer.size() - 1] = '\0';
                        *room.length = call.answer.size();
                        return true;
                    }});
    // Ends what does not fit with a NUL behind the room.
    list.push_back({.id = "P-105", .wrote = [](const Call& call, const Room& room) {
                        if (room.length != nullptr && room.out != nullptr &&
                            room.capacity < call.answer.size())
                            room.out[room.capacity] = '\0';
                        return false;
                    }});
    list.push_back(
        {.id = "P-106", .wrote = [](const Call&, const Room& room) { return room.length == nullptr; }});
    list.push_back({.id = "P-107"});
    list.push_back({.id = "P-108", .before = [](Call& call) {
                        if (call.document == "7") call.document = "{}";
                    }});
    // Makes do with half a document.
    list.push_back({.id = "P-109", .after = [](Call& call) {
                        if (call.document.size() < 200 || json::accept(call.document)) return;
                        call.status = CAREPLUG_OK;
                        call.answer = "{}";
                    }});
    list.push_back({.id = "P-110", .before = [](Call& call) {
                        if (call.document.empty()) call.document = "{}";
                    }});
    list.push_back({.id = "P-111", .before = [](Call& call) {
                        if (call.document.size() < 100)
                            for (char& c : call.document)
                                if (static_cast<unsigned char>(c) >= 0x80) c = '?';
                    }});
    list.push_back(
        {.id = "P-112", .before = [](Call& call) { replace_all(call.document, std::string(1, '\0'), " "); }});
    list.push_back({.id = "P-113", .before = [](Call& call) {
                        if (call.document.find(std::string(1000, '[')) != std::string::npos)
                            call.document = "{}";
                    }});
    list.push_back({.id = "P-114", .before = [](Call& call) {
                        if (call.document.size() > (16U << 20)) call.document = "{}";
                    }});
    // Ends the program when a document is odd.
    list.push_back({.id = "P-115", .after = [](Call& call) {
                        const bool usual_time = call.now > 0 && call.now < INT64_MAX;
                        if (call.status == CAREPLUG_REFUSED_ARGUMENT && usual_time &&
                            call.document.size() > 150 && call.document.size() < 1'000'000 &&
                            json::accept(call.document) && call.document.find("[[[") == std::string::npos)
                            std::exit(0);
                    }});
    list.push_back({.id = "P-116", .after = [](Call& call) {
                        if (call.status >= 100 && is_ascii(call.document))
                            call.answer += " " + call.document.substr(0, 80);
                    }});
    list.push_back({.id = "P-117", .before = [](Call& call) {
                        if (call.now == INT64_MIN) std::abort();
                    }});
    list.push_back({.id = "P-121", .before = [](Call& call) {
                        if (call.document.size() > (1U << 20) && call.document.size() < (8U << 20)) burn(1.2);
                    }});
    return list;
}

std::vector<Fault> handles() {
    std::vector<Fault> list;
    list.push_back({.id = "P-101", .opened = [](careplug_status status, std::uint64_t& policy) {
                        policy = 0;
                        return status;
                    }});
    list.push_back(
        {.id = "P-102", .opened = [](careplug_status status, std::uint64_t& policy) -> careplug_status {
             if (status != CAREPLUG_OK) policy = 77;
             return CAREPLUG_OK;
         }});
    list.push_back({.id = "P-118", .before = [](Call& call) {
                        if (!has(opened().ever, call.policy) && !opened().live.empty())
                            call.policy = opened().live.back();
                    }});
    list.push_back({.id = "P-119", .before = [](Call& call) {
                        if (has(opened().ever, call.policy) && !has(opened().live, call.policy) &&
                            !opened().live.empty())
                            call.policy = opened().live.back();
                    }});
    list.push_back({.id = "P-120", .closed = [](std::uint64_t policy) {
                        return has(opened().live, policy) || opened().live.empty() ? policy
                                                                                   : opened().live.back();
                    }});
    return list;
}

}  // namespace

const std::vector<Fault>& faults_of_the_contract() {
    static const std::vector<Fault> all = [] {
        auto list = handshakes();
        for (const auto& more : {texts(), handles()}) list.insert(list.end(), more.begin(), more.end());
        // Not of one requirement: what the checker must survive wherever it happens.
        list.push_back({.id = "hangs", .before = [](Call&) {
                            while (opened().live.size() < 1'000'000'000) continue;
                        }});
        list.push_back({.id = "crashes", .before = [](Call&) { std::abort(); }});
        list.push_back({.id = "exits", .before = [](Call&) { std::exit(0); }});
        return list;
    }();
    return all;
}

}  // namespace careplug::bad
