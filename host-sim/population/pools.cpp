#include "pools.h"

namespace careplug::sim::pools {
namespace {

constexpr std::string_view female[] = {
    "Margaret",  "Josephine", "Winifred", "Nasreen", "Oluwaseun", "Bridget",  "Eleni", "Shirin",
    "Constance", "Helena",    "Dorothea", "Miriam",  "Astrid",    "Zofia",    "Inés",  "Agnieszka",
    "Parveen",   "Gwenllian", "Mei-Ling", "Adaeze",  "Rosalind",  "Harpreet", "Lucía", "Siobhán",
    "Thu Trang", "Ebele",     "Marjorie", "Fatima",  "Doreen",    "Krystyna"};
constexpr std::string_view male[] = {"Tomasz",   "Chidi",     "Gerald",    "Fergus",  "Owain",    "Kwabena",
                                     "Anirban",  "Ambrose",   "Peregrine", "Bertram", "Jolyon",   "Edmund",
                                     "Cormac",   "Dimitrios", "Yusuf",     "Stanley", "Rajinder", "Emlyn",
                                     "Wei",      "Ignacio",   "Seamus",    "Babak",   "Horace",   "Nnamdi",
                                     "Zbigniew", "Arthur",    "Mohammed",  "Leonard", "Quang",    "Desmond"};
constexpr std::string_view family[] = {
    "Adeyemi-Clarke", "Halloran",        "Okonkwo-Bailey", "Sutcliffe",      "Lindqvist",     "Rahman",
    "Ellery",         "Abernathy",       "Pritchard",      "Da Silva",       "Osei-Mensah",   "Whittingstall",
    "Kowalczyk",      "Bhattacharya",    "Greensmith",     "Fitzwilliam",    "Tamblyn",       "Hargreaves",
    "McAllister",     "Vasquez",         "Holloway",       "Abiola-Fenwick", "Merriweather",  "Khatun",
    "Thistlewood",    "Rosenthal",       "Papadopoulos",   "Underhill",      "Gwynne",        "Brannigan",
    "Iwobi",          "Marchetti-Doyle", "Przybylski",     "Nwosu",          "O’Shaughnessy", "Kaur",
    "Begum",          "Nguyễn",          "Al-Hashimi",     "Chaudhry",       "Penhaligon",    "Quigley",
    "Ramachandran",   "Sørensen",        "Tregenza",       "Uddin",          "Vaughan",       "Wójcik",
    "Yeboah",         "Zielińska",       "Carrington",     "Dlamini",        "Esposito",      "Fairweather",
    "Goldberg",       "Hussain",         "Ivanova",        "Jankowski",      "Llewellyn",     "Mbeki"};
constexpr std::string_view street[] = {"Alder Lane",  "Quarry Road",   "Sycamore Close", "Mill Street",
                                       "Chapel Rise", "Orchard Way",   "Station Parade", "Beacon Hill",
                                       "Canal Wharf", "Priory Gardens"};
constexpr Coded problem[] = {{"13645005", "Chronic obstructive pulmonary disease"},
                             {"84114007", "Heart failure"},
                             {"49436004", "Atrial fibrillation"},
                             {"64859006", "Osteoporosis"},
                             {"44054006", "Type 2 diabetes mellitus"},
                             {"38341003", "Hypertension"},
                             {"709044004", "Chronic kidney disease"},
                             {"26929004", "Alzheimer's disease"},
                             {"49049000", "Parkinson's disease"},
                             {"230690007", "Stroke"},
                             {"363346000", "Cancer"},
                             {"86044005", "Motor neurone disease"},
                             {"396275006", "Osteoarthritis"},
                             {"248279007", "Frailty"}};
constexpr Medicine medicine[] = {
    {"Furosemide 40 mg tablets", "one each morning"},
    {"Bisoprolol 2.5 mg tablets", "one each morning"},
    {"Apixaban 5 mg tablets", "one twice a day"},
    {"Metformin 500 mg tablets", "one twice a day with food"},
    {"Amlodipine 5 mg tablets", "one each morning"},
    {"Morphine 10 mg/5 ml oral solution", "2.5 ml if needed for pain or breathlessness"},
    {"Trimbow 87/5/9 inhaler", "two puffs twice a day"},
    {"Alendronic acid 70 mg tablets", "one a week"},
    {"Paracetamol 500 mg tablets", "two up to four times a day"},
    {"Co-careldopa 25/100 tablets", "one three times a day"},
    {"Laxido sachets", "one a day"},
    {"Levothyroxine 75 microgram tablets", "one each morning"}};
constexpr Allergy allergy[] = {
    {"91936005", "Penicillin", "rash"},           {"294331006", "Trimethoprim", "widespread rash"},
    {"300916003", "Latex", "contact dermatitis"}, {"294170009", "Codeine", "vomiting"},
    {"293586001", "Aspirin", "wheeze"},           {"91935009", "Peanut", "swelling of lips and tongue"}};
constexpr Complaint complaint[] = {
    {"Chest pain", 2}, {"Breathless", 2}, {"Sepsis?", 2},  {"Fall, hip", 3},   {"Confusion", 3},
    {"Abdo pain", 3},  {"Cough", 4},      {"Collapse", 2}, {"Vomiting", 3},    {"Back pain", 3},
    {"Fever", 3},      {"Laceration", 4}, {"Ankle", 4},    {"Retention", 3},   {"Rash", 5},
    {"Cellulitis", 4}, {"Seizure", 2},    {"Wrist", 4},    {"Renal colic", 3}, {"Head injury", 3}};
constexpr std::string_view call[] = {"Daughter: pain not settling",
                                     "Carer: rattling, drowsy",
                                     "Catheter blocked",
                                     "Fall, no injury seen",
                                     "Fever after chemotherapy",
                                     "Vomiting since noon",
                                     "Dressing leaking",
                                     "More breathless tonight",
                                     "Urine symptoms",
                                     "Rash on legs",
                                     "Syringe driver alarm",
                                     "Confused since yesterday",
                                     "Care home: not eating or drinking"};

}  // namespace

std::span<const std::string_view> given_female() {
    return female;
}
std::span<const std::string_view> given_male() {
    return male;
}
std::span<const std::string_view> families() {
    return family;
}
std::span<const std::string_view> streets() {
    return street;
}
std::span<const Coded> problems() {
    return problem;
}
std::span<const Medicine> medicines() {
    return medicine;
}
std::span<const Allergy> allergies() {
    return allergy;
}
std::span<const Complaint> complaints() {
    return complaint;
}
std::span<const std::string_view> calls() {
    return call;
}

}  // namespace careplug::sim::pools
