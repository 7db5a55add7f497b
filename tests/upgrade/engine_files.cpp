#include "upgrade/engine_files.h"

#include <fstream>
#include <iterator>

namespace careplug::test {

namespace fs = std::filesystem;

namespace {

const fs::path built = fs::path(CAREPLUG_BUILD_DIR) / "bin";

void put_in_place(const fs::path& from, const fs::path& to, unsigned mode) {
    const fs::path beside = to.string() + ".new";
    fs::copy_file(from, beside, fs::copy_options::overwrite_existing);
    fs::permissions(beside, static_cast<fs::perms>(mode));
    fs::rename(beside, to);
}

}  // namespace

void EngineFiles::restore() {
    install_jail(built / "careplug-jail");
    install_engine();
}

void EngineFiles::install_engine(unsigned mode) {
    put_in_place(built / "careplug-engine", engine, mode);
}

void EngineFiles::install_text(const std::string& text) {
    const fs::path beside = folder / "text";
    std::ofstream(beside) << text;
    put_in_place(beside, engine, 0755);
}

void EngineFiles::install_program(const fs::path& program) {
    put_in_place(program, engine, 0755);
}

void EngineFiles::install_jail(const fs::path& program) {
    put_in_place(program, jail, 0755);
}

std::string contents_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace careplug::test
