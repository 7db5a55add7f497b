#include "profile.h"

#include <careplug/host.h>

#include <array>
#include <stdexcept>

namespace careplug::sim {
namespace {

const std::array<Profile, 4>& profiles() {
    static const std::array<Profile, 4> all = {
        Profile{"gp",
                "GP clinical system",
                "Practice list",
                "Consulting room 2",
                CAREPLUG_BASIS_REGISTERED,
                {{"piwobi", "Dr P. Iwobi", "gp", "GP", true, "Y90001", "Alder Lane Surgery"},
                 {"kmensah", "Dr K. Mensah", "gp", "GP", true, "Y90001", "Alder Lane Surgery"},
                 {"lodell", "Nurse L. Odell", "district_nurse", "district nurse", false, "Y90001",
                  "Alder Lane Surgery"}}},
        Profile{"ooh",
                "Out-of-hours",
                "Open cases",
                "Northmere base 1",
                CAREPLUG_BASIS_URGENT_CASE,
                {{"rpetrov", "Dr R. Petrov", "ooh_clinician", "out-of-hours doctor", false, "Y90002",
                  "Northmere Out of Hours"}}},
        Profile{
            "ae",
            "A&E tracking board",
            "Majors, resus and waiting",
            "Majors desk",
            CAREPLUG_BASIS_URGENT_CASE,
            {{"aquaye", "Sister A. Quaye", "ae_clinician", "A&E nurse", false, "RZZ01", "Eastmoor General"},
             {"bthorne", "Dr B. Thorne", "hospital_clinician", "hospital consultant", true, "RZZ01",
              "Eastmoor General"}}},
        // Its users are the people of the practice list.
        Profile{"patient", "My urgent care plan", "My plan", "Own computer", CAREPLUG_BASIS_REGISTERED, {}}};
    return all;
}

}  // namespace

const Profile& profile_of(const std::string& kind) {
    for (const Profile& profile : profiles())
        if (profile.kind == kind) return profile;
    throw std::invalid_argument("There is no simulated host of the kind \"" + kind +
                                "\": choose gp, ooh, ae or patient.");
}

}  // namespace careplug::sim
