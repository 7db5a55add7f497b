// Kinds of tampering: what is done to a package or trust folder in order, and what the refusal says.
#pragma once

#include <vector>

#include "yard.h"

namespace careplug::test {

struct Tampering {
    const char* what;
    void (*done)(Yard& yard);
    const char* said;  // part of the sentence
};

const std::vector<Tampering>& tampering_with_files();
const std::vector<Tampering>& tampering_with_manifests();
const std::vector<Tampering>& tampering_with_trust();
const std::vector<Tampering>& tampering_with_places();

}  // namespace careplug::test
