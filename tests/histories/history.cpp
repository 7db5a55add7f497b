#include "history.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "shared_plan.h"

namespace histories {

namespace {

constexpr int people = 4;

Step step(Random& random, int crowd) {
    const int person = static_cast<int>(random.below(static_cast<std::uint64_t>(crowd)));
    const std::uint64_t chance = random.below(100);
    if (chance < 30) return {person, Operation::publish, random.next()};
    // A plan that is closed soon says nothing about merging.
    if (chance < 36)
        return {person,
                static_cast<Operation>(static_cast<std::uint64_t>(Operation::publish) + random.below(9)),
                random.next()};
    if (chance < 40) return {person, Operation::give_consent, random.next()};
    return {person, static_cast<Operation>(random.below(8)), random.next()};
}

// The units that an edit of the first plan touches.
std::set<std::string> touched(const Answers& before, const Answers& after) {
    const Contents was = contents_of(plan_for_histories(), before);
    const Contents is = contents_of(plan_for_histories(), after);
    std::set<std::string> units;
    for (const auto& [unit, content] : was)
        if (const auto found = is.find(unit); found == is.end() || found->second != content)
            units.insert(unit);
    for (const auto& [unit, content] : is)
        if (!was.contains(unit)) units.insert(unit);
    return units;
}

bool meet(const std::set<std::string>& a, const std::set<std::string>& b) {
    return std::any_of(a.begin(), a.end(), [&](const std::string& unit) { return b.contains(unit); });
}

History independent_edits(std::uint64_t seed) {
    Random random(seed);
    const int crowd = 2 + static_cast<int>(random.below(people - 1));
    History edits;
    std::vector<std::set<std::string>> taken(static_cast<std::size_t>(crowd));
    std::vector<SharedPlan> alone(static_cast<std::size_t>(crowd), SharedPlan(plan_for_histories(), people));
    int mover = -1;
    for (int count = 0; count < 3 * crowd; ++count) {
        const int person = static_cast<int>(random.below(static_cast<std::uint64_t>(crowd)));
        const Step next{person, static_cast<Operation>(random.below(8)), random.next()};
        if (next.operation == Operation::move_row && mover != -1 && mover != person) continue;
        SharedPlan tried = alone[static_cast<std::size_t>(person)];
        tried.act(person, next.operation, next.pick);
        const auto units = touched(tried.published(), tried.editor(person).mine);
        bool free = true;
        for (int other = 0; other < crowd; ++other)
            free = free && (other == person || !meet(units, taken[static_cast<std::size_t>(other)]));
        if (!free) continue;
        if (next.operation == Operation::move_row) mover = person;
        alone[static_cast<std::size_t>(person)] = tried;
        taken[static_cast<std::size_t>(person)] = units;
        edits.push_back(next);
    }
    return edits;
}

}  // namespace

std::uint64_t Random::next() {
    std::uint64_t mixed = (state_ += 0x9e3779b97f4a7c15ULL);
    mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebULL;
    return mixed ^ (mixed >> 31U);
}

History history(std::uint64_t seed) {
    Random random(seed);
    const int crowd = 1 + static_cast<int>(random.below(people));
    History steps;
    for (std::uint64_t count = 4 + random.below(24); count > 0; --count) steps.push_back(step(random, crowd));
    return steps;
}

std::string play(const History& history) {
    SharedPlan plan(plan_for_histories(), people);
    try {
        for (const Step& step : history) plan.act(step.person, step.operation, step.pick);
        for (int person = 0; person < people; ++person) plan.act(person, Operation::publish, 1);
    } catch (const Broken& broken) {
        return broken.what();
    }
    return {};
}

std::string play_in_every_sequence(std::uint64_t seed) {
    const History edits = independent_edits(seed);
    int crowd = 0;
    for (const Step& step : edits) crowd = std::max(crowd, step.person + 1);
    std::vector<int> sequence(static_cast<std::size_t>(crowd));
    std::iota(sequence.begin(), sequence.end(), 0);
    std::vector<Answers> results;
    SharedPlan edited(plan_for_histories(), people);
    try {
        for (const Step& step : edits) edited.act(step.person, step.operation, step.pick);
        do {
            SharedPlan plan = edited;
            for (const int person : sequence)
                if (plan.act(person, Operation::publish, 0) == Outcome::decided)
                    return "a person is asked about edits of different units\n" + words_of(edits);
            results.push_back(plan.published());
            if (!same_answers(plan_for_histories(), results.front(), results.back()))
                return "another sequence gives another plan\n" + words_of(edits);
        } while (std::next_permutation(sequence.begin(), sequence.end()));
    } catch (const Broken& broken) {
        return std::string(broken.what()) + "\n" + words_of(edits);
    }
    return {};
}

History shortened(History history) {
    for (std::size_t at = history.size(); at-- > 0;) {
        History fewer = history;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at));
        if (play(fewer).empty()) continue;
        history = fewer;
        at = history.size();
    }
    return history;
}

std::string words_of(const History& history) {
    std::string words;
    for (const Step& step : history)
        words += "  " + std::string(1, static_cast<char>('A' + step.person)) + ": " +
                 std::string(operation_names[static_cast<std::size_t>(step.operation)]) + " (" +
                 std::to_string(step.pick) + ")\n";
    return words;
}

}  // namespace histories
