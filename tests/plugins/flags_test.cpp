#include <catch2/catch.hpp>
#include <cstring>

#include "documents.h"
#include "plugin_under_test.h"

using namespace careplug::test;

namespace {

const std::vector<std::string> everything = {"plan",         "dnacpr",
                                             "adrt",         "lpa",
                                             "ceiling",      "anticipatory-expired",
                                             "anticipatory", "icd-active",
                                             "staff-note",   "review-overdue",
                                             "own-draft",    "not-sent"};

std::string id_of(const careplug_policy_flag& flag) {
    return std::string(reinterpret_cast<const char*>(flag.id),
                       strnlen(reinterpret_cast<const char*>(flag.id), 32));
}

std::vector<careplug_policy_flag> decided(const OpenPolicy& policy, std::vector<careplug_policy_flag> flags) {
    REQUIRE(policy.table().flags(policy.handle(), flags.data(), sizeof flags[0], flags.size(), now) ==
            CAREPLUG_OK);
    return flags;
}

std::vector<std::string> drawn(std::vector<careplug_policy_flag> flags) {
    std::stable_sort(flags.begin(), flags.end(),
                     [](const auto& a, const auto& b) { return a.order < b.order; });
    std::vector<std::string> ids;
    for (const auto& flag : flags) ids.push_back(id_of(flag));
    return ids;
}

std::vector<std::string> covered(const std::vector<careplug_policy_flag>& flags) {
    std::vector<std::string> ids;
    for (const auto& flag : flags)
        if (flag.covered != 0) ids.push_back(id_of(flag));
    return ids;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("H3: no policy drops or covers the CPR slot or the knowledge") {
    const auto* name = GENERATE("gp", "ooh", "ae");
    const PluginUnderTest plugin{std::string(name)};
    const OpenPolicy policy(plugin, session_document(name, "gp"));
    for (const std::string cpr :
         {"cpr-conflict", "cpr-unreadable", "dnacpr", "cpr-modified", "for-cpr", "cpr-none"}) {
        for (const std::string knowledge : {"plan", "not-known", "suspended"}) {
            auto ids = everything;
            ids[0] = knowledge;
            ids[1] = cpr;
            const auto given = flags_of_one_patient(ids);
            const auto flags = decided(policy, given);
            for (std::size_t i = 0; i < flags.size(); ++i) {
                CHECK(id_of(flags[i]) == ids[i]);
                CHECK(flags[i].slot == given[i].slot);
                CHECK(flags[i].knowledge == given[i].knowledge);
            }
            CHECK(flags[0].covered == 0);
            CHECK(flags[1].covered == 0);
            CHECK(flags[0].order <= 2);
            CHECK(flags[1].order <= 2);
        }
    }
}

TEST_CASE("H3: two flags in the CPR slot are both drawn") {
    const PluginUnderTest plugin{std::string("ae")};
    const OpenPolicy policy(plugin, session_document("ae", "ae_clinician"));
    CHECK(covered(decided(policy, flags_of_one_patient({"plan", "cpr-conflict", "dnacpr"}))).empty());
}

TEST_CASE("H3: a flag that the engine had covered by mistake in the CPR slot is uncovered") {
    const PluginUnderTest plugin{std::string("ae")};
    const OpenPolicy policy(plugin, session_document("ae", "ae_clinician"));
    auto flags = flags_of_one_patient({"plan", "dnacpr"});
    flags[1].covered = 1;
    CHECK(covered(decided(policy, flags)).empty());
}

TEST_CASE("The A&E board starts each row with the CPR decision, the other hosts with the knowledge") {
    const auto* name = GENERATE("gp", "ooh", "ae");
    const PluginUnderTest plugin{std::string(name)};
    const OpenPolicy policy(plugin, session_document(name, "gp"));
    const auto ids = drawn(decided(policy, flags_of_one_patient({"plan", "dnacpr", "adrt"})));
    CHECK(ids ==
          (std::string(name) == "ae" ? Words{"dnacpr", "plan", "adrt"} : Words{"plan", "dnacpr", "adrt"}));
}

TEST_CASE("H11, H15: one flag of a slot stands for it; what asks for a look before acting is never covered") {
    const auto* name = GENERATE("gp", "ooh", "ae");
    const PluginUnderTest plugin{std::string(name)};
    const OpenPolicy policy(plugin, session_document(name, "gp"));
    CHECK(covered(decided(policy, flags_of_one_patient(everything))) ==
          Words{"lpa", "anticipatory", "own-draft"});
}

TEST_CASE("H4: a change that was not shared is never covered, whatever its rank") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    auto flags = flags_of_one_patient({"plan", "dnacpr", "own-draft", "not-sent"});
    flags[3].rank = 99;
    CHECK(covered(decided(policy, flags)).empty());
}

TEST_CASE("A change that was not shared, then what asks for a look, stand left of the rest") {
    const PluginUnderTest plugin{std::string("ooh")};
    const OpenPolicy policy(plugin, session_document("ooh", "ooh_clinician"));
    CHECK(drawn(decided(policy, flags_of_one_patient(everything))) ==
          Words{"plan", "dnacpr", "not-sent", "anticipatory-expired", "icd-active", "staff-note",
                "review-overdue", "adrt", "lpa", "ceiling", "anticipatory", "own-draft"});
}

TEST_CASE("Patients of one batch do not touch each other, also when their flags are interleaved") {
    const PluginUnderTest plugin{std::string("ae")};
    const OpenPolicy policy(plugin, session_document("ae", "ae_clinician"));
    const auto flags = decided(policy, {flag("lpa", 4), flag("adrt", 9), flag("dnacpr", 4), flag("plan", 9)});
    CHECK(covered(flags).empty());
    CHECK(flags[0].order == 2);
    CHECK(flags[1].order == 2);
    CHECK(flags[2].order == 1);
    CHECK(flags[3].order == 1);
}

TEST_CASE("An unknown slot and an unknown flag are drawn, last and uncovered") {
    const PluginUnderTest plugin{std::string("ae")};
    const OpenPolicy policy(plugin, session_document("ae", "ae_clinician"));
    auto flags = flags_of_one_patient({"plan", "dnacpr", "adrt", "lpa"});
    flags[2].slot = flags[3].slot = 77;
    std::memset(flags[3].id, 'x', sizeof flags[3].id);
    flags = decided(policy, flags);
    CHECK(flags[2].covered == 0);
    CHECK(flags[3].covered == 0);
    CHECK(flags[3].order == 4);
}

TEST_CASE("A later engine's longer flags are stepped over by its stride, and bytes between them kept") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    struct Later {
        careplug_policy_flag known;
        std::uint64_t added;
        std::uint64_t hosts_own;
    };
    Later flags[2] = {{flag("dnacpr"), 5, 6}, {flag("plan"), 5, 6}};
    for (Later& each : flags) each.known.size = offsetof(Later, hosts_own);
    REQUIRE(policy.table().flags(policy.handle(), &flags[0].known, sizeof(Later), 2, now) == CAREPLUG_OK);
    CHECK(flags[0].known.order == 2);
    CHECK(flags[1].known.order == 1);
    for (const Later& each : flags) {
        CHECK(each.known.size == sizeof(careplug_policy_flag));
        CHECK(each.added == 0);
        CHECK(each.hosts_own == 6);
    }
}

TEST_CASE("An array of flags that breaks the rules is refused and left as it was") {
    const PluginUnderTest plugin{std::string("gp")};
    const OpenPolicy policy(plugin, session_document("gp", "gp"));
    const auto& table = policy.table();
    auto flags = flags_of_one_patient({"plan", "dnacpr"});
    CHECK(table.flags(policy.handle(), nullptr, sizeof flags[0], 2, now) == CAREPLUG_REFUSED_ARGUMENT);
    CHECK(table.flags(policy.handle(), flags.data(), 12, 2, now) == CAREPLUG_REFUSED_ARGUMENT);
    CHECK(table.flags(policy.handle(), flags.data(), sizeof flags[0], UINT64_MAX, now) ==
          CAREPLUG_REFUSED_ARGUMENT);
    CHECK(table.flags(policy.handle(), flags.data(), UINT64_MAX, 2, now) == CAREPLUG_REFUSED_ARGUMENT);
    CHECK(table.flags(policy.handle() + 1, flags.data(), sizeof flags[0], 2, now) == CAREPLUG_REFUSED_HANDLE);
    flags[1].size = sizeof flags[0] + 8;
    CHECK(table.flags(policy.handle(), flags.data(), sizeof flags[0], 2, now) == CAREPLUG_REFUSED_ARGUMENT);
    flags[1].size = 4;
    CHECK(table.flags(policy.handle(), flags.data(), sizeof flags[0], 2, now) == CAREPLUG_REFUSED_ARGUMENT);
    CHECK(flags[0].order == 0);
    CHECK(table.flags(policy.handle(), nullptr, 0, 0, now) == CAREPLUG_OK);
}

TEST_CASE("The same flags are ordered in the same way twice") {
    const auto* name = GENERATE("gp", "ooh", "ae");
    const PluginUnderTest plugin{std::string(name)};
    const OpenPolicy policy(plugin, session_document(name, "gp"));
    const auto once = decided(policy, flags_of_one_patient(everything));
    const auto twice = decided(policy, once);
    CHECK(drawn(once) == drawn(twice));
    CHECK(covered(once) == covered(twice));
}
