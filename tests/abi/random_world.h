// What a host holds while random calls are made, as the contract says it should be: which handles are live,
// under what, and what ended.
#ifndef CAREPLUG_TESTS_RANDOM_WORLD_H
#define CAREPLUG_TESTS_RANDOM_WORLD_H

#include <careplug/wire/functions.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

struct Held {
    careplug::wire::Object object = careplug::wire::Object::none;
    bool problem = false;         // of the results, whether it is one
    careplug_handle under = 0;    // the loader of a session, the session of a patient, ...
    careplug_handle session = 0;  // of patients, panels, operations and requests
    bool session_closed = false;  // of an operation
};

class RandomWorld {
public:
    using Object = careplug::wire::Object;

    explicit RandomWorld(std::uint64_t seed) : random_(seed) {}

    std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
    bool percent(std::uint64_t chance) { return below(100) < chance; }
    template <class T>
    const T& one_of(const std::vector<T>& list) {
        return list[static_cast<std::size_t>(below(list.size()))];
    }

    void add(careplug_handle handle, Held held) { live_[handle] = held; }
    const Held* find(careplug_handle handle) const {
        const auto found = live_.find(handle);
        return found == live_.end() ? nullptr : &found->second;
    }
    std::vector<careplug_handle> all(Object object) const {
        std::vector<careplug_handle> list;
        for (const auto& [handle, held] : live_)
            if (held.object == object) list.push_back(handle);
        return list;
    }
    std::size_t count(Object object) const { return all(object).size(); }

    // Ends an object and what lies under it; operations and results stay.
    void end(careplug_handle handle) {
        const Object object = live_.at(handle).object;
        const bool session = object == Object::session;
        live_.erase(handle);
        ended_[object].push_back(handle);
        std::vector<careplug_handle> below_it;
        for (auto& [other, held] : live_) {
            if (session && held.object == Object::operation && held.session == handle)
                held.session_closed = true;
            else if (held.under == handle && held.object != Object::operation)
                below_it.push_back(other);
        }
        for (const careplug_handle other : below_it)
            if (live_.contains(other)) end(other);
    }

    // One that a function of this object cannot take: 0, invented, ended, or of another kind.
    template <class Fits>
    careplug_handle wrong_handle(Object object, Fits fits) {
        std::vector<careplug_handle> others;
        for (const auto& [handle, held] : live_)
            if (!fits(held)) others.push_back(handle);
        switch (below(5)) {
            case 0:
                return 0;
            case 1:
                return (random_() << 32) | below(64);
            case 2:
                return others.empty() ? 0 : one_of(others);
            default: {
                // Soon after its end, as a host does that forgets that it closed something.
                const auto& ended = ended_[object];
                if (ended.empty()) return 0;
                const std::size_t last = std::min<std::size_t>(ended.size(), 4);
                return ended[ended.size() - 1 - static_cast<std::size_t>(below(last))];
            }
        }
    }

private:
    std::mt19937_64 random_;
    std::map<careplug_handle, Held> live_;
    std::map<Object, std::vector<careplug_handle>> ended_;
};

#endif
