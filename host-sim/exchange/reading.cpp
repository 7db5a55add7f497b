#include "reading.h"

#include <algorithm>
#include <set>

#include "bundle_text.h"
#include "problem.h"
#include "times.h"

namespace careplug::exchange {

namespace {

constexpr std::size_t most_included = 20'000;

[[noreturn]] void not_found(const ResourceType& type) {
    throw Problem(404, "not-found", "There is no such " + type.name + " on this server.");
}

std::int64_t whole_number(const std::string& text) {
    if (text.empty() || text.size() > 18 || text.find_first_not_of("0123456789") != std::string::npos)
        return -1;
    return std::stoll(text);
}

void only_format(const Request& request) {
    for (const auto& [name, value] : read_query(request.query)) {
        if (name != "_format")
            throw Problem(400, "not-supported", "Reading a resource takes no parameter but _format.");
        if (value.find("json") == std::string::npos)
            throw Problem(406, "not-supported", "This server answers with JSON alone.");
    }
}

// Resources that point to those found, each once.
std::vector<Version> pointing_to(View& view, const std::vector<Version>& found, const Inclusion& inclusion) {
    Search search;
    search.type = inclusion.type->name;
    search.count = most_included;
    Criterion criterion;
    criterion.parameter = inclusion.type->term(*inclusion.parameter);
    criterion.selective = true;
    for (const auto& version : found) criterion.values.push_back({std::nullopt, version.reference()});
    search.criteria.push_back(std::move(criterion));
    if (found.empty()) return {};
    auto included = view.search(search);
    // Never a part that looks like the whole.
    if (included.size() == most_included)
        throw Problem(400, "too-costly",
                      "_revinclude finds too much for one page: ask with a smaller _count.");
    return included;
}

std::vector<Version> pointed_to(View& view, const std::vector<Version>& found, const Inclusion& inclusion) {
    std::vector<Version> included;
    std::set<std::string> seen;
    for (const auto& version : found)
        for (const auto& reference : view.values_of(version, inclusion.type->term(*inclusion.parameter))) {
            const auto slash = reference.find('/');
            if (slash == std::string::npos || !seen.insert(reference).second) continue;
            if (auto target = view.read(reference.substr(0, slash), reference.substr(slash + 1)))
                included.push_back(std::move(*target));
        }
    return included;
}

std::vector<Version> given(Disclosure& disclosure, std::vector<Version> versions) {
    std::vector<Version> kept;
    for (auto& version : versions)
        if (auto one = disclosure.of(std::move(version))) kept.push_back(std::move(*one));
    return kept;
}

// Page after page until there are as many as were asked for of those that this reader is given.
std::vector<Version> search_given(View& view, Disclosure& disclosure, Search search) {
    const auto wanted = search.count;
    std::vector<Version> found;
    for (;;) {
        auto page = view.search(search);
        const bool last = page.size() < search.count;
        if (!page.empty()) search.after = page.back().number;
        for (auto& one : given(disclosure, std::move(page)))
            if (found.size() < wanted) found.push_back(std::move(one));
        if (last || found.size() == wanted) return found;
    }
}

std::int64_t count_given(View& view, Disclosure& disclosure, Search search) {
    if (!disclosure.leaves_out(search.type)) return view.count(search);
    search.count = 1000;
    search.after = 0;
    std::int64_t count = 0;
    for (;;) {
        auto page = view.search(search);
        const bool last = page.size() < search.count;
        if (!page.empty()) search.after = page.back().number;
        count += static_cast<std::int64_t>(given(disclosure, std::move(page)).size());
        if (last) return count;
    }
}

std::vector<Version> history_given(View& view, Disclosure& disclosure, History history) {
    const auto wanted = history.count;
    std::vector<Version> found;
    for (;;) {
        auto page = view.history(history);
        const bool last = page.size() < history.count;
        if (!page.empty()) history.before = page.back().change;
        for (auto& one : given(disclosure, std::move(page)))
            if (found.size() < wanted) found.push_back(std::move(one));
        if (last || found.size() == wanted) return found;
    }
}

// Asked for by a target that to this reader is not there, Provenance finds nothing.
void drop_hidden_targets(Disclosure& disclosure, Search& search) {
    if (search.type != "Provenance") return;
    for (auto& criterion : search.criteria)
        if (criterion.parameter == "Provenance.target")
            std::erase_if(criterion.values,
                          [&](const WantedValue& wanted) { return !disclosure.gives(wanted.value); });
}

}  // namespace

Response Reader::read(View& view, Disclosure& disclosure, const ResourceType& type,
                      const Request& request) const {
    only_format(request);
    const bool past = request.path.size() == 4;
    const auto number = past ? whole_number(request.path[3]) : 0;
    auto version =
        past ? view.read(type.name, request.path[1], number) : view.read(type.name, request.path[1]);
    if (version) version = disclosure.of(std::move(*version));
    if (!version) not_found(type);
    auto response = response_of(*version);
    if (!past && !request.if_none_match.empty() && request.if_none_match == version->etag()) {
        response.status = 304;
        response.body.clear();
    }
    return response;
}

Response Reader::history(View& view, Disclosure& disclosure, const ResourceType& type,
                         const Request& request) const {
    History history;
    history.type = type.name;
    if (request.path.size() == 3) history.id = request.path[1];
    history.count = 100;
    std::string address =
        base_ + "/" + type.name + (history.id.empty() ? "" : "/" + history.id) + "/_history";
    std::string since;
    for (const auto& [name, value] : read_query(request.query)) {
        if (name == "_since") {
            const auto span = span_of(value);
            if (!span) throw Problem(400, "value", "_since takes an instant such as 2026-11-21T14:02:11Z.");
            history.since = span->from;
            since = "&_since=" + instant(span->from);
        } else if (name == "_count") {
            history.count = std::max<std::size_t>(1, read_count(value));
        } else if (name == "_cursor") {
            history.before = whole_number(value);
            if (history.before < 1)
                throw Problem(400, "value", "_cursor is taken from a link of this server.");
        } else {
            throw Problem(400, "not-supported", "History takes _since and _count, and no other parameter.");
        }
    }
    if (history.id.empty() && !disclosure.reads_all())
        throw Problem(403, "forbidden", "Ask for the history of your own plan: give its id.");
    if (!history.id.empty() && history_given(view, disclosure, {type.name, history.id, 0, 1, 0}).empty())
        not_found(type);
    const auto wanted = history.count++;
    auto versions = history_given(view, disclosure, history);
    const bool more = versions.size() > wanted;
    if (more) versions.resize(wanted);
    BundleText bundle("history", base_);
    const auto count = "?_count=" + std::to_string(wanted) + since;
    Links links{{"self", address + count}};
    if (more)
        links.emplace_back("next", address + count + "&_cursor=" + std::to_string(versions.back().change));
    bundle.links(links);
    for (const auto& version : versions) bundle.add_past(version);
    Response response;
    response.body = bundle.finish();
    return response;
}

Response Reader::search(View& view, Disclosure& disclosure, const ResourceType& type, const Request& request,
                        const QueryParameters& parameters) const {
    SearchQuery query;
    if (parameters.size() == 1 && parameters[0].first == "_cursor")
        query = saved_.find(type, parameters[0].second);
    else
        query = read_search(type, parameters, base_);
    drop_hidden_targets(disclosure, query.search);
    disclosure.narrow(query.search);
    BundleText bundle("searchset", base_);
    const auto address = base_ + "/" + type.name;
    Links links{{"self", request.method == "GET" && !request.query.empty() ? address + "?" + request.query
                                                                           : address}};
    if (query.total) bundle.total(count_given(view, disclosure, query.search));
    auto search = query.search;
    std::vector<Version> found;
    if (search.count > 0) {
        ++search.count;
        found = search_given(view, disclosure, search);
        if (found.size() > query.search.count) {
            found.resize(query.search.count);
            links.emplace_back("next", address + "?_cursor=" + saved_.save(query, found.back().number));
        }
    }
    bundle.links(links);
    for (const auto& version : found) bundle.add_found(version, "match");
    std::set<std::string> seen;
    const auto include = [&](const std::vector<Version>& versions) {
        for (const auto& version : versions)
            if (seen.insert(version.reference()).second) bundle.add_found(version, "include");
    };
    for (const auto& inclusion : query.include)
        include(given(disclosure, pointed_to(view, found, inclusion)));
    for (const auto& inclusion : query.revinclude)
        include(given(disclosure, pointing_to(view, found, inclusion)));
    Response response;
    response.body = bundle.finish();
    return response;
}

}  // namespace careplug::exchange
