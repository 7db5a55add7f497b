// careplug: tools for those who write plugins and hosts.
#include <exception>
#include <iostream>

#include "arguments.h"
#include "checking_engine.h"
#include "commands.h"

namespace {

constexpr const char* help =
    R"(careplug check PLUGIN   tests a plugin against each numbered requirement, each in a process of its own
    --json             the report as JSON
    --junit FILE       also writes the report as JUnit's XML
    --strictness N     0: mandatory requirements alone; 1: also recommended ones, which decide nothing (1);
                       2: all decide
    --seed N           of random documents (another each time)
    --reproduce ID:SEED  one test again, as a report names it, with the plugin's own output shown
    --only ID,ID       these requirements alone
    --opt-out FILE     lines of an id and a reason: not run, and never counted as passed
    --datasets DIR     the folder of the data sets (share/datasets beside this program)
    --time-limit N     seconds for one test, then it is killed (30)
    --jobs N           tests at once (as many as processors)
  Exit status: 0 all that decide passed; 1 some failed; 2 some could not be run; 3 some were opted out.

careplug check-host -- COMMAND [ARGS...]   runs a vendor's host, once for each scenario, against an engine that
                       watches it, and tests what it did against each numbered requirement
    in COMMAND, {loader} is the libcareplug.so to load and {settings} the settings file to open; the environment
    has them as CAREPLUG_LOADER and CAREPLUG_SETTINGS, the loader's folder first in LD_LIBRARY_PATH, and the
    scenario's name as CAREPLUG_SCENARIO
    --json, --junit, --strictness, --only, --opt-out, --jobs   as above
    --list             the requirements and the scenarios
    --scenario NAME,NAME  these scenarios alone
    --reproduce ID:SCENARIO  one scenario again, as a report names it, with the host's own output shown
    --loader FILE      libcareplug.so (beside this program)
    --time-limit N     seconds for one run, then it is killed (60)
    --keep DIR         leaves what was seen in each run there, as NAME.timeline

careplug new NAME       makes a folder with a plugin that builds and passes the check
    --into DIR         where (here)
    --sdk DIR          the Careplug checkout to build against (that of this program)

careplug keygen FOLDER  makes a key that signs packages: FOLDER/signing.key, and its public half for trust folders
    --vendor NAME      whose key it is
    --plugins ID,ID    the plugins that it may sign; example.* is every id that begins so
    --expires DATE     its last day (two years from now)

careplug sign FOLDER    makes a package of the folder that holds a plugin's .so: manifest.json and signature
    --key FILE         the private key, mode 0600
    --vendor NAME      as the key's
    --file NAME        of the .so, where there are several
    --id ID --version V  where the plugin cannot be asked here
    --abi-from V --abi-to V  versions of the contract that it was made for (this one)

careplug verify FOLDER  checks a package as the engine does, and says what was checked
    --trust FOLDER     whose keys and rules count
  Exit status: 0 accepted; 1 refused.

careplug audit          who looked at and changed what, from an exchange, for its privacy officer
    --exchange URL     its FHIR address
    --token FILE       with a signed assertion of the role privacy_officer; - is standard input
    --patient FILE     one person's alone: a file with the NHS number, or - for standard input
    --person HOST/USER what this person did
    --kind KIND        board, open, read, reveal, edit, submit, flag, break-glass
    --since T --until T  times such as 2026-11-21 or 2026-11-21T14:02:11Z
    --alerts           what the privacy officer was told of: claimed relationships, emergencies
    --verify           reads all and says whether the chain is whole, and where it breaks
    --expect N:HASH    also that it still holds what a former --verify printed
    --json             FHIR AuditEvents, or the verdict, as JSON
    --authority FILE   certificate authorities for https (the system's)
  Exit status: 0 done, or whole; 1 the chain is broken; 2 the exchange could not be asked.

careplug requirements   prints the requirements as docs/requirements.md
careplug help           this text
)";

}  // namespace

int main(int count, char** values) {
    // The loader of a host that is checked starts the engine beside it, which is a link to this program.
    if (count > 0)
        if (const std::filesystem::path name = values[0]; name.filename() == careplug::tools::engine_file)
            return careplug::tools::checking_engine(name.parent_path());
    const std::vector<std::string> words(values + 1, values + count);
    const std::string command = words.empty() ? "help" : words.front();
    const std::vector<std::string> rest(words.begin() + (words.empty() ? 0 : 1), words.end());
    try {
        if (command == "check") return careplug::tools::check_command(rest);
        if (command == "check-host") return careplug::tools::check_host_command(rest);
        if (command == "new") return careplug::tools::new_command(rest);
        if (command == "requirements") return careplug::tools::requirements_command();
        if (command == "keygen") return careplug::tools::keygen_command(rest);
        if (command == "sign") return careplug::tools::sign_command(rest);
        if (command == "verify") return careplug::tools::verify_command(rest);
        if (command == "audit") return careplug::tools::audit_command(rest);
        if (command == "describe-plugin") return careplug::tools::describe_command(rest);
        if (command == "run-one-requirement") return careplug::tools::run_one_command(rest);
        if (command == "write-answers") return careplug::tools::write_answers_command(rest);
        if (command == "help" || command == "--help") {
            std::cout << help;
            return 0;
        }
        std::cerr << "careplug: there is no command " << command << ": see careplug help\n";
    } catch (const std::exception& error) {
        std::cerr << "careplug: " << error.what() << "\n";
    }
    return 64;
}
