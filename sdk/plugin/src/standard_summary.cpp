#include <careplug/controls/controls.h>
#include <careplug/plan/flags.h>
#include <careplug/plan/nhs_number.h>
#include <careplug/plan/own_plan.h>
#include <careplug/plan/rules.h>
#include <careplug/plugin/standard.h>
#include <algorithm>

namespace careplug::plugin {

namespace {

using plan::Field;

struct Line {
    std::string label;
    std::string text;
};

std::string escaped(std::string_view text) {
    if (!control::on("H10.markup-is-text")) return std::string(text);
    std::string out;
    for (const char c : text) switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    return out;
}

bool holds_sensitive(const Field& field) {
    return !field.sensitive.empty() || std::any_of(field.items.begin(), field.items.end(), holds_sensitive);
}

std::string words_of(const PlanDocument& document, const Field& field) {
    if (!document.answers.has(field.link_id))
        return control::on("H3.print-says-not-recorded") ? "not recorded" : "";
    // What is masked on the screen is not given away by a printed summary (hazard H12).
    if (holds_sensitive(field) && control::on("H12.masked-in-print"))
        return "recorded; open it in the plan to read it";
    return plan::display(*document.data_set, document.answers, field.link_id);
}

std::vector<Line> first_screen(const PlanDocument& document, const std::string& view, const Now& now) {
    const plan::RuleContext context{*document.data_set, document.answers, now.today()};
    std::vector<Line> lines;
    const auto summary = document.data_set->summaries.find(view);
    if (summary == document.data_set->summaries.end()) return lines;
    for (const std::string& link_id : summary->second) {
        const Field* field = document.data_set->find(link_id);
        if (field == nullptr || field->hidden) continue;
        if (!field->shown_in.empty() &&
            std::find(field->shown_in.begin(), field->shown_in.end(), view) == field->shown_in.end())
            continue;
        // Nobody says "not recorded" of what may be withheld from whom this page is for (hazard H17).
        if (view == "patient" && !document.answers.has(link_id) && plan::may_be_withheld(*field) &&
            control::on("H17.left-out-not-empty"))
            continue;
        // A question that was not asked of this person has nothing to say, unless it was answered.
        if (!document.answers.has(link_id) && !plan::enabled(*field, context)) continue;
        lines.push_back({field->label(), words_of(document, *field)});
    }
    return lines;
}

std::string person(const PlanDocument& document) {
    if (!control::on("H1.print-names-person")) return {};
    const plan::Answers& answers = document.answers;
    const auto words = [&](const char* link_id) {
        return document.data_set->find(link_id) != nullptr && answers.has(link_id)
                   ? plan::display(*document.data_set, answers, link_id)
                   : std::string("not recorded");
    };
    return words("dem.family") + ", " + words("dem.given") + "; born " + words("dem.dob") + "; NHS number " +
           plan::grouped(words("dem.nhs"));
}

// Empty where the content may be read.
std::string why_withheld(const std::string& status) {
    if (status == "active" || status == "completed" || !control::on("H8.print-withheld")) return {};
    if (status == "on-hold")
        return "This plan is suspended: consent to share it was withdrawn. Whether there is a CPR decision "
               "is not "
               "known here: look for the paper form.";
    if (status == "entered-in-error")
        return "This plan was entered in error. Do not rely on what was read in it.";
    return "The state of this plan is not known here. Do not rely on this summary.";
}

std::string provenance(const PlanDocument& document) {
    std::string words = "Revision " + std::to_string(document.revision) + ", amended " +
                        (document.amended.empty() ? "at a time not known" : document.amended);
    if (!document.author.empty()) words += " by " + document.author;
    words += document.approver.empty() ? "; approver not recorded" : "; approved by " + document.approver;
    if (document.status == "completed") words += ". This plan is closed: the person died";
    return words + ".";
}

}  // namespace

Summary standard_summary(const PlanDocument& document, const std::string& view, const Now& now) {
    const std::string title = document.data_set->title;
    const std::string valid =
        !control::on("H2.print-says-as-of") ? ""
        : document.checked.empty()
            ? "It is not known when this was last checked: open the plan again before relying on it."
            : "Valid as of " + document.checked + ". Open the plan again before relying on a copy.";
    const std::string withheld = why_withheld(document.status);
    Summary summary;
    summary.valid_as_of = document.checked;
    summary.text = title + "\n" + person(document) + "\n" + valid + "\n";
    summary.html = "<article class=\"careplug-summary\"><h2>" + escaped(title) + "</h2><p dir=\"auto\">" +
                   escaped(person(document)) + "</p><p>" + escaped(valid) + "</p>";
    if (!withheld.empty()) {
        summary.text += "\n" + withheld + "\n";
        summary.html += "<p><strong>" + escaped(withheld) + "</strong></p></article>";
        return summary;
    }
    summary.text += provenance(document) + "\n\n";
    summary.html += "<p dir=\"auto\">" + escaped(provenance(document)) + "</p><dl>";
    for (const Line& line : first_screen(document, view, now)) {
        summary.text += line.label + ": " + line.text + "\n";
        // Words of another script keep their own direction and cannot reorder the label.
        summary.html +=
            "<dt>" + escaped(line.label) + "</dt><dd dir=\"auto\">" + escaped(line.text) + "</dd>";
    }
    summary.html += "</dl></article>";
    return summary;
}

}  // namespace careplug::plugin
