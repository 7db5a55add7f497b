// Plugins that are wrong on purpose: a good policy behind a table that does one thing wrong. Which thing, the
// file's name says: P-201.so breaks requirement P-201.
#pragma once

#include <careplug/plugin.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace careplug::bad {

using nlohmann::json;

// One call of actions, panel, check, summary or write_back.
struct Call {
    std::string function;
    std::uint64_t policy;
    std::string document;
    std::int64_t now;
    careplug_status status = 0;
    std::string answer = {};

    bool is(const char* name) const { return function == name; }
    bool ok() const { return status == 0; }
    json request() const { return json::parse(document, nullptr, false); }
    json given() const { return json::parse(answer, nullptr, false); }
};

// The flags of a batch, before and after a good policy ordered them.
struct FlagsCall {
    std::vector<careplug_policy_flag> before;
    std::vector<careplug_policy_flag*> after;
    std::int64_t now;
};

// Where a function writes its answer.
struct Room {
    char* out;
    std::uint64_t capacity;
    std::uint64_t* length;
};

using Handshake = careplug_status (*)(const careplug_plugin_offer*, careplug_plugin_answer*);

// What a plugin does wrong: at most one of these is set, or two that belong together.
struct Fault {
    const char* id;
    void (*loaded)() = nullptr;
    careplug_status (*handshake)(Handshake good, const careplug_plugin_offer*,
                                 careplug_plugin_answer*) = nullptr;
    void (*table)(careplug_policy&) = nullptr;
    void (*described)(std::string& answer) = nullptr;
    careplug_status (*opened)(careplug_status good, std::uint64_t& policy) = nullptr;
    void (*before)(Call&) = nullptr;
    void (*after)(Call&) = nullptr;
    bool (*wrote)(const Call&, const Room&) = nullptr;  // true: nothing more is to be written
    void (*ordered)(FlagsCall&) = nullptr;
    careplug_status (*array)(careplug_policy_flag*, std::uint64_t stride,
                             std::uint64_t count) = nullptr;  // below 0: go on
    std::uint64_t (*closed)(std::uint64_t policy) = nullptr;  // the policy to close
};

const std::vector<Fault>& faults_of_the_contract();
const std::vector<Fault>& faults_of_flags();
const std::vector<Fault>& faults_of_forms();
const std::vector<Fault>& faults_of_output();
const std::vector<Fault>& faults_of_the_process();

// The policies that were opened in this library, and those of them that are open, in order.
struct Opened {
    std::vector<std::uint64_t> ever;
    std::vector<std::uint64_t> live;
    std::vector<std::uint64_t> may_not_edit;
    std::vector<std::uint64_t> may_not_note;
};
Opened& opened();
bool has(const std::vector<std::uint64_t>& handles, std::uint64_t handle);
const careplug_policy& good_table();

void replace_all(std::string& text, const std::string& from, const std::string& to);

}  // namespace careplug::bad
