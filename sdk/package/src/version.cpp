#include <careplug/base.h>
#include <careplug/package/version.h>

#include <algorithm>
#include <charconv>

namespace careplug::package {

namespace {

bool is_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Without a leading zero, and small enough to be compared safely.
std::optional<std::uint32_t> number(std::string_view text) {
    if (!is_digits(text) || text.size() > 9 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
    std::uint32_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::vector<std::string_view> parts(std::string_view text, char separator) {
    std::vector<std::string_view> list;
    for (std::size_t from = 0;;) {
        const std::size_t end = text.find(separator, from);
        list.push_back(text.substr(from, end - from));
        if (end == std::string_view::npos) return list;
        from = end + 1;
    }
}

// The identifiers of a pre-release or a build: letters, digits and hyphens.
bool are_identifiers(const std::vector<std::string_view>& list, bool zeros_lead) {
    return std::all_of(list.begin(), list.end(), [&](std::string_view one) {
        const bool plain = std::all_of(one.begin(), one.end(), [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
        });
        return !one.empty() && plain && (zeros_lead || !is_digits(one) || number(one).has_value());
    });
}

// Numbers come before words and are compared as numbers.
std::weak_ordering compare_identifiers(const std::string& a, const std::string& b) {
    const auto left = number(a);
    const auto right = number(b);
    if (left && right) return *left <=> *right;
    if (left || right) return left ? std::weak_ordering::less : std::weak_ordering::greater;
    return a <=> b;
}

}  // namespace

std::optional<Version> parse_version(std::string_view text) {
    if (text.size() > 100) return std::nullopt;
    Version version;
    version.text = text;
    if (const auto plus = text.find('+'); plus != std::string_view::npos) {
        if (!are_identifiers(parts(text.substr(plus + 1), '.'), true)) return std::nullopt;
        text = text.substr(0, plus);
    }
    if (const auto hyphen = text.find('-'); hyphen != std::string_view::npos) {
        const auto list = parts(text.substr(hyphen + 1), '.');
        if (!are_identifiers(list, false)) return std::nullopt;
        version.prerelease.assign(list.begin(), list.end());
        text = text.substr(0, hyphen);
    }
    const auto numbers = parts(text, '.');
    if (numbers.size() != 3) return std::nullopt;
    const auto major = number(numbers[0]);
    const auto minor = number(numbers[1]);
    const auto patch = number(numbers[2]);
    if (!major || !minor || !patch) return std::nullopt;
    version.major = *major;
    version.minor = *minor;
    version.patch = *patch;
    return version;
}

std::weak_ordering compare(const Version& a, const Version& b) {
    if (const auto order = a.major <=> b.major; order != 0) return order;
    if (const auto order = a.minor <=> b.minor; order != 0) return order;
    if (const auto order = a.patch <=> b.patch; order != 0) return order;
    // What has a pre-release comes before what it was a pre-release of.
    if (a.prerelease.empty() || b.prerelease.empty()) return b.prerelease.size() <=> a.prerelease.size();
    const std::size_t both = std::min(a.prerelease.size(), b.prerelease.size());
    for (std::size_t at = 0; at < both; ++at)
        if (const auto order = compare_identifiers(a.prerelease[at], b.prerelease[at]); order != 0)
            return order;
    return a.prerelease.size() <=> b.prerelease.size();
}

std::optional<AbiVersion> parse_abi_version(std::string_view text) {
    AbiVersion version;
    if (const auto candidate = text.find("-rc."); candidate != std::string_view::npos) {
        const auto value = number(text.substr(candidate + 4));
        if (!value || *value == 0) return std::nullopt;
        version.candidate = *value;
        text = text.substr(0, candidate);
    }
    const auto numbers = parts(text, '.');
    if (numbers.size() != 2) return std::nullopt;
    const auto major = number(numbers[0]);
    const auto minor = number(numbers[1]);
    if (!major || !minor) return std::nullopt;
    version.major = *major;
    version.minor = *minor;
    return version;
}

std::strong_ordering compare(const AbiVersion& a, const AbiVersion& b) {
    if (const auto order = a.major <=> b.major; order != 0) return order;
    if (const auto order = a.minor <=> b.minor; order != 0) return order;
    // 0 minus 1 is the highest: the final version comes after its candidates.
    return (a.candidate - 1U) <=> (b.candidate - 1U);
}

std::string text_of(const AbiVersion& version) {
    return std::to_string(version.major) + "." + std::to_string(version.minor) +
           (version.candidate == 0 ? "" : "-rc." + std::to_string(version.candidate));
}

AbiVersion current_abi() {
    return {CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR, CAREPLUG_ABI_CANDIDATE};
}

}  // namespace careplug::package
