#include "crashes/author_work.h"

#include <unistd.h>

#include <stdexcept>

namespace careplug::test {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds patience{90};

// The text answer of a question, however deep it lies.
std::string answer_to(const json& items, const std::string& link_id) {
    for (const auto& item : items) {
        if (item.value("linkId", std::string()) == link_id && item.contains("answer"))
            return item.at("answer").at(0).value("valueString", std::string());
        if (!item.contains("item")) continue;
        if (std::string found = answer_to(item.at("item"), link_id); !found.empty()) return found;
    }
    return {};
}

}  // namespace

Work::Work(Exchange& exchange, std::filesystem::path folder, SignedIn who,
           const careplug_patient_key& patient, unsigned seed, long next, int pipe)
    : exchange_(exchange),
      folder_(std::move(folder)),
      who_(std::move(who)),
      key_(patient),
      random_(seed),
      next_(next),
      pipe_(pipe) {}

void Work::tell(const std::string& line) const {
    const std::string whole = line + "\n";
    if (::write(pipe_, whole.data(), whole.size()) < 0) ::_exit(2);
}

void Work::begin(const char* kind, const std::string& more) const {
    tell(std::string("begin ") + kind + " " + std::to_string(monotonic_nanoseconds()) + " 0 " + more);
}

void Work::end(const char* kind, careplug_status status, const std::string& more) const {
    tell(std::string("end ") + kind + " " + std::to_string(monotonic_nanoseconds()) + " " +
         std::to_string(status) + " " + more);
}

json Work::engine() const {
    const Outcome said = TestHost::call(careplug_session_state, host_->session());
    return said.status < 100 ? said.json() : json{{"engine", {{"process", 0}}}, {"queued", -1}};
}

void Work::tell_engine() {
    tell("engine " + std::to_string(engine().at("engine").at("process").get<long>()));
}

// Plan and record have arrived.
bool Work::form_arrives() {
    Outcome view;
    host_->pump_until(
        [&] {
            view = TestHost::view(panel_);
            if (view.status >= 100) return view.status == CAREPLUG_REFUSED_HANDLE;
            return view.json().at("plan") != "loading" && view.json().at("record") != "awaited";
        },
        patience);
    return view.status < 100;
}

// Over the draft where there is one.
bool Work::open_form() {
    if (panel_ != 0) {
        const Outcome view = TestHost::view(panel_);
        if (view.status < 100 && view.json().at("mode") == "edit") return form_arrives();
        if (view.status == CAREPLUG_REFUSED_HANDLE) patient_ = 0;
        careplug_panel_close(panel_);
        panel_ = 0;
    }
    if (patient_ != 0 && TestHost::call(careplug_actions, patient_).status == CAREPLUG_REFUSED_HANDLE)
        patient_ = 0;
    if (patient_ == 0 && host_->open_patient(key_, "Test, Patient", patient_).status >= 100) {
        patient_ = 0;
        return false;
    }
    for (const char* action : {"continue", "edit", "create"})
        if (host_->open_panel(patient_, action, panel_).status < 100) return form_arrives();
    panel_ = 0;
    return false;
}

bool Work::type() {
    const std::size_t question = random_() % questions.size();
    const long number = next_++;
    json items = json::array({worded(questions[question], std::to_string(number))});
    if (!core_answered_)
        for (const json& answer : core_answers()) items.push_back(answer);
    const std::string what = std::to_string(question) + " " + std::to_string(number);
    begin("type", what);
    const Outcome typed = TestHost::update(panel_, items);
    end("type", typed.status, what + " " + typed.problem);
    if (typed.status < 100) core_answered_ = true;
    return typed.status < 100;
}

void Work::publish() {
    careplug_handle operation = 0;
    careplug_handle problem = 0;
    begin("submit");
    const careplug_status status =
        careplug_panel_submit(panel_, CAREPLUG_INTENT_PUBLISH, &operation, &problem);
    const char* words = "";
    std::uint64_t length = 0;
    if (problem != 0) careplug_result(problem, &words, &length);
    end("submit", status, "0 0 " + std::string(words, length));
    careplug_release(problem);
    if (status >= 100) return;
    begin("share");
    std::optional<PulledEvent> told;
    host_->pump_until(
        [&] {
            told = host_->kept(CAREPLUG_EVENT_OPERATION);
            return told.has_value();
        },
        patience);
    if (!told || told->record.subject != operation) throw std::runtime_error("no word of the operation");
    end("share", told->record.status, "0 0 " + told->body);
    careplug_release(operation);
}

// Until nothing waits to be sent and the form can be read: then it is said what is there.
void Work::settle() {
    json seen;
    const bool rested = host_->pump_until(
        [&] {
            seen = engine();
            const bool known = host_->flags(key_).knowledge != CAREPLUG_KNOWLEDGE_NOT_KNOWN;
            return known && seen.at("queued") == 0 && open_form();
        },
        patience);
    if (!rested) throw std::runtime_error("it did not come to rest: " + seen.dump());
    if (host_->kept(CAREPLUG_EVENT_OPERATION)) throw std::runtime_error("an operation was completed twice");
    const Outcome response = TestHost::call(careplug_panel_response, panel_);
    if (response.status >= 100) throw std::runtime_error("the form cannot be read: " + response.problem);
    std::string holds = "holds";
    for (const char* question : questions) {
        const std::string answer = answer_to(response.json().at("item"), question);
        holds += " " + (answer.empty() ? "0" : answer);
    }
    core_answered_ = !answer_to(response.json().at("item"), "dx.primary").empty();
    tell(holds);
    // The loader waits ever longer between starts: a new one begins anew.
    if (seen.at("engine").value("restarts", 0) >= 2) {
        host_->close();
        patient_ = panel_ = 0;
        host_->open();
        host_->watch({key_});
    }
}

void Work::run(std::atomic<int>& asked, std::atomic<int>& go) {
    begin("start");
    host_ = std::make_unique<TestHost>(exchange_, folder_, "gp", who_);
    host_->watch({key_});
    end("start", CAREPLUG_OK);
    tell_engine();
    int settled = -1;  // at the beginning too
    for (;;) {
        if (const int wanted = asked; wanted != settled) {
            settle();
            settled = wanted;
            while (go < wanted) ::usleep(500);
            tell_engine();
        }
        begin("open");
        const bool opened = open_form();
        end("open", opened ? CAREPLUG_OK : CAREPLUG_REFUSED);
        if (!opened) {
            bool pulled = false;
            host_->pump_until([&] { return std::exchange(pulled, true); });
            continue;
        }
        // The same answers are never published twice on purpose.
        bool typed = false;
        for (unsigned times = 1 + static_cast<unsigned>(random_() % 3); times > 0; --times) typed = type();
        if (typed && asked == settled) publish();
    }
}

}  // namespace careplug::test
