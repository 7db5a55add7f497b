#include <careplug/wire/version.h>

#include "entry.h"

using namespace careplug::loader;
using careplug::wire::Function;
using careplug::wire::spoken_by_both;
using careplug::wire::this_version;
using careplug::wire::Version;
using careplug::wire::words;

namespace {

constexpr std::string_view usual_settings = "/etc/careplug/settings.json";

Version version_of(const careplug_offer& offer) {
    return {offer.major, offer.minor, offer.candidate};
}

Answer no_common_version(const Version& offered) {
    return refusal(CAREPLUG_REFUSED_VERSION,
                   "This program speaks Careplug " + words(offered) + " and the installed Careplug speaks " +
                       words(this_version()) +
                       ". Ask your administrator to install the version that fits this program.");
}

// At most what fits with its NUL, and no character cut in two.
void put_sentence(careplug_answer& answer, std::string_view sentence) {
    std::size_t length = std::min(sentence.size(), sizeof answer.sentence - 1);
    while (length < sentence.size() && length > 0 &&
           (static_cast<unsigned char>(sentence[length]) & 0xC0) == 0x80)
        --length;
    std::memcpy(answer.sentence, sentence.data(), length);
}

}  // namespace

careplug_status careplug_open(const careplug_offer* offer, careplug_answer* answer, const char* host_name,
                              uint64_t host_name_length, const char* settings, uint64_t settings_length,
                              careplug_handle* loader, careplug_handle* problem) {
    without_exceptions([] {
        trace().configure();
        return CAREPLUG_OK;
    });
    return guarded<Function::open>([&] {
        Outs outs(problem, loader);
        Check check(Function::open);
        check.needed(loader, "loader");
        check.record(offer, "offer");
        const std::uint32_t answer_size = check.record(answer, "answer");
        const std::string_view name = check.text(host_name, host_name_length, "host_name");
        const std::string_view path = check.text(settings, settings_length, "settings");

        auto opened = std::make_shared<Loader>();
        std::optional<Version> picked;
        if (check.ok()) picked = spoken_by_both(this_version(), version_of(*offer));
        Answer result = !check.ok() ? check.refused()
                        : picked    ? Answer{}
                                    : no_common_version(version_of(*offer));
        if (picked)
            result = opened->open(std::string(name), std::string(path.empty() ? usual_settings : path));

        careplug_answer filled{};
        if (result.status >= CAREPLUG_REFUSED) {
            opened->close();
            put_sentence(filled, result.problem.empty() ? usual_sentence(result.status) : result.problem);
        } else {
            filled.major = picked->major;
            filled.minor = picked->minor;
            filled.candidate = picked->candidate;
            *loader = handles().add(std::move(opened));
        }
        if (answer_size != 0) fill_record(answer, filled, answer_size);
        return outs.give(std::move(result));
    });
}

careplug_status careplug_close(careplug_handle loader) {
    return guarded<Function::close>([&] {
        Outs outs;
        auto found = handles().find<Loader>(loader);
        if (!found) return outs.give(wrong_handle(Function::close, found));
        // Two threads may close at once: one of them does.
        if (!handles().remove(loader, Function::close))
            return outs.give(wrong_handle(Function::close, handles().find<Loader>(loader)));
        found.object->close();
        return careplug_status{CAREPLUG_OK};
    });
}

careplug_status careplug_result(careplug_handle result, const char** data, uint64_t* length) {
    return guarded<Function::result>([&] {
        if (data) *data = nullptr;
        if (length) *length = 0;
        Outs outs;
        if (!data || !length) return outs.give(wrong_argument(Function::result, "data or length is null"));
        const auto found = handles().find<Result>(result);
        std::shared_ptr<Text> text = found.object;
        if (!text && found.actual == Kind::problem) text = handles().find<Problem>(result).object;
        if (!text) return outs.give(wrong_handle(Function::result, found));
        if (trace().on()) [[unlikely]]
            trace().handed("read " + std::to_string(result));
        *data = text->text.c_str();
        *length = text->text.size();
        return careplug_status{CAREPLUG_OK};
    });
}

careplug_status careplug_problem_detail(careplug_handle problem, const char** data, uint64_t* length) {
    return guarded<Function::problem_detail>([&] {
        if (data) *data = nullptr;
        if (length) *length = 0;
        Outs outs;
        if (!data || !length)
            return outs.give(wrong_argument(Function::problem_detail, "data or length is null"));
        const auto found = handles().find<Problem>(problem);
        if (!found) return outs.give(wrong_handle(Function::problem_detail, found));
        *data = found.object->detail.c_str();
        *length = found.object->detail.size();
        return careplug_status{CAREPLUG_OK};
    });
}

careplug_status careplug_release(careplug_handle handle) {
    return guarded<Function::release>([&] {
        const Kind kind = handles().kind(handle);
        const bool releasable = kind == Kind::result || kind == Kind::problem || kind == Kind::operation;
        if (releasable && handles().remove(handle, Function::release)) return careplug_status{CAREPLUG_OK};
        return Outs().give(wrong_handle(Function::release, handles().find<Result>(handle)));
    });
}
