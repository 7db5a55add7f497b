// Requirements about text out, documents in, and handles.
#include <ctime>
#include <random>

#include "guarded_memory.h"
#include "requirement_tests.h"
#include "samples.h"
#include "scene.h"
#include "text.h"

namespace careplug::tools::calls {

namespace {

void refused_with_a_sentence(const Answer& answer, const std::string& function, const std::string& what) {
    expect(answer.refused(), function + " answered " + std::to_string(answer.status) + " to " + what + ".");
    expect(!answer.text.empty() && valid_utf8(answer.text),
           function + " refused " + what + " without a sentence.");
}

// Every function of the policy is asked for this document.
void all_refuse(const Trial& trial, const std::string& document, const std::string& what) {
    const Scene scene(trial);
    for (const NamedFunction& each : document_functions)
        refused_with_a_sentence(scene.policy.ask(each, document), each.name, what);
}

}  // namespace

void opens_a_session(const Trial& trial) {
    const Documents documents(trial.datasets);
    const Library library(trial.plugin);
    const careplug_policy& table = table_of(library);
    const std::string session = documents.session(view_of(table)).dump();
    std::uint64_t handle = 0;
    const careplug_status status = table.open(session.data(), session.size(), &handle);
    expect(status >= 0 && status < 100,
           "open answered " + std::to_string(status) + " to a session of the plugin's own view.");
    expect(handle != 0, "open gave the handle 0, which means none.");
    table.close(handle);
}

void refuses_a_bad_session(const Trial& trial) {
    const Scene scene(trial);
    for (const std::string session :
         {"", "[]", "{\"view\": 3}", "{\"data_sets\": [7]}", "{\"view\": \"\xFF\"}",
          "{\"data_sets\": [{\"resourceType\": \"Patient\"}]}"}) {
        std::uint64_t handle = 77;
        const careplug_status status = scene.table.open(session.data(), session.size(), &handle);
        expect(status >= 100 && status < 200,
               "open answered " + std::to_string(status) + " to the session " + excerpt(session));
        expect(handle == 0, "open refused a session and left a handle that is not 0.");
    }
}

void tells_the_length(const Trial& trial) {
    const Scene scene(trial);
    for (const Sample& sample : ordinary_samples(scene)) {
        const Answer whole = sample.ask(scene.policy);
        std::uint64_t length = 0;
        const careplug_status status =
            (scene.table.*sample.function.function)(scene.policy.handle(), sample.document.data(),
                                                    sample.document.size(), usual_time, nullptr, 0, &length);
        expect(status == whole.status && length == whole.text.size(),
               std::string(sample.function.name) + " needs " + std::to_string(whole.text.size()) +
                   " bytes, and says " + std::to_string(length) + " when it has no room.");
    }
}

void fills_exact_room(const Trial& trial) {
    const Scene scene(trial);
    for (const Sample& sample : ordinary_samples(scene)) {
        const Answer whole = sample.ask(scene.policy);
        GuardedMemory out(whole.text.size());
        std::uint64_t length = 0;
        (scene.table.*sample.function.function)(scene.policy.handle(), sample.document.data(),
                                                sample.document.size(), usual_time, out.data(), out.size(),
                                                &length);
        expect(length == whole.text.size() && out.text() == whole.text,
               std::string(sample.function.name) + " gives another answer into exactly enough room.");
    }
}

void writes_within_capacity(const Trial& trial) {
    const Scene scene(trial);
    for (const Sample& sample : ordinary_samples(scene)) {
        const std::size_t need = sample.ask(scene.policy).text.size();
        for (const std::size_t capacity : {std::size_t{1}, need / 2, need - 1}) {
            GuardedMemory out(capacity);
            std::uint64_t length = 0;
            (scene.table.*sample.function.function)(scene.policy.handle(), sample.document.data(),
                                                    sample.document.size(), usual_time, out.data(), capacity,
                                                    &length);
            expect(out.front_untouched(),
                   std::string(sample.function.name) + " wrote before the room it was given.");
            expect(length == need, std::string(sample.function.name) + " needs " + std::to_string(need) +
                                       " bytes, and says " + std::to_string(length) + " when it has " +
                                       std::to_string(capacity) + ".");
        }
    }
}

void refuses_null_results(const Trial& trial) {
    const Scene scene(trial);
    for (const Sample& sample : ordinary_samples(scene)) {
        const auto function = scene.table.*sample.function.function;
        const auto handle = scene.policy.handle();
        std::uint64_t length = 0;
        char out[16];
        expect(function(handle, sample.document.data(), sample.document.size(), usual_time, out, sizeof out,
                        nullptr) >= 100,
               std::string(sample.function.name) + " accepted a null length.");
        expect(function(handle, sample.document.data(), sample.document.size(), usual_time, nullptr, 16,
                        &length) >= 100,
               std::string(sample.function.name) + " accepted null for 16 bytes of room.");
        expect(function(handle, nullptr, 16, usual_time, out, sizeof out, &length) >= 100,
               std::string(sample.function.name) + " accepted null for a document of 16 bytes.");
    }
}

void reads_no_further_than_told(const Trial& trial) {
    const Scene scene(trial);
    for (const Sample& sample : ordinary_samples(scene)) {
        const GuardedMemory document(sample.document);
        const Answer answer =
            tools::ask(scene.table.*sample.function.function, scene.policy.handle(), document.text());
        expect(answer.text == sample.ask(scene.policy).text,
               std::string(sample.function.name) + " answers otherwise where no NUL follows the document.");
    }
}

void refuses_what_is_no_json(const Trial& trial) {
    const Scene scene(trial);
    for (const std::string document : {"no JSON", "[\"a\"]", "\"a\"", "7", "{\"a\": }", "{} {}"})
        for (const NamedFunction& each : document_functions)
            refused_with_a_sentence(scene.policy.ask(each, document), each.name, "the document " + document);
}

void refuses_truncated_documents(const Trial& trial) {
    const Scene scene(trial);
    std::mt19937_64 random(trial.seed);
    for (const Sample& sample : ordinary_samples(scene))
        for (int i = 0; i < 12; ++i) {
            const std::string part = sample.document.substr(0, 1 + random() % (sample.document.size() - 1));
            refused_with_a_sentence(scene.policy.ask(sample.function, part), sample.function.name,
                                    "a document cut after " + std::to_string(part.size()) + " bytes");
        }
}

void refuses_an_absent_document(const Trial& trial) {
    const Scene scene(trial);
    for (const NamedFunction& each : document_functions)
        refused_with_a_sentence(
            tools::ask(scene.table.*each.function, scene.policy.handle(), std::string_view{}), each.name,
            "an absent document");
}

void refuses_invalid_utf8(const Trial& trial) {
    const Scene scene(trial);
    for (const std::string bytes : {"\xC3\x28", "\xED\xA0\x80", "\xFF", "\xC0\x80", "\xF5\x80\x80\x80"})
        for (const NamedFunction& each : document_functions)
            refused_with_a_sentence(scene.policy.ask(each, "{\"action\": \"" + bytes + "\"}"), each.name,
                                    "a document that is no UTF-8");
}

void refuses_nul(const Trial& trial) {
    all_refuse(trial, std::string("{\"action\": \"a\0b\"}", 17), "a document that holds a NUL byte");
}

void refuses_deep_nesting(const Trial& trial) {
    all_refuse(trial, "{\"a\": " + std::string(200'000, '[') + std::string(200'000, ']') + "}",
               "a document nested 200 000 deep");
}

void refuses_oversized_documents(const Trial& trial) {
    all_refuse(trial, "{\"action\": \"" + std::string(17 * 1024 * 1024, 'x') + "\"}", "a document of 17 MB");
}

void survives_wrong_shapes(const Trial& trial) {
    const Scene scene(trial);
    std::mt19937_64 random(trial.seed);
    const auto samples = ordinary_samples(scene);
    for (int round = 0; round < 30; ++round)
        for (const Sample& sample : samples) {
            const std::string document = with_wrong_shapes(sample.document, random);
            const Answer answer = scene.policy.ask(sample.function, document);
            expect(answer.status >= 0 && answer.status < 300, std::string(sample.function.name) +
                                                                  " answered the status " +
                                                                  std::to_string(answer.status) + ".");
            expect(valid_utf8(answer.text),
                   std::string(sample.function.name) + " answered bytes that are no UTF-8.");
            if (answer.ok()) object_in(answer, sample.function.name);
        }
}

void refusals_quote_nobody(const Trial& trial) {
    const Scene scene(trial);
    const std::string marker = "Zyxwvut";
    for (const std::string& document :
         {"{\"" + marker + "\": ", "\"" + marker + "\"",
          "{\"action\": \"" + marker + "\", \"data_set\": \"" + marker + "\"}",
          "{\"knowledge\": [\"" + marker + "\"], \"header\": \"" + marker + "\", \"item\": \"" + marker +
              "\", \"action\": 7, \"response\": \"" + marker + "\"}"})
        for (const NamedFunction& each : document_functions) {
            const Answer answer = scene.policy.ask(each, document);
            expect(answer.ok() || !contains(answer.text, marker),
                   std::string(each.name) + " quotes the document in its refusal: " + excerpt(answer.text));
        }
}

void survives_impossible_times(const Trial& trial) {
    const Scene scene(trial);
    for (const Sample& sample : ordinary_samples(scene))
        for (const std::int64_t now : {INT64_MIN, INT64_MAX, std::int64_t{-1}, std::int64_t{0}}) {
            const Answer answer = scene.policy.ask(sample.function, sample.document, now);
            expect(answer.status >= 0 && answer.status < 200,
                   std::string(sample.function.name) + " answered " + std::to_string(answer.status) +
                       " at the time " + std::to_string(now) + ".");
        }
}

void refuses_unknown_handles(const Trial& trial) {
    const Scene scene(trial);
    const std::uint64_t live = scene.policy.handle();
    for (const Sample& sample : ordinary_samples(scene))
        for (const std::uint64_t handle :
             {std::uint64_t{0}, live ^ (std::uint64_t{1} << 40), live + 1, std::uint64_t{UINT64_MAX}})
            expect(tools::ask(scene.table.*sample.function.function, handle, sample.document).refused(),
                   std::string(sample.function.name) + " answered for a handle that was never given.");
}

void refuses_closed_handles(const Trial& trial) {
    Scene scene(trial);
    const auto samples = ordinary_samples(scene);
    const std::uint64_t closed = scene.policy.handle();
    scene.policy.close();
    const OpenPolicy successor(scene.table, scene.documents.session(scene.view));
    for (const Sample& sample : samples)
        expect(tools::ask(scene.table.*sample.function.function, closed, sample.document).refused(),
               std::string(sample.function.name) + " answered for a policy that was closed.");
    auto flags = scene.documents.flags({"plan", "dnacpr"});
    expect(scene.table.flags(closed, flags.data(), sizeof flags[0], flags.size(), usual_time) >= 100,
           "flags answered for a policy that was closed.");
}

void closing_twice_harms_nobody(const Trial& trial) {
    Scene scene(trial);
    const OpenPolicy other(scene.table, scene.documents.session(scene.view));
    const json patient = Documents::patient("plan", true);
    const std::string before = other.actions(patient).text;
    const std::uint64_t closed = scene.policy.handle();
    scene.policy.close();
    for (const std::uint64_t handle :
         {closed, std::uint64_t{0}, other.handle() ^ (std::uint64_t{1} << 40), std::uint64_t{UINT64_MAX}})
        scene.table.close(handle);
    const Answer after = other.actions(patient);
    expect(after.ok() && after.text == before,
           "Closing a closed handle changed or ended another open policy.");
}

void answers_in_time(const Trial& trial) {
    const Scene scene(trial);
    plan::Answers answers = scene.documents.answers();
    answers.set("tep.text", std::string(2'000'000, 'a'));
    std::vector<plan::Item> rows;
    for (int i = 0; i < 500; ++i)
        rows.push_back({"ppl.emergency",
                        {},
                        {{"ppl.emergency.name", {std::string("Contact ") + std::to_string(i)}, {}}}});
    answers.replace("ppl.emergency", std::move(rows));
    const json plan = scene.documents.plan_document(answers);
    const std::clock_t begun = std::clock();
    for (const Answer& answer :
         {scene.policy.summary(plan), scene.policy.write_back(plan), scene.policy.check(plan.at("response")),
          scene.policy.panel(scene.documents.panel_request("read", {{"published", plan.at("response")}}))})
        expect(answer.status < 200, "A long plan was answered " + std::to_string(answer.status) + ".");
    const double seconds = static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
    expect(seconds < 5,
           "Four calls with a long plan took " + std::to_string(seconds) + " seconds of processor time.");
}

}  // namespace careplug::tools::calls
