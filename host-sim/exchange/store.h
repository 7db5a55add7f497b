// What the exchange keeps: versions of resources, terms to find them by, and the order of changes. An
// interface, so that another database can stand behind it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace careplug::exchange {

using Milliseconds = std::int64_t;  // since 1970, UTC

struct Version {
    std::int64_t number = 0;  // of the resource, in order of creation
    std::int64_t change = 0;  // of this version, in order of all changes
    std::string type;
    std::string id;
    std::int64_t version = 0;
    Milliseconds updated = 0;
    std::string author;  // issuer and subject of who wrote it
    std::string body;    // the resource as JSON

    std::string reference() const { return type + "/" + id; }
    std::string etag() const { return "W/\"" + std::to_string(version) + "\""; }
};

// One value by which a resource is found: `parameter` is "CarePlan.status".
struct Term {
    std::string parameter;
    std::string system;
    std::string value;
    bool operator<(const Term& other) const {
        return std::tie(parameter, value, system) < std::tie(other.parameter, other.value, other.system);
    }
    bool operator==(const Term&) const = default;
};

struct WantedValue {
    std::optional<std::string> system;  // nothing: any system
    std::string value;
};

// One line of a search; its values are alternatives.
struct Criterion {
    enum class Kind { id, term, updated };
    Kind kind = Kind::term;
    std::string parameter;
    // Few resources share a value: the search starts from these.
    bool selective = false;
    std::vector<WantedValue> values;
    // A chain: also resources whose reference `chain_from` names a resource with `chain_to` of these values.
    std::string chain_from, chain_to;
    Milliseconds from = 0, until = 0;  // kind updated: from <= updated < until
};

struct Search {
    std::string type;
    std::vector<Criterion> criteria;
    std::size_t count = 0;
    std::int64_t after = 0;  // resources created later than this one
};

struct History {
    std::string type;
    std::string id;  // empty: of the whole type
    Milliseconds since = 0;
    std::size_t count = 0;
    std::int64_t before = 0;  // changes earlier than this one; 0: from the newest
};

struct Change {
    std::int64_t number = 0;
    std::string type;
    std::string id;
    std::int64_t version = 0;
};

// A consistent reading of the store.
class View {
public:
    virtual ~View() = default;
    virtual std::optional<Version> read(const std::string& type, const std::string& id) = 0;
    virtual std::optional<Version> read(const std::string& type, const std::string& id,
                                        std::int64_t version) = 0;
    virtual std::vector<Version> search(const Search& search) = 0;
    virtual std::int64_t count(const Search& search) = 0;
    // The values of a reference parameter of one resource ("CarePlan.subject").
    virtual std::vector<std::string> values_of(const Version& resource, const std::string& parameter) = 0;
    virtual std::vector<Version> history(const History& history) = 0;
    virtual std::vector<Change> changes_after(std::int64_t change, std::size_t count) = 0;
    virtual std::int64_t last_change() = 0;
};

// Sees its own writes. Without commit() nothing happened.
class Transaction : public View {
public:
    // The next version. `updated` never runs backwards, whatever the clock says.
    virtual Version put(const std::string& type, const std::string& id, std::int64_t version,
                        const std::string& author, const std::string& body,
                        const std::vector<Term>& terms) = 0;
    // The time of every put of this transaction.
    virtual Milliseconds now() const = 0;
    // Durable when it returns.
    virtual void commit() = 0;
};

class Store {
public:
    virtual ~Store() = default;
    virtual std::unique_ptr<View> view() = 0;
    // One at a time: waits for the other writer.
    virtual std::unique_ptr<Transaction> begin() = 0;
};

}  // namespace careplug::exchange
