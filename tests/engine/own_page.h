// The page of a person whose plan it is, or of who acts for them, beside the hosts of a scene.
#pragma once

#include "scene.h"

namespace careplug::test {

// Signed in for this number, as the token says; `role` is patient or proxy.
std::unique_ptr<TestHost> own_page(Scene& scene, const std::string& number,
                                   const std::string& role = "patient", const std::string& subject = "mary",
                                   const std::string& computer = "own");

// A plan all of which may be shown to its person.
std::uint32_t publish_shared_plan(TestHost& host, const careplug_patient_key& key);

}  // namespace careplug::test
