#include "answer_book.h"

#include <unistd.h>

#include "child.h"

namespace careplug::tools {

AnswerBook answer_book(const Documents& documents, const OpenPolicy& policy) {
    AnswerBook book;
    for (const Sample& sample : ordinary_samples(documents)) {
        const Answer answer = sample.ask(policy);
        book.push_back(std::string(sample.function.name) + " " + std::to_string(answer.status) + " " +
                       answer.text);
    }
    std::string flags = "flags";
    for (const careplug_policy_flag& flag : policy.order(documents.flags(
             {"plan", "dnacpr", "adrt", "lpa", "ceiling", "anticipatory", "staff-note", "own-draft"})))
        flags += " " + id_of(flag) + ":" + std::to_string(flag.order) + ":" + std::to_string(flag.covered);
    book.push_back(std::move(flags));
    return book;
}

AnswerBook answer_book(const Scene& scene) {
    return answer_book(scene.documents, scene.policy);
}

void expect_same(const AnswerBook& wanted, const AnswerBook& given, const std::string& otherwise) {
    expect(wanted.size() == given.size(), otherwise + " the plugin gives another number of answers.");
    for (std::size_t i = 0; i < wanted.size(); ++i)
        expect(wanted[i] == given[i], otherwise + " " + wanted[i].substr(0, wanted[i].find(' ')) +
                                          " answers otherwise to the same document.");
}

AnswerBook book_of_another_process(const Trial& trial, const std::vector<std::string>& environment,
                                   const std::string& folder) {
    Start start;
    start.arguments = {trial.program.string(), "write-answers", trial.plugin.string(),
                       trial.datasets.string()};
    start.environment = environment;
    start.folder = folder;
    start.limit = std::chrono::seconds(20);
    const Ended ended = run_process(start);
    if (!ended.started) throw NotRun("A second process could not be started.");
    expect(ended.signal == 0 && ended.exit_code == 0 && !ended.timed_out,
           "In another process the plugin did not come to the end of ordinary calls.");
    const json book = json::parse(ended.report, nullptr, false);
    if (!book.is_array()) throw NotRun("The second process gave no answers.");
    return book.get<AnswerBook>();
}

int write_book(const Trial& trial, int descriptor) {
    const std::string text =
        json(answer_book(Scene(trial))).dump(-1, ' ', false, json::error_handler_t::replace);
    for (std::size_t written = 0; written < text.size();) {
        const ssize_t count = write(descriptor, text.data() + written, text.size() - written);
        if (count <= 0) return 2;
        written += static_cast<std::size_t>(count);
    }
    _exit(0);
}

}  // namespace careplug::tools
