#include <careplug/plugin/standard_policy.h>

#include <catch2/catch.hpp>
#include <cstring>

using namespace careplug::plugin;

namespace {

struct Answer {
    careplug_status status;
    std::string text;
};

const careplug_policy& table() {
    careplug_plugin_offer offer{sizeof offer, CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR, CAREPLUG_ABI_CANDIDATE};
    careplug_plugin_answer answer{};
    answer.size = sizeof answer;
    REQUIRE(careplug_entry(&offer, &answer) == CAREPLUG_OK);
    return *answer.policy;
}

Answer actions(std::uint64_t policy) {
    char out[1024];
    std::uint64_t length = 0;
    const auto status = table().actions(policy, "{}", 2, 0, out, sizeof out, &length);
    return {status, std::string(out, static_cast<std::size_t>(length))};
}

// Answers with what a call says that is made while it runs itself.
class Nesting : public StandardPolicy {
public:
    using StandardPolicy::StandardPolicy;
    std::vector<Action> actions(const PolicyPatient&, const Now&) const override {
        const Answer inner = ::actions(1);
        return {{std::to_string(inner.status), inner.text, false}};
    }
};

Plugin nesting() {
    return {"test.nesting", "1", "Nesting", "gp", [](Session session) -> std::unique_ptr<Policy> {
                return std::make_unique<Nesting>(std::move(session), Style{});
            }};
}

}  // namespace

CAREPLUG_PLUGIN(nesting);

TEST_CASE("A call made while another runs is refused with both names, and the next one is taken") {
    std::uint64_t policy = 0;
    REQUIRE(table().open("{}", 2, &policy) == CAREPLUG_OK);
    for (int i = 0; i < 2; ++i) {
        const Answer outer = actions(policy);
        CHECK(outer.status == CAREPLUG_OK);
        CHECK_THAT(outer.text, Catch::Contains("\"102\""));
        CHECK_THAT(outer.text, Catch::Contains("The engine called careplug_policy.actions while "
                                               "careplug_policy.actions had not returned"));
    }
    table().close(policy);
    CHECK(actions(policy).text ==
          "The engine called careplug_policy.actions with a policy that careplug_policy.close has already "
          "closed.");
}
