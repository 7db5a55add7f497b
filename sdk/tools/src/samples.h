// Ordinary documents for every function, and the same made wrong at random.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "scene.h"

namespace careplug::tools {

struct Sample {
    NamedFunction function;
    std::string document;
    Answer ask(const OpenPolicy& policy, std::int64_t now = usual_time) const {
        return policy.ask(function, document, now);
    }
};

std::vector<Sample> ordinary_samples(const Documents& documents);
inline std::vector<Sample> ordinary_samples(const Scene& scene) {
    return ordinary_samples(scene.documents);
}

// One to three members of the document, anywhere in it, become values of another kind.
std::string with_wrong_shapes(const std::string& document, std::mt19937_64& random);

}  // namespace careplug::tools
