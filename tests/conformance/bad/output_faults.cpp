// Faults in checks, summaries and entries.
#include <functional>

#include "bad.h"

namespace careplug::bad {

namespace {

void change(Call& call, const char* function,
            const std::function<void(const json& request, json& answer)>& change_it) {
    if (!call.is(function) || !call.ok()) return;
    json answer = call.given();
    change_it(call.request(), answer);
    call.answer = answer.dump();
}

// In the summary's text and its HTML.
void replace_words(json& summary, const std::string& from, const std::string& to) {
    for (const char* part : {"text", "html"}) {
        std::string words = summary[part];
        replace_all(words, from, to);
        summary[part] = words;
    }
}

void add_line(json& summary, const std::string& words) {
    summary["text"] = summary["text"].get<std::string>() + words + "\n";
}

// Of the first answer to the question; empty where there is none.
std::string answered(const json& item, const std::string& id) {
    if (item.is_object() && item.value("linkId", json()) == id && item.contains("answer"))
        return item["answer"][0].value("valueString", "");
    if (item.is_structured())
        for (const json& part : item)
            if (const std::string found = answered(part, id); !found.empty()) return found;
    return "";
}

// Goes on as if nothing had been withdrawn.
void call_it_active(Call& call, const char* function) {
    json request = call.is(function) ? call.request() : json();
    if (!request.is_object() || !request.contains("header") || !request["header"].is_object()) return;
    request["header"]["status"] = "active";
    call.document = request.dump();
}

std::vector<Fault> checks() {
    std::vector<Fault> list;
    list.push_back({.id = "P-601", .after = [](Call& call) {
                        change(call, "check", [](const json&, json& outcome) {
                            outcome["issue"][0]["severity"] = "notice";
                        });
                    }});
    list.push_back({.id = "P-602", .after = [](Call& call) {
                        change(call, "check", [](const json&, json& outcome) {
                            outcome["issue"][0]["details"]["text"] = "";
                        });
                    }});
    list.push_back({.id = "P-603", .after = [](Call& call) {
                        change(call, "check", [](const json&, json& outcome) {
                            outcome["issue"][0]["expression"] = {
                                "QuestionnaireResponse.descendants().where(linkId='made.up')"};
                        });
                    }});
    return list;
}

std::vector<Fault> summaries() {
    std::vector<Fault> list;
    list.push_back({.id = "P-604", .after = [](Call& call) {
                        change(call, "summary",
                               [](const json&, json& summary) { summary["html"] = "<article></article>"; });
                    }});
    // Sends the reader to the plan for the one thing that matters.
    list.push_back({.id = "P-605", .after = [](Call& call) {
                        change(call, "summary", [](const json&, json& summary) {
                            replace_words(summary, "Not for attempted cardiopulmonary resuscitation",
                                          "recorded");
                        });
                    }});
    list.push_back({.id = "P-606", .after = [](Call& call) {
                        change(call, "summary", [](const json& request, json& summary) {
                            if (request.dump().find("\"cpr.decision\"") == std::string::npos)
                                add_line(summary, "CPR: For attempted cardiopulmonary resuscitation");
                        });
                    }});
    list.push_back({.id = "P-607", .after = [](Call& call) {
                        change(call, "summary", [](const json&, json& summary) {
                            replace_words(summary, "&lt;", "<");
                            replace_words(summary, "&gt;", ">");
                        });
                    }});
    list.push_back({.id = "P-608", .after = [](Call& call) {
                        change(call, "summary", [](const json&, json& summary) {
                            replace_words(
                                summary, "</article>",
                                "<link rel=\"stylesheet\" href=\"https://example.org/plan.css\"></article>");
                        });
                    }});
    list.push_back({.id = "P-609", .after = [](Call& call) {
                        change(call, "summary", [](const json&, json& summary) {
                            summary["valid_as_of"] = "2026-11-21T14:02:11Z";
                        });
                    }});
    list.push_back({.id = "P-610", .after = [](Call& call) {
                        change(call, "summary", [](const json& request, json& summary) {
                            const std::string number = answered(request, "dem.nhs");
                            if (number.size() == 10)
                                replace_words(
                                    summary,
                                    number.substr(0, 3) + " " + number.substr(3, 3) + " " + number.substr(6),
                                    "on file");
                        });
                    }});
    // Answers with words of the plan before.
    list.push_back({.id = "P-611", .after = [](Call& call) {
                        change(call, "summary", [](const json& request, json& summary) {
                            static std::string last;
                            const std::string now = answered(request, "dem.family");
                            if (!last.empty() && last != now) add_line(summary, "Family: " + last);
                            last = now;
                        });
                    }});
    list.push_back({.id = "P-612", .after = [](Call& call) {
                        change(call, "summary", [](const json& request, json& summary) {
                            add_line(summary, "Staff: " + answered(request, "risk.staff"));
                        });
                    }});
    list.push_back({.id = "P-613", .before = [](Call& call) { call_it_active(call, "summary"); }});
    list.push_back({.id = "P-614", .after = [](Call& call) {
                        change(call, "summary", [](const json&, json& summary) {
                            replace_words(summary, std::string(10'000, 'a'), "");
                        });
                    }});
    return list;
}

std::vector<Fault> entries() {
    std::vector<Fault> list;
    list.push_back({.id = "P-615", .after = [](Call& call) {
                        change(call, "write_back", [](const json&, json& filed) {
                            for (json& entry : filed["entries"]) entry["date"] = "";
                        });
                    }});
    // Files what nobody decided.
    list.push_back({.id = "P-616", .after = [](Call& call) {
                        change(call, "write_back", [](const json&, json& filed) {
                            if (filed["entries"].empty()) return;
                            json entry = filed["entries"][0];
                            entry["code"]["code"] = "450475007";
                            filed["entries"].push_back(entry);
                        });
                    }});
    list.push_back({.id = "P-617", .after = [](Call& call) {
                        if (call.is("write_back") && call.document.find("304253006") != std::string::npos)
                            replace_all(call.answer, "450476008", "304253006");
                    }});
    list.push_back({.id = "P-618", .after = [](Call& call) {
                        change(call, "write_back", [](const json&, json& filed) {
                            if (filed["entries"].empty()) return;
                            const json entry = filed["entries"][0];
                            filed["entries"].push_back(entry);
                        });
                    }});
    list.push_back({.id = "P-619", .before = [](Call& call) { call_it_active(call, "write_back"); }});
    return list;
}

}  // namespace

const std::vector<Fault>& faults_of_output() {
    static const std::vector<Fault> all = [] {
        auto list = checks();
        for (const auto& more : {summaries(), entries()}) list.insert(list.end(), more.begin(), more.end());
        return list;
    }();
    return all;
}

}  // namespace careplug::bad
