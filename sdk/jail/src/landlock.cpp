#include <careplug/jail/landlock.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace careplug::jail {
namespace {

// Rights that came after the headers of the oldest system we build on.
constexpr std::uint64_t fs_truncate = 1U << 14;
constexpr std::uint64_t fs_ioctl_of_devices = 1U << 15;
constexpr std::uint64_t net_bind = 1U << 0;
constexpr std::uint64_t net_connect = 1U << 1;
constexpr std::uint64_t scope_abstract_sockets = 1U << 0;
constexpr std::uint64_t scope_signals = 1U << 1;
constexpr int rule_of_a_port = 2;

struct Ruleset {
    std::uint64_t files;
    std::uint64_t network;
    std::uint64_t scoped;
};

struct PortRule {
    std::uint64_t allowed;
    std::uint64_t port;
};

constexpr std::uint64_t of_files = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                                   LANDLOCK_ACCESS_FS_READ_FILE | fs_truncate | fs_ioctl_of_devices;

std::uint64_t known_file_rights(int version) {
    std::uint64_t rights = LANDLOCK_ACCESS_FS_REFER - 1;  // all that the first version had
    if (version >= 2) rights |= LANDLOCK_ACCESS_FS_REFER;
    if (version >= 3) rights |= fs_truncate;
    if (version >= 5) rights |= fs_ioctl_of_devices;
    return rights;
}

std::uint64_t granted(Landlock::Rights rights) {
    constexpr std::uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
    switch (rights) {
        case Landlock::Rights::read:
            return reading;
        case Landlock::Rights::read_and_execute:
            return reading | LANDLOCK_ACCESS_FS_EXECUTE;
        case Landlock::Rights::own:
            break;
    }
    return reading | LANDLOCK_ACCESS_FS_WRITE_FILE | fs_truncate | LANDLOCK_ACCESS_FS_MAKE_REG |
           LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
           LANDLOCK_ACCESS_FS_REFER;
}

}  // namespace

Landlock::Landlock() {
    const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) return;
    Ruleset set{known_file_rights(static_cast<int>(version)), 0, 0};
    if (version >= 4) set.network = net_bind | net_connect;
    if (version >= 6) set.scoped = scope_abstract_sockets | scope_signals;
    const std::size_t size = version >= 6   ? sizeof set
                             : version >= 4 ? 2 * sizeof set.files
                                            : sizeof set.files;
    rules_ = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &set, size, 0));
    if (rules_ < 0) return;
    version_ = static_cast<int>(version);
    files_ = set.files;
}

Landlock::~Landlock() {
    if (rules_ >= 0) ::close(rules_);
}

bool Landlock::allow(const std::string& path, Rights rights) {
    const int descriptor = ::open(path.c_str(), O_PATH | O_CLOEXEC);
    if (descriptor < 0) return false;
    allow(descriptor, rights);
    ::close(descriptor);
    return true;
}

void Landlock::allow(int descriptor, Rights rights) {
    if (rules_ < 0) return;
    struct stat about {};
    if (::fstat(descriptor, &about) != 0) return;
    landlock_path_beneath_attr rule{};
    rule.allowed_access = granted(rights) & files_ & (S_ISDIR(about.st_mode) ? ~0ULL : of_files);
    rule.parent_fd = descriptor;
    ::syscall(SYS_landlock_add_rule, rules_, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

void Landlock::allow_connect(std::uint16_t port) {
    if (version_ < 4) return;
    const PortRule rule{net_connect, port};
    ::syscall(SYS_landlock_add_rule, rules_, rule_of_a_port, &rule, 0);
}

bool Landlock::enforce() {
    return rules_ >= 0 && ::syscall(SYS_landlock_restrict_self, rules_, 0) == 0;
}

}  // namespace careplug::jail
