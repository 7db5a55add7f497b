#include <boost/dll/shared_library.hpp>
#include <filesystem>
#include <mutex>
#include <nlohmann/json.hpp>

#include "policy.h"

namespace careplug::engine {
namespace {

using nlohmann::json;

// Kept for every policy opened from it, so that the code outlives the last call.
struct Library {
    boost::dll::shared_library file;
    const careplug_policy* table = nullptr;
    std::string name;
    PluginFacts facts;
    std::mutex one_call;  // the engine makes one call at a time
};

std::string shown(const std::uint8_t (&sentence)[256]) {
    const auto* text = reinterpret_cast<const char*>(sentence);
    return std::string(text, ::strnlen(text, sizeof sentence));
}

// A text answer, asked again with room where the first was too small.
template <typename Call>
json text_answer(Library& library, const char* what, const Call& call) {
    std::string out(64 * 1024, '\0');
    std::uint64_t length = 0;
    careplug_status status = CAREPLUG_OK;
    {
        const std::lock_guard lock(library.one_call);
        status = call(out.data(), out.size(), &length);
        if (length > out.size() && length <= (64U << 20U)) {
            out.resize(length);
            status = call(out.data(), out.size(), &length);
        }
    }
    if (length > out.size())
        throw PluginFailure("The plugin " + library.name + " gave no usable answer to " + what + ".");
    out.resize(length);
    // Its words are not repeated: they may tell of the patient, and this sentence goes to a log.
    if (status >= 100) throw PluginFailure("The plugin " + library.name + " refused " + what + ".");
    try {
        return json::parse(out);
    } catch (const json::parse_error&) {
        throw PluginFailure("The plugin " + library.name + " answered " + what +
                            " with text that is not JSON.");
    }
}

class LoadedPolicy : public Policy {
public:
    LoadedPolicy(std::shared_ptr<Library> library, std::uint64_t handle)
        : library_(std::move(library)), handle_(handle) {}
    LoadedPolicy(const LoadedPolicy&) = delete;
    LoadedPolicy& operator=(const LoadedPolicy&) = delete;
    ~LoadedPolicy() override {
        const std::lock_guard lock(library_->one_call);
        library_->table->close(handle_);
    }

    void flags(std::vector<careplug_policy_flag>& flags, std::int64_t now) override {
        const std::lock_guard lock(library_->one_call);
        const auto status =
            library_->table->flags(handle_, flags.data(), sizeof(careplug_policy_flag), flags.size(), now);
        if (status >= 100) throw PluginFailure("The plugin " + library_->name + " refused to order flags.");
    }
    json actions(const json& patient, std::int64_t now) override {
        return ask("actions", library_->table->actions, patient, now);
    }
    json panel(const json& request, std::int64_t now) override {
        return ask("panel", library_->table->panel, request, now);
    }
    json check(const json& response, std::int64_t now) override {
        return ask("check", library_->table->check, response, now);
    }
    json summary(const json& plan, std::int64_t now) override {
        return ask("summary", library_->table->summary, plan, now);
    }
    json write_back(const json& plan, std::int64_t now) override {
        return ask("write-back", library_->table->write_back, plan, now);
    }

private:
    template <typename Function>
    json ask(const char* what, Function function, const json& document, std::int64_t now) {
        const std::string text = document.dump();
        return text_answer(*library_, what, [&](char* out, std::uint64_t capacity, std::uint64_t* length) {
            return function(handle_, text.data(), text.size(), now, out, capacity, length);
        });
    }

    std::shared_ptr<Library> library_;
    std::uint64_t handle_;
};

class LoadedPlugin : public Plugin {
public:
    explicit LoadedPlugin(std::shared_ptr<Library> library) : library_(std::move(library)) {}
    const PluginFacts& facts() const override { return library_->facts; }
    std::unique_ptr<Policy> open(const json& session) override {
        const std::string text = session.dump();
        std::uint64_t handle = 0;
        const std::lock_guard lock(library_->one_call);
        const auto status = library_->table->open(text.data(), text.size(), &handle);
        if (status >= 100 || handle == 0)
            throw PluginFailure("The plugin " + library_->name + " refused to serve this session.");
        return std::make_unique<LoadedPolicy>(library_, handle);
    }

private:
    std::shared_ptr<Library> library_;
};

bool complete(const careplug_policy& table) {
    return table.size >= sizeof(careplug_policy) && table.describe && table.open && table.close &&
           table.flags && table.actions && table.panel && table.check && table.summary && table.write_back;
}

}  // namespace

std::shared_ptr<Plugin> load_plugin(const std::string& file) {
    const auto library = std::make_shared<Library>();
    library->name = std::filesystem::path(file).filename().string();
    std::error_code failed;
    if (!std::filesystem::exists(file, failed))
        throw PluginFailure("The plugin file " + file +
                            " does not exist: correct \"plugins\" or \"kinds\" in the settings.");
    library->file.load(file, failed, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    if (failed)
        throw PluginFailure("The plugin file " + file +
                            " cannot be loaded: it is no library for this computer. Install it again.");
    if (!library->file.has("careplug_entry"))
        throw PluginFailure("The file " + file +
                            " is no Careplug plugin: it has no careplug_entry. Install the plugin again.");
    careplug_plugin_offer offer{sizeof offer, CAREPLUG_ABI_MAJOR, CAREPLUG_ABI_MINOR, CAREPLUG_ABI_CANDIDATE};
    careplug_plugin_answer answer{};
    answer.size = sizeof answer;
    const auto entry = library->file.get<decltype(careplug_entry)>("careplug_entry");
    const auto status = entry(&offer, &answer);
    const bool same =
        answer.major == offer.major && answer.minor == offer.minor && answer.candidate == offer.candidate;
    if (status >= 100 || !same || answer.policy == nullptr) {
        const std::string said = shown(answer.sentence);
        throw PluginFailure("The plugin " + library->name + " speaks another version than this engine. " +
                            (said.empty() ? "Install plugin and engine of one release." : said));
    }
    if (!complete(*answer.policy))
        throw PluginFailure("The plugin " + library->name +
                            " lacks functions of the contract. Install it again.");
    library->table = answer.policy;
    const json facts =
        text_answer(*library, "describe", [&](char* out, std::uint64_t capacity, std::uint64_t* length) {
            return library->table->describe(out, capacity, length);
        });
    library->facts = {facts.value("id", std::string()), facts.value("version", std::string()),
                      facts.value("view", std::string())};
    if (library->facts.id.empty() || library->facts.view.empty())
        throw PluginFailure("The plugin " + library->name +
                            " does not say its id and view. Install it again.");
    return std::make_shared<LoadedPlugin>(library);
}

}  // namespace careplug::engine
