// Who could change what is checked: links, modes and owners, from the file up to the root.
#include <sys/stat.h>
#include <unistd.h>

#include "tampering.h"

namespace careplug::test {

namespace fs = std::filesystem;

namespace {

void replace_by_link(const fs::path& place) {
    const fs::path real = place.string() + "-real";
    fs::rename(place, real);
    fs::create_symlink(real, place);
}

// Outside of the folder that holds it, so that only the link is wrong.
void move_out_and_link(Yard& yard, const fs::path& place) {
    const fs::path real = yard.folder / "elsewhere";
    fs::rename(place, real);
    fs::create_symlink(real, place);
}

template <fs::perms more>
void allow(const fs::path& place) {
    fs::permissions(place, more, fs::perm_options::add);
}

constexpr fs::perms group = fs::perms::group_write;
constexpr fs::perms all = fs::perms::others_write;

void give_away(const fs::path& place) {
    static_cast<void>(::lchown(place.c_str(), 12345, static_cast<gid_t>(-1)));
}

std::vector<Tampering> rows_for_everyone() {
    return {
        {"the plugin's file is a link", [](Yard& yard) { replace_by_link(yard.file); }, "is a link"},
        {"the manifest is a link", [](Yard& yard) { replace_by_link(yard.manifest_file); }, "is a link"},
        {"the signature is a link", [](Yard& yard) { replace_by_link(yard.signature_file); }, "is a link"},
        {"the signature is a link to nothing",
         [](Yard& yard) {
             fs::remove(yard.signature_file);
             fs::create_symlink("/nowhere", yard.signature_file);
         },
         "is a link"},
        {"the package is a link", [](Yard& yard) { replace_by_link(yard.package); }, "is a link"},
        {"the folder of plugins is a link", [](Yard& yard) { replace_by_link(yard.plugins); }, "is a link"},
        {"the trust folder is a link", [](Yard& yard) { replace_by_link(yard.trust); }, "is a link"},
        {"the folder of keys is a link", [](Yard& yard) { move_out_and_link(yard, yard.trust / "keys"); },
         "is a link"},
        {"a key is a link", [](Yard& yard) { move_out_and_link(yard, yard.key_file); }, "is a link"},
        {"the folder of plugins is named by way of ..",
         [](Yard& yard) { yard.plugins = yard.plugins / ".." / "plugins"; }, "by way of \"..\""},
        {"the folder of plugins is not named from the root", [](Yard& yard) { yard.plugins = "plugins"; },
         "must be named from the root"},
        {"the group may write the plugin's file", [](Yard& yard) { allow<group>(yard.file); },
         "Others may write the file"},
        {"all may write the plugin's file", [](Yard& yard) { allow<all>(yard.file); },
         "Others may write the file"},
        {"all may write the manifest", [](Yard& yard) { allow<all>(yard.manifest_file); },
         "Others may write the file"},
        {"all may write the signature", [](Yard& yard) { allow<all>(yard.signature_file); },
         "Others may write the file"},
        {"the group may write a key", [](Yard& yard) { allow<group>(yard.key_file); },
         "Others may write the file"},
        {"the group may write in the package", [](Yard& yard) { allow<group>(yard.package); },
         "Others may write in the folder"},
        {"all may write in the package, which is sticky",
         [](Yard& yard) { ::chmod(yard.package.c_str(), 01777); }, "Others may write in the folder"},
        {"all may write in the folder of plugins", [](Yard& yard) { allow<all>(yard.plugins); },
         "Others may write in the folder"},
        {"all may write in the folder above", [](Yard& yard) { allow<all>(yard.folder.path()); },
         "Others may write in the folder"},
        {"all may write in the trust folder", [](Yard& yard) { allow<all>(yard.trust); },
         "Others may write in the folder"},
        {"the group may write in the folder of keys", [](Yard& yard) { allow<group>(yard.trust / "keys"); },
         "Others may write in the folder"}};
}

std::vector<Tampering> rows_for_root() {
    return {
        {"the plugin's file is another user's", [](Yard& yard) { give_away(yard.file); }, "belongs to user"},
        {"the manifest is another user's", [](Yard& yard) { give_away(yard.manifest_file); },
         "belongs to user"},
        {"the signature is another user's", [](Yard& yard) { give_away(yard.signature_file); },
         "belongs to user"},
        {"the package is another user's", [](Yard& yard) { give_away(yard.package); }, "belongs to user"},
        {"the folder of plugins is another user's", [](Yard& yard) { give_away(yard.plugins); },
         "belongs to user"},
        {"the folder above is another user's", [](Yard& yard) { give_away(yard.folder.path()); },
         "belongs to user"},
        {"the trust folder is another user's", [](Yard& yard) { give_away(yard.trust); }, "belongs to user"},
        {"a key is another user's", [](Yard& yard) { give_away(yard.key_file); }, "belongs to user"}};
}

}  // namespace

const std::vector<Tampering>& tampering_with_places() {
    static const std::vector<Tampering> rows = [] {
        std::vector<Tampering> list = rows_for_everyone();
        // Only root can give a file away, so that only it can play this.
        if (::geteuid() == 0)
            for (const Tampering& row : rows_for_root()) list.push_back(row);
        return list;
    }();
    return rows;
}

}  // namespace careplug::test
