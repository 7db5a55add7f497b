#include "elf.h"

#include <elf.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include "trial.h"

namespace careplug::tools {

namespace {

class Image {
public:
    explicit Image(std::string bytes) : bytes_(std::move(bytes)) {}

    std::size_t size() const { return bytes_.size(); }

    template <class Part>
    Part at(std::uint64_t offset) const {
        expect(offset <= bytes_.size() && bytes_.size() - offset >= sizeof(Part),
               "The file is cut short: a table of the library lies beyond its end.");
        Part part;
        std::memcpy(&part, bytes_.data() + offset, sizeof part);
        return part;
    }

    std::string name(const Elf64_Shdr& strings, std::uint64_t offset) const {
        const std::uint64_t from = strings.sh_offset + offset;
        expect(offset < strings.sh_size && from < bytes_.size(),
               "The library names something outside its strings.");
        return std::string(bytes_.data() + from, strnlen(bytes_.data() + from, bytes_.size() - from));
    }

private:
    std::string bytes_;
};

bool offered_to_others(const Elf64_Sym& symbol) {
    const auto binding = ELF64_ST_BIND(symbol.st_info);
    const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
    return symbol.st_shndx != SHN_UNDEF && symbol.st_shndx != SHN_ABS && binding != STB_LOCAL &&
           (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

}  // namespace

ElfFacts elf_facts(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw NotRun("The file cannot be read: check its name and rights.");
    const Image image{std::string(std::istreambuf_iterator<char>(in), {})};
    const auto head = image.size() < sizeof(Elf64_Ehdr) ? Elf64_Ehdr{} : image.at<Elf64_Ehdr>(0);
    if (std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_ident[EI_CLASS] != ELFCLASS64 ||
        head.e_type != ET_DYN)
        throw NotRun("The file is no 64-bit shared library: see P-001.");
    expect(head.e_shnum != 0,
           "The library has no section table, so what it exports cannot be told: do not strip it of that.");
    const auto section = [&](std::uint64_t index) {
        return image.at<Elf64_Shdr>(head.e_shoff + index * head.e_shentsize);
    };
    ElfFacts facts;
    for (std::uint64_t i = 0; i < head.e_shnum; ++i) {
        const Elf64_Shdr table = section(i);
        if (table.sh_entsize == 0 || (table.sh_type != SHT_DYNSYM && table.sh_type != SHT_DYNAMIC)) continue;
        const Elf64_Shdr strings = section(table.sh_link);
        for (std::uint64_t entry = 0; entry < table.sh_size / table.sh_entsize; ++entry) {
            const std::uint64_t offset = table.sh_offset + entry * table.sh_entsize;
            if (table.sh_type == SHT_DYNSYM) {
                const auto symbol = image.at<Elf64_Sym>(offset);
                if (offered_to_others(symbol)) facts.exported.push_back(image.name(strings, symbol.st_name));
            } else if (const auto dynamic = image.at<Elf64_Dyn>(offset); dynamic.d_tag == DT_NEEDED) {
                facts.needed.push_back(image.name(strings, dynamic.d_un.d_val));
            }
        }
    }
    return facts;
}

}  // namespace careplug::tools
