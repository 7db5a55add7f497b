// What one author was told, against what is there: nothing acknowledged may be lost, nothing doubled.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crashes/author.h"

namespace careplug::test {

class Ledger {
public:
    // A line of the author's, in order.
    void note(const Line& line);
    // The author rests: `line` says what the form holds, `published` what the exchange has of this person.
    // What is wrong; empty where nothing is.
    std::vector<std::string> compare(const Line& line, const std::vector<Answers>& published);

    // What was under way at this moment; empty for nothing.
    std::string under_way(std::int64_t moment) const;
    // How long an operation of this kind takes here, in nanoseconds.
    std::int64_t usual(const std::string& kind) const;

    long highest() const { return highest_; }
    std::size_t typed() const { return typed_; }
    std::size_t submitted() const { return submitted_; }
    const std::map<int, int>& refusals() const { return refusals_; }

private:
    struct Operation {
        std::string kind;
        std::int64_t begun = 0;
        std::optional<std::int64_t> ended;
    };
    std::deque<Operation> operations_;  // the last of them
    std::map<std::string, std::int64_t> usual_;
    Answers acknowledged_{};
    std::array<std::set<long>, questions.size()> perhaps_;  // begun, and not acknowledged
    std::vector<Answers> to_be_published_;
    std::size_t perhaps_published_ = 0;
    std::size_t published_ = 0;
    std::vector<std::string> wrong_;
    std::map<int, int> refusals_;
    long highest_ = 0;
    std::size_t typed_ = 0;
    std::size_t submitted_ = 0;
};

}  // namespace careplug::test
