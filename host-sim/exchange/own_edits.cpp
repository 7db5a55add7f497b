#include "own_edits.h"

#include <careplug/controls/controls.h>
#include <careplug/plan/fhir.h>
#include <careplug/plan/own_plan.h>

#include <algorithm>

#include "own_plan.h"
#include "rule_context.h"
#include "search_index.h"
#include "times.h"

namespace careplug::exchange {

namespace {

using nlohmann::json;

// Whose it is, as it is asked for and as it was; the same answer for everybody else's, there or not.
void check_own(OwnPlan& own, Transaction& transaction, const WriteRequest& request) {
    const auto& type = request.type->name;
    if (request.is_create || (type != "CarePlan" && type != "QuestionnaireResponse" && type != "Task"))
        throw Problem(403, "forbidden",
                      "You can change your own sections of your plan and suggest other changes, and write "
                      "nothing else here.");
    if (!control::on("H17.own-plan-alone")) return;
    const auto subject = request.body.find(type == "Task" ? "for" : "subject");
    const bool named =
        subject != request.body.end() && own.patients().contains(text_of(*subject, "reference"));
    const auto before = transaction.read(type, request.id);
    if (!named || (before && !own.is_about(*before)))
        throw Problem(403, "forbidden", "You can write of your own plan alone.");
}

WriteRequest* revision_asked(std::vector<WriteRequest>& requests, const json& care_plan) {
    std::string id;
    for (const json* info : elements_at(care_plan, "supportingInfo"))
        id = id_of_reference(*info, "QuestionnaireResponse");
    const auto found = std::find_if(requests.begin(), requests.end(), [&](const WriteRequest& each) {
        return each.type->name == "QuestionnaireResponse" && each.id == id;
    });
    return found == requests.end() ? nullptr : &*found;
}

void complete(const plan::Actor& actor, const DataSets& data_sets, Transaction& transaction,
              ParsedBodies& bodies, std::vector<WriteRequest>& requests, std::size_t place,
              std::vector<WriteRequest>& flags) {
    WriteRequest& request = requests[place];
    const auto before = transaction.read("CarePlan", request.id);
    if (!before)
        throw Problem(403, "forbidden",
                      "A first plan is made with your care team. " + plan::who_may_approve());
    if (request.if_match != before->etag())
        throw Problem(412, "conflict", "Your plan has changed since it was read: read it, then try again.");
    const auto kept = bodies.of(*before);
    const auto* data_set = data_sets.find(plan::fhir::data_set_of(*kept));
    WriteRequest* asked = revision_asked(requests, request.body);
    if (data_set == nullptr || asked == nullptr ||
        text_of(asked->body, "questionnaire") != data_set->canonical())
        refuse_rule("Changing your plan needs a new revision, of the form that the plan is written in.");
    const auto was = plan::fhir::read_plan(*data_set, *kept);
    if (was.status != plan::PlanStatus::active)
        refuse_rule("A plan that is " + plan::words(was.status) + " takes no new revision.");
    const auto published = transaction.read("QuestionnaireResponse", was.revision_id);
    if (!published) refuse_rule("The revision that the plan points to is not on this server.");
    const auto answers = plan::fhir::read_revision(*data_set, *bodies.of(*published));
    const auto given = understood([&] { return plan::fhir::read_revision(*data_set, asked->body); });
    const auto edit = plan::own_edit(*data_set, actor, answers, given, day(transaction.now()));
    if (!edit.refused.empty()) throw Problem(403, edit.refused);
    asked->body.erase("item");
    if (auto items = plan::fhir::write_items(*data_set, edit.answers); !items.empty())
        asked->body["item"] = std::move(items);

    auto now = was;
    now.revision = was.revision + 1;
    now.revision_id = asked->id;
    now.amended = text_of(asked->body, "authored");
    now.author = actor.words();
    now.organisation.clear();
    for (auto* said : {&now.status_date, &now.status_since, &now.status_by, &now.status_organisation})
        said->clear();  // of a plan that was reopened
    now.summary = plan::fhir::summary_of(*data_set, edit.answers);
    if (!control::on("H17.keeps-approver")) now.approver = actor.words();
    request.body = plan::fhir::write_plan(*data_set, now);
    for (auto& flag : plan::fhir::flag_resources(*data_set, &was, now, now.amended, day(transaction.now()))) {
        WriteRequest made;
        made.type = &resource_type("Flag");
        made.id = text_of(flag, "id");
        made.body = std::move(flag);
        flags.push_back(std::move(made));
    }
}

}  // namespace

void complete_own_edit(const plan::Actor& actor, const DataSets& data_sets, Transaction& transaction,
                       ParsedBodies& bodies, std::vector<WriteRequest>& requests) {
    OwnPlan own(transaction, data_sets, actor);
    for (const auto& request : requests) check_own(own, transaction, request);
    std::vector<WriteRequest> flags;
    for (std::size_t place = 0; place < requests.size(); ++place)
        if (requests[place].type->name == "CarePlan")
            complete(actor, data_sets, transaction, bodies, requests, place, flags);
    // After those that were asked for, so that each of these keeps its place in the answer.
    std::move(flags.begin(), flags.end(), std::back_inserter(requests));
}

}  // namespace careplug::exchange
