// One panel: what it was opened on, what the person has answered, what stands in the way.
#pragma once

#include <careplug/plan/fhir.h>
#include <careplug/plan/merge.h>
#include <careplug/plan/plan.h>
#include <careplug/plan/validate.h>

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "editing/emergency_form.h"

namespace careplug::engine {

struct Note {
    std::string when, author, text, outcome;
    bool review_asked = false;
    std::string id, organisation;
};

// The published revision of a plan, read once.
struct Content {
    std::string plan_id;
    std::string revision_id;
    plan::Answers answers;
    std::vector<Note> notes;
    bool last_known = false;  // from this computer's store
};

// A change that came back: it waits for its author.
struct NotShared {
    std::string sentence;
    std::string digits;  // whose plan it was
    std::int64_t since = 0;
    bool conflict = false;  // somebody published meanwhile: another person could decide too
};

struct Conflict {
    plan::UnitConflict unit;
    std::int32_t resolved = 0;  // CAREPLUG_KEEP_, 0: open
};

struct Panel {
    enum class Mode { read, edit, note, state, history, looks };

    std::uint64_t id = 0;
    std::uint64_t patient = 0;
    std::string digits;  // the patient's number
    std::string action;
    Mode mode = Mode::read;
    std::string title;
    std::string mode_words;
    std::vector<std::string> core;
    std::vector<std::string> more;
    bool restricted = false;                  // where the person lives is not shown
    bool plain = false;                       // laid out without the policy, which did not answer
    const plan::DataSet* data_set = nullptr;  // of the form
    bool loading = false;                     // the plan has not arrived
    std::string seen;                         // what the host was last told to look at

    std::optional<plan::Plan> base_plan;  // published when the panel opened
    std::string base_care_plan;
    plan::Answers base;
    plan::Answers answers;
    std::set<std::string> prefilled;
    std::set<std::string> touched;
    std::set<std::string> revealed;

    bool resumed = false;
    std::int64_t draft_kept = 0;
    NotShared not_shared;         // why what this draft holds was not accepted
    bool not_saved = false;       // the last update could not be written to disk
    std::uint64_t operation = 0;  // being sent

    std::vector<Conflict> conflicts;
    std::vector<plan::Unit> merged;  // taken from theirs
    plan::Answers mine;
    plan::Answers theirs;
    std::string theirs_author;
    std::string theirs_amended;
    bool theirs_unpublished = false;  // another draft of this author's

    std::vector<plan::Issue> issues;  // of the last validation

    // What was submitted and is decided or completed here, and its answers.
    std::optional<plan::fhir::Submission> submission;
    std::optional<plan::Answers> submitted;
    // The draft from another computer that this panel takes in, until that is on disk.
    std::optional<plan::fhir::Submission> elsewhere;
    std::string state_plan;  // id of the plan whose state is changed
    std::optional<Emergency> emergency;

    plan::fhir::Accepted drawn;      // what it showed of what others may have changed
    std::string aside;               // what came back and is brought together with this draft: its place
    std::vector<std::string> taken;  // proposals of the patient that this draft holds: ids of their Tasks
    std::string proposal;            // that is decided in this panel, as read

    std::string restored;  // of a draft that began as an earlier revision: which, and what is not in it

    // What the host was last given, in which turn of the session, and until when it may be given again.
    struct Drawn {
        std::string text;
        std::uint64_t turn = 0;
        std::int64_t until = 0;  // on the boot clock
    };
    Drawn last_drawn;

    bool undecided() const;
    bool shows_history() const { return mode == Mode::history; }
    bool shows_looks() const { return mode == Mode::looks; }
};

// Merges what somebody else made of the same base into the panel's answers: what both changed is a conflict.
void bring_together(Panel& panel, const plan::Answers& base, const plan::Answers& theirs);

std::string mode_name(Panel::Mode mode);
// As a policy reads it.
nlohmann::json as_response(const plan::DataSet& data_set, const plan::Answers& answers);
// The name of the place where drafts of this kind lie.
std::string draft_name(Panel::Mode mode);
// Of one that came back while a newer draft lay there, and whether a name is such a one.
std::string aside_name(Panel::Mode mode, const std::string& change);
std::optional<Panel::Mode> mode_of_aside(const std::string& name);

// The draft as the store keeps it, and back. read_draft throws std::exception on what it cannot read.
// A draft that was to be shared and was not: it says so until it is sent again or discarded.
std::string not_shared_draft(const std::string& draft, const NotShared& why);
// Of such a draft; the sentence is empty for any other.
NotShared not_shared(const std::string& draft);
std::string write_draft(const Panel& panel);
// The draft with what its author typed alone: without the plan that it was begun on.
std::string without_published(const std::string& draft);
// The draft as one that completes nothing: what it was to complete was decided meanwhile.
std::string without_submission(const std::string& draft);
void read_draft(const std::string& body, const plan::DataSet& data_set, Panel& panel);

// Who may see which masked answers is decided by the reader's own hand: hidden until revealed.
bool is_masked(const Panel& panel, const plan::Field& field);
// The answers without those that are masked.
plan::Answers unmasked(const Panel& panel);

}  // namespace careplug::engine
