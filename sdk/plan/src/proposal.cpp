#include <careplug/controls/controls.h>
#include <careplug/plan/merge.h>
#include <careplug/plan/proposal.h>
#include <algorithm>
#include <map>

#include "text.h"

namespace careplug::plan {

namespace {

std::string sentence_of(ProposalStatus status) {
    switch (status) {
        case ProposalStatus::taken:
            return "This suggestion was taken into the plan already.";
        case ProposalStatus::declined:
            return "This suggestion was declined already.";
        case ProposalStatus::taken_back:
            return "This suggestion was taken back by who made it.";
        case ProposalStatus::requested:
            break;
    }
    return {};
}

}  // namespace

bool Proposal::is_by(const Actor& actor) const {
    return author_key == actor.issuer + "|" + actor.subject;
}

std::vector<Proposal> proposals_between(const DataSet& data_set, const Actor& actor, const Answers& read,
                                        const Answers& edited, const std::string& change) {
    std::vector<Proposal> made;
    std::map<std::string, std::size_t> places;  // by merge unit
    for (const Field* field : data_set.fields()) {
        if (!may_propose_field(actor, *field) || same(read, edited, field->link_id)) continue;
        const auto [place, is_new] = places.emplace(field->merge_unit, made.size());
        if (is_new) {
            Proposal one;
            one.id = uuid_from("proposal of " + field->merge_unit + " in " + change);
            one.data_set = data_set.canonical();
            one.author = actor.words();
            one.author_key = actor.issuer + "|" + actor.subject;
            made.push_back(std::move(one));
        }
        Proposal& unit = made[place->second];
        unit.questions.push_back(field->link_id);
        take_field(unit.answers, edited, field->link_id);
    }
    return made;
}

void lay_over(const Proposal& proposal, Answers& answers) {
    for (const auto& link_id : proposal.questions) take_field(answers, proposal.answers, link_id);
}

Decision may_decide(const Proposal& proposal, ProposalStatus to, const Actor& actor) {
    if (proposal.status != ProposalStatus::requested || to == ProposalStatus::requested)
        return {Decision::Refusal::state, sentence_of(proposal.status)};
    if (!control::on("H17.a-clinician-decides")) return {};
    if (to == ProposalStatus::taken_back) {
        if (proposal.is_by(actor)) return {};
        return {Decision::Refusal::role, "Only who made a suggestion can take it back."};
    }
    if (may_edit(actor)) return {};
    return {Decision::Refusal::role,
            "A suggestion is taken or declined by your care team. " + who_may_edit()};
}

}  // namespace careplug::plan
