// The page that a host prints or files: the policy's words, under what must be known before reading them.
#include <nlohmann/json.hpp>

#include "session/session.h"
#include "system/times.h"

namespace careplug::engine {

using nlohmann::json;

namespace {

std::string escaped(const std::string& text) {
    std::string out;
    for (const char letter : text) {
        if (letter == '<')
            out += "&lt;";
        else if (letter == '>')
            out += "&gt;";
        else if (letter == '&')
            out += "&amp;";
        else
            out += letter;
    }
    return out;
}

json with_warnings(json summary, const std::vector<std::string>& warnings) {
    std::string text;
    std::string html;
    for (const auto& warning : warnings) {
        text += warning + "\n";
        html += "<p><strong>" + escaped(warning) + "</strong></p>";
    }
    if (warnings.empty()) return summary;
    summary["warnings"] = warnings;
    summary["text"] = text + summary.value("text", std::string());
    const std::string page = summary.value("html", std::string());
    // Within the article, so that whoever copies it copies the warning.
    const auto start = page.starts_with("<article") ? page.find('>') + 1 : 0;
    summary["html"] = page.substr(0, start) + html + page.substr(start);
    return summary;
}

}  // namespace

wire::Reply Session::panel_summary(Panel& one) {
    require_signed_in();
    require_may_show(one);
    if (one.emergency)
        throw Problem(CAREPLUG_REFUSED, "A plan that was opened in an emergency is not printed or copied.");
    const OpenPatient& owner = patients_.at(one.patient);
    if (one.loading || !one.base_plan)
        throw Problem(CAREPLUG_REFUSED, "The plan has not arrived, so there is nothing to sum up.");
    const plan::Plan& header = *one.base_plan;
    const Known& found = known(owner.checked.digits);
    // Its "checked" would be that of another revision.
    if (found.answer.plan && found.answer.plan->revision_id != header.revision_id)
        throw Problem(
            CAREPLUG_REFUSED,
            "A newer revision of this plan was published: open the plan again to read or print it.");
    Panel published = one;
    published.mode = Panel::Mode::read;
    published.answers = one.base;
    const json asked{{"header",
                      {{"revision", header.revision},
                       {"amended", header.amended},
                       {"checked", iso_time(found.answer.checked)},
                       {"author", header.author},
                       {"approver", header.approver},
                       {"status", plan::code(header.status)}}},
                     {"response", as_response(*one.data_set, shown_answers(published))}};
    wire::Reply reply;
    // A policy lays out what the plan says; what stands above it is not its to leave out (hazard H1).
    reply.result = with_warnings(policy_->summary(asked, now_ms()), identity_warnings(owner)).dump();
    return reply;
}

}  // namespace careplug::engine
