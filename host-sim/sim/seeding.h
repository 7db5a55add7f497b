// Fills an empty exchange with the invented people and their plans, through its own API.
#pragma once

#include <people.h>

#include <filesystem>
#include <functional>
#include <string>

#include "exchange_client.h"

namespace careplug::sim {

// May be broken off and started again: what is there already is left as it is. `progress` hears counts.
void seed_exchange(const ExchangeClient& exchange, const Population& population, std::uint64_t seed,
                   const std::filesystem::path& datasets, const std::filesystem::path& signing_key,
                   const std::function<void(std::size_t done, std::size_t all)>& progress);

}  // namespace careplug::sim
