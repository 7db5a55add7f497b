#include "own_page_users.h"

namespace careplug::sim {

std::vector<User> own_page_users(const Population& population) {
    constexpr std::size_t most = 6;
    std::vector<User> users;
    for (const Listed& row : population.gp) {
        const Person& person = row.local;
        if (users.size() == most) break;
        if (person.nhs_number.empty() || person.birth_date.empty() || !population.has_plan[row.person])
            continue;
        User user;
        user.id = person.id;
        user.name = person.prefix + " " + person.given + " " + person.family;
        user.role = "patient";
        user.role_words = "patient";
        user.nhs_number = person.nhs_number;
        users.push_back(std::move(user));
    }
    if (users.empty()) return users;
    User proxy;
    proxy.id = "acts-for-" + users.front().id;
    proxy.name = "Jo Lindqvist";
    proxy.role = "proxy";
    proxy.role_words = "acts for " + users.front().name;
    proxy.nhs_number = users.front().nhs_number;
    users.push_back(std::move(proxy));
    return users;
}

}  // namespace careplug::sim
