// The data folder: keys, settings, stores, logs. Made on the first start and found again on the next.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace careplug::sim {

inline constexpr std::array<const char*, 4> host_kinds = {"gp", "ooh", "ae", "patient"};
inline constexpr const char* own_issuer = "sim";  // seeding and the printed token

// Which people this folder was filled with.
struct Seeded {
    std::uint64_t seed = 0;
    std::size_t patients = 0;
    bool complete = false;
};

class Folder {
public:
    // Makes what is missing, and locks the folder. Throws std::runtime_error with one sentence that says what
    // to do: not writable, disk full, in use by another simulator.
    Folder(std::filesystem::path path, const Seeded& wanted);
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    const Seeded& seeded() const { return seeded_; }
    void remember_seeded();
    void write_settings(const std::string& kind, const std::string& exchange,
                        const std::filesystem::path& datasets);
    void write_token(const std::string& token);

    std::filesystem::path key(const std::string& issuer) const { return path_ / "keys" / (issuer + ".key"); }
    std::filesystem::path trust() const { return path_ / "trust"; }
    // Packages of plugins, and who signed them.
    std::filesystem::path plugins() const { return path_ / "plugins"; }
    std::filesystem::path plugin_key() const { return path_ / "plugin-key"; }
    std::filesystem::path plugin_trust() const { return path_ / "plugin-trust"; }
    // The host's own installation: its program, libcareplug, engine and jail.
    std::filesystem::path programs(const std::string& kind) const {
        return path_ / "hosts" / kind / "programs";
    }
    std::filesystem::path exchange() const { return path_ / "exchange"; }
    std::filesystem::path settings(const std::string& kind) const {
        return path_ / "hosts" / kind / "settings.json";
    }
    std::filesystem::path log(const std::string& name) const { return path_ / "log" / (name + ".log"); }

private:
    std::filesystem::path path_;
    Seeded seeded_;
    int lock_ = -1;
};

}  // namespace careplug::sim
