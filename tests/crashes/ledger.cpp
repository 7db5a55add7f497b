#include "crashes/ledger.h"

#include <algorithm>
#include <utility>

namespace careplug::test {
namespace {

// Until one was seen.
constexpr std::int64_t first_guess = 20'000'000;
constexpr std::size_t remembered = 100;

std::string words(const Answers& answers) {
    std::string text;
    for (const long number : answers) text += (text.empty() ? "" : ",") + std::to_string(number);
    return text;
}

}  // namespace

void Ledger::note(const Line& line) {
    if (line.what == "trouble") wrong_.push_back(line.text);
    if (line.what == "begin") {
        operations_.push_back({line.kind, line.at, std::nullopt});
        if (operations_.size() > remembered) operations_.pop_front();
        if (line.kind == "type") {
            perhaps_.at(line.question).insert(line.number);
            highest_ = std::max(highest_, line.number);
        }
        if (line.kind == "submit") ++perhaps_published_;
    }
    if (line.what != "end" || operations_.empty() || operations_.back().kind != line.kind) return;
    operations_.back().ended = line.at;
    if (line.status >= 100) {
        ++refusals_[line.status];
        if (line.kind == "share")
            wrong_.push_back("what one person alone wrote was not shared: " + line.text);
        return;
    }
    std::int64_t& usual = usual_[line.kind];
    const std::int64_t took = line.at - operations_.back().begun;
    usual = usual == 0 ? took : (usual * 7 + took) / 8;
    if (line.kind == "type") {
        ++typed_;
        acknowledged_.at(line.question) = line.number;
        perhaps_.at(line.question).erase(line.number);
    }
    if (line.kind == "submit") {
        ++submitted_;
        --perhaps_published_;
        to_be_published_.push_back(acknowledged_);
    }
}

std::vector<std::string> Ledger::compare(const Line& line, const std::vector<Answers>& published) {
    const auto is = [&](std::size_t question, long there, long acknowledged) {
        return there == acknowledged || (there > acknowledged && perhaps_[question].count(there) == 1);
    };
    for (std::size_t at = 0; at < questions.size(); ++at)
        if (!is(at, line.holds[at], acknowledged_[at]))
            wrong_.push_back("an acknowledged answer is lost: " + words(acknowledged_) + " was told, " +
                             words(line.holds) + " is there");
    for (const Answers& wanted : to_be_published_)
        if (std::none_of(published.begin(), published.end(), [&](const Answers& there) {
                for (std::size_t at = 0; at < questions.size(); ++at)
                    if (!is(at, there[at], wanted[at])) return false;
                return true;
            }))
            wrong_.push_back("an acknowledged publication is lost: " + words(wanted));
    const std::size_t now = published.size() - published_;
    if (now < to_be_published_.size() || now > to_be_published_.size() + perhaps_published_)
        wrong_.push_back(std::to_string(to_be_published_.size()) + " publications were acknowledged, " +
                         std::to_string(perhaps_published_) + " more were begun, and " + std::to_string(now) +
                         " are there");
    acknowledged_ = line.holds;
    for (auto& one : perhaps_) one.clear();
    to_be_published_.clear();
    perhaps_published_ = 0;
    published_ = published.size();
    return std::exchange(wrong_, {});
}

std::string Ledger::under_way(std::int64_t moment) const {
    // One without an end was cut off before the next began.
    for (auto one = operations_.rbegin(); one != operations_.rend(); ++one)
        if (one->begun <= moment) return !one->ended || *one->ended > moment ? one->kind : "";
    return {};
}

std::int64_t Ledger::usual(const std::string& kind) const {
    const auto found = usual_.find(kind);
    return found == usual_.end() ? first_guess : found->second;
}

}  // namespace careplug::test
