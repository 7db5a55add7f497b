// One signed-in user at one workstation. Calls come on one thread; what the network brings comes on
// others. One lock guards everything here and is never held while waiting for the network.
#pragma once

#include <careplug/wire/calls.h>
#include <careplug/wire/flag_memory.h>
#include <careplug/wire/messages.h>
#include <careplug/wire/stream.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "editing/panel.h"
#include "exchange/identity.h"
#include "filing/filing.h"
#include "hub.h"
#include "plans/history.h"
#include "plans/known.h"
#include "plugins/policy.h"
#include "sending/outbox.h"
#include "session/counted_mutex.h"
#include "session/event_writer.h"
#include "system/problem.h"

namespace careplug::engine {

struct OpenPatient {
    std::uint64_t id = 0;
    careplug_patient_key key{};
    CheckedKey checked;
    std::string family;
    std::string given;
    std::int32_t basis = 0;
    std::string reason;
    std::string no_relationship;    // why this basis opens no plan; empty where it does
    bool filing_looked_at = false;  // with its record and its plan, in this session
    std::int64_t claimed = 0;       // on the boot clock: when the exchange was last to be told of the basis
    std::string claimed_basis;      // as it was told
    std::uint64_t record_request = 0;
    bool record_refused = false;
    bool record_restricted = false;  // the host marks the person
    std::shared_ptr<const nlohmann::json> record;
    std::optional<Content> content;
    std::string loading;                        // revision id under way
    std::string load_problem;                   // why the last load brought nothing
    std::map<std::string, plan::Answers> past;  // revisions before the published one, by id
    std::set<std::string> past_asked;
    std::shared_ptr<const History> history;
    std::string history_key;                      // the plan as it stood when it was loaded
    std::string history_asked;                    // under way
    std::shared_ptr<const nlohmann::json> looks;  // document `looked_at`, as it was last asked for
};

struct DraftCopy;
class DraftCopies;
struct StateForm;

// What its author sent and was not shared, to be looked at and decided.
inline constexpr const char* came_back_action = "came-back";
// A draft that its author wrote under a number that was superseded since.
inline constexpr const char* earlier_draft_action = "earlier-draft";
// Who looked at a plan, for the person whose it is.
inline constexpr const char* looks_action = "looked-at";

struct AuditWords {
    std::string basis;
    std::string reason;
    std::string detail;
};

// Actions on a proposal, followed by its id.
inline constexpr const char* take_prefix = "take:";
inline constexpr const char* decline_prefix = "decline:";
inline constexpr const char* take_back_prefix = "take-back:";

class Session : public std::enable_shared_from_this<Session> {
public:
    Session(Hub& hub, std::shared_ptr<Plugin> plugin, wire::Stream calls, wire::Stream events,
            std::string site);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // `resumed`: a session of an engine that ended goes on as soon as the same person is signed in.
    void start(const wire::SessionResume* resumed);
    void stop();  // ends the thread of calls
    bool ended() const { return ended_; }

    // ---- for the engine's threads
    void tick();  // identity: asks again, or forgets it
    std::optional<Identity> identity() const;
    void identity_refused(const std::string& token, const std::string& sentence);
    // The numbers whose plans this session needs now; empty while nobody is signed in.
    std::vector<std::string> numbers() const;
    bool take_wants_poll();
    // Whom the numbers belong to; before what is known of their plans.
    // Numbers that watched people had before, and those that they have now.
    std::map<std::string, std::string> earlier_numbers() const;
    void apply_persons(const std::map<std::string, Person>& persons);
    void apply(const std::vector<std::string>& numbers,
               const std::map<std::string, std::vector<nlohmann::json>>& care_plans, std::int64_t checked,
               std::int64_t checked_boot);
    void apply_failure(std::int32_t reason);  // of everything
    void apply_failure(std::int32_t reason, const std::vector<std::string>& numbers);
    void exchange_state(bool reachable);
    void contacts_changed();
    bool wants_submissions() const;
    void apply_submissions(const std::vector<std::string>& numbers,
                           const std::map<std::string, std::vector<nlohmann::json>>& responses);
    // In whose inbox this reader looks for changes of colleagues that wait; empty where in none.
    std::string inbox_organisation() const;
    void apply_inbox(const std::vector<nlohmann::json>& responses);
    // What patients propose, of whom this session may know it.
    bool wants_proposals() const;
    bool is_of_person() const;
    void apply_proposals(const std::vector<std::string>& numbers,
                         const std::map<std::string, std::vector<nlohmann::json>>& tasks);
    // What others changed and this organisation has not accepted.
    struct Elsewhere {
        std::string plan_id;
        plan::fhir::Accepted accepted;
        std::uint32_t revision = 0;  // of the plan that was looked at
        std::uint32_t version = 0;
        bool by_others = false;                  // published one or more since
        std::vector<plan::Plan> states;          // that others made since, oldest first
        std::vector<plan::fhir::Contact> notes;  // that others left, without what they say
    };
    struct Unaccepted {
        std::string digits, plan_id, organisation;  // of who published last
        std::uint32_t revision = 0;                 // of now
        std::uint32_t version = 0;
        Elsewhere last;  // when it was looked at before
    };
    std::string accepting_organisation() const;  // empty where this session accepts nothing
    std::vector<Unaccepted> to_accept(const std::vector<std::string>& numbers) const;
    void apply_accepted(const std::map<std::string, Elsewhere>& elsewhere);
    // What of this author's waits on disk. The changes that this session knew of and that no longer do:
    // another engine on the same store has sent them.
    std::vector<Change> compare_outbox(const std::vector<Kept>& outbox);
    // A change of this author was sent, or was not accepted.
    void change_settled(const Change& change, const SendResult& result);

private:
    void serve();
    wire::Reply dispatch(const wire::Message& message);
    wire::Reply answer(wire::Call call, wire::DecodedCall decoded);

    // what a next engine needs, and what this one needs of a former
    struct Resuming;
    std::string resume_state();  // sealed; empty where nothing changed
    void begin_resuming(const wire::SessionResume& resumed);
    void resume();
    bool resume_patient(const nlohmann::json& saved);
    bool resume_panel(const nlohmann::json& saved);
    bool resume_sending(const nlohmann::json& saved, OpenPatient& owner);
    void resume_operation(const nlohmann::json& saved);
    void require_not_resuming(std::uint64_t id) const;
    bool stop_resuming(std::uint64_t id);

    // identity
    void ask_identity();
    wire::Reply complete(std::uint64_t request, std::int64_t status, const std::string& body);
    void accept_identity(const std::string& token);
    void require_signed_in() const;
    nlohmann::json policy_session(const plan::Actor& actor) const;
    wire::Reply state();

    // flags
    wire::Reply watch(const wire::Patients& patients);
    wire::Reply flag_details(const careplug_patient_key& patient);
    wire::Reply receipt(const careplug_patient_key& patient, std::int64_t receipt, const std::string& reason);
    Known& known(const std::string& digits);
    ShownFlags shown_flags(const careplug_patient_key& key);
    plan::FlagContext flag_context(const std::string& digits);
    void order(std::vector<ShownFlags>& all);
    // The thread of calls takes, lets go of and ends the table: the table's mutex is its.
    wire::Reply take_table(const wire::Message& message);
    void let_go_of_table();
    std::uint32_t word(const plan::Flag& flag);
    // Writes the rows; EVENT_FLAGS where something a person would see differs.
    void publish_flags(bool replace);
    void note_cpr(Known& one);
    void keep_last_known(const std::vector<std::string>& numbers);
    void forget_content(const std::string& digits);
    void keep_person(const std::string& digits, const Person& person);
    bool is_restricted_person(const OpenPatient& patient);
    std::vector<std::string> identity_warnings(const OpenPatient& patient);

    // patients
    OpenPatient& open_patient(std::uint64_t id, const careplug_patient_key& key, const std::string& name,
                              std::int32_t basis, const std::string& reason);
    wire::Reply patient_open(const careplug_patient_key& key, const std::string& name, std::int64_t basis,
                             const std::string& reason);
    wire::Reply patient_may_close(std::uint64_t id);
    wire::Reply patient_close(std::uint64_t id);
    wire::Reply actions(std::uint64_t id);
    OpenPatient& patient(std::uint64_t id);
    void load_content(OpenPatient& patient);
    void content_arrived(std::uint64_t patient, Content content);
    void restore_content(OpenPatient& patient);
    void restore_kept(OpenPatient& patient, const Known& found);
    bool is_open(std::uint64_t patient) const;
    void record_arrived(OpenPatient& patient);
    void ask_record(OpenPatient& patient);
    void refuse_identity(const OpenPatient& patient);
    std::int32_t knowledge_now(const OpenPatient& patient);
    bool name_differs(const OpenPatient& patient);
    std::int64_t own_draft(const std::string& digits);  // when it was kept, 0 for none
    void look_at_store(const std::string& digits);      // what other sessions of this author did
    void look_at_outbox();
    void require_own_draft(const Panel& panel);
    [[noreturn]] static void refuse_other_draft();
    void content_failed(std::uint64_t patient, const std::string& sentence, bool told);
    void look_at_open_patients();
    bool queued(const std::string& digits) const;
    // What every edit of a plan begins with; each throws Problem.
    void require_may_edit() const;
    void require_nothing_queued(const std::string& digits) const;
    void require_no_draft(const std::string& digits);

    // the policy, and what stands in its place while it does not answer
    nlohmann::json offered_actions(const nlohmann::json& asked);
    void apply_policy(Panel& panel, OpenPatient& patient, bool with_published);
    void take_layout(Panel& panel, const OpenPatient& patient, const nlohmann::json& answer);
    void without_policy(const PluginFailure& failure);
    void look_again_at_policy();

    // history
    std::string history_key(const OpenPatient& patient);
    void open_history(Panel& panel, OpenPatient& patient);
    void load_history(OpenPatient& patient);
    void fill_history(Panel& panel, OpenPatient& patient);
    void open_restored(Panel& panel, OpenPatient& patient, std::uint32_t revision);
    nlohmann::json view_of_history(const OpenPatient& patient);

    // who looked, for the person whose plan it is
    void offer_looks(const OpenPatient& patient, nlohmann::json& offered);
    void open_looks(Panel& panel, OpenPatient& patient);
    void load_looks(const OpenPatient& patient);

    // acceptance
    void open_acceptance(Panel& panel, OpenPatient& patient);
    wire::Reply submit_acceptance(Panel& panel);
    void keep_accepted(const std::string& digits, const Elsewhere& elsewhere);
    // Of what others did, what nobody here has accepted.
    Elsewhere unaccepted(const std::string& digits) const;
    bool changed_elsewhere(const std::string& digits) const;
    nlohmann::json changes_elsewhere(const std::string& digits) const;
    nlohmann::json changed_elsewhere_list() const;
    void draw_notes(Panel& panel, const OpenPatient& patient, nlohmann::json& out);
    void draw_states_elsewhere(Panel& panel, const OpenPatient& patient, nlohmann::json& out);

    // states
    const plan::fhir::Submission* submission(const std::string& digits, const std::string& action);
    std::vector<std::string> may_now(const OpenPatient& patient);
    bool may_create_beside(const OpenPatient& patient, std::int32_t knowledge);
    void open_state(Panel& panel, OpenPatient& patient, const StateForm& form);
    void open_submission(Panel& panel, OpenPatient& patient);
    bool lay_submission(Panel& panel, OpenPatient& patient);
    void load_past(OpenPatient& patient, const std::string& revision_id, const plan::DataSet& data_set);
    void draw_submissions(const Panel& panel, const OpenPatient& patient, nlohmann::json& out);
    void add_awaiting(const std::string& digits, plan::FlagContext& context);

    // proposals of the patient
    const plan::Proposal* proposal(const std::string& digits, const std::string& id);
    void open_taken(Panel& panel, OpenPatient& patient, const std::string& id);
    void open_decision(Panel& panel, OpenPatient& patient, const StateForm& form, const std::string& id);
    void draw_proposals(const Panel& panel, const OpenPatient& patient, nlohmann::json& out);
    nlohmann::json proposals_list() const;
    void put_own_edit(const Panel& panel, Change& change);
    std::vector<plan::Issue> own_issues(const Panel& panel);
    static std::string closed_to_person(const Known& known);

    // drafts on the exchange
    void copy_soon(const std::string& digits);
    void copy_all();
    void copy_drafts();
    void copy_draft(Exchange& exchange, const std::string& digits);
    void withdraw_old_copies(DraftCopies& copies, const std::string& author, const std::string& digits);
    void copy_is_gone(const std::string& digits, const DraftCopy& copy);
    void note_drafts_elsewhere(const std::string& digits, const std::vector<nlohmann::json>& responses);
    void offer_draft_elsewhere(const OpenPatient& patient, nlohmann::json& offered);
    void open_elsewhere(Panel& panel, OpenPatient& patient);
    bool lay_draft(Panel& panel, OpenPatient& patient);
    void take_copy(Panel& panel);
    void draw_draft_elsewhere(const Panel& panel, const OpenPatient& patient, nlohmann::json& out);
    // what came back and was not shared
    struct Aside {
        std::string name;
        Panel::Mode mode = Panel::Mode::edit;
        std::int64_t at = 0;
    };
    std::vector<Aside> asides_of(const std::string& digits);
    const Aside* first_aside(const std::string& digits) const;
    void offer_came_back(const OpenPatient& owner, nlohmann::json& offered);
    std::string bring_back(OpenPatient& owner);
    void open_came_back(Panel& panel, OpenPatient& owner);
    void open_state_again(Panel& panel, OpenPatient& owner, const Kept& kept);
    void take_aside(Panel& panel);
    // drafts under numbers that were superseded
    struct EarlierDraft {
        std::string number;
        Panel::Mode mode = Panel::Mode::edit;
    };
    std::optional<EarlierDraft> earlier_draft(const OpenPatient& owner);
    void offer_earlier_draft(const OpenPatient& owner, nlohmann::json& offered);
    std::string take_earlier_draft(OpenPatient& owner);
    nlohmann::json not_shared_list();

    // the inbox of the organisation
    void offer_take_over(const OpenPatient& owner, nlohmann::json& offered);
    nlohmann::json inbox_list() const;
    void copy_was_taken_over(const std::string& digits);
    // filing in the host's record
    Place filing_place(const std::string& digits, const std::string& plan_id) const;
    std::optional<Filing> kept_filing(const std::string& digits, const std::string& plan_id);
    void keep_filing(const Filing& filing);
    std::optional<Filing> filing_of(const OpenPatient& owner, const plan::Plan& header,
                                    const plan::DataSet& data_set, const plan::Answers& answers);
    std::optional<Filing> filing_of(const Change& change, const OpenPatient& owner, const Panel& panel);
    void settle_filing(const Change& change, bool published);
    void accept_and_file(const std::string& digits);
    Place accepted_place(const std::string& digits) const;
    bool is_to_be_filed(const std::string& digits);
    void file_now(const std::string& digits);
    void file_again(OpenPatient& owner);
    bool filing_answered(std::uint64_t request, std::int64_t status, const std::string& body);
    void tell_of_filing(const std::string& digits);
    void draw_filing(const Panel& panel, const OpenPatient& owner, nlohmann::json& out);

    // panels
    wire::Reply panel_open(std::uint64_t patient, const std::string& action);
    // `again`: the host had it open, so what is not known yet is no reason to refuse it.
    Panel& open_panel(std::uint64_t id, OpenPatient& owner, const std::string& action, bool again);
    wire::Reply panel_update(Panel& panel, const std::string& items);
    wire::Reply panel_validate(Panel& panel, std::int64_t intent);
    wire::Reply panel_submit(Panel& panel, std::int64_t intent);
    wire::Reply panel_resolve(Panel& panel, const std::string& unit, std::int64_t keep);
    wire::Reply panel_reveal(Panel& panel, const std::string& link_id);
    wire::Reply panel_discard(Panel& panel);
    wire::Reply panel_summary(Panel& panel);
    Panel& panel(std::uint64_t id);
    void fill_panel(Panel& panel, OpenPatient& patient);
    nlohmann::json view(Panel& panel);
    // The view with its form, as the host gets it.
    std::string drawn(Panel& panel);
    std::string drawn_again(Panel& panel);
    std::vector<plan::Issue> issues_of(Panel& panel, std::int32_t intent);
    std::vector<plan::Issue> against_record(const Panel& panel, const plan::Answers& answers);
    void require_editable(const Panel& panel) const;
    // Why the plan's content must not be seen now; empty where it may.
    std::string barred(const OpenPatient& patient);
    std::string barred(const Panel& panel);
    void require_may_show(const Panel& panel);
    plan::Answers shown_answers(const Panel& panel);
    void keep_draft(Panel& panel);
    void panel_changed(const Panel& panel);
    void start_merge(Panel& panel, const OpenPatient& patient);
    void merge_own_draft(Panel& panel, const plan::Answers& base, const plan::Answers& other,
                         const std::string& which, const std::string& kept);
    // who looked at what
    void audit(const char* what, const std::vector<std::string>& patients, const AuditWords& words);
    bool audit_if_possible(const char* what, const std::vector<std::string>& patients,
                           const AuditWords& words);
    void audit_board();
    void tell_of_broken_log();
    std::string audit_sentence() const;
    void claim(OpenPatient& patient);
    void take_basis(Change& change, OpenPatient& patient);

    // a plan that is opened in an emergency
    bool may_break_glass(const OpenPatient& patient);
    void open_emergency(Panel& panel, OpenPatient& patient);
    wire::Reply update_emergency(Panel& panel, const std::string& items);
    void load_emergency(const Panel& panel, const std::string& plan_id);
    bool emergency_open(const Panel& panel) const;
    void end_emergencies();
    std::string emergency_words(const Panel& panel) const;

    Place draft_place(const Panel& panel) const;
    void take_record(Panel& panel, OpenPatient& patient);
    Change edited(const Panel& panel, const OpenPatient& patient, std::int32_t intent);
    wire::Reply queue(Panel& panel, Change change);
    wire::Reply begin_operation(Panel& panel, const Change& change);
    void settle_panel(Panel& panel, const Change& change, const SendResult& result);

    void event(std::int32_t kind, careplug_status status, std::uint64_t subject, const std::string& body,
               std::uint64_t generation = 0);
    std::uint64_t next_id() { return ++last_id_; }

    Hub& hub_;
    const std::shared_ptr<Plugin> plugin_;
    const std::string site_;  // the workstation, for the audit
    wire::Stream calls_;
    EventWriter events_;
    std::thread thread_;
    std::atomic<bool> ended_ = false;

    mutable CountedMutex mutex_;
    std::uint64_t last_id_ = 0;
    std::uint64_t answered_patient_ = 0;  // whose plan the call that runs has looked at
    std::optional<Identity> identity_;
    std::string author_;    // of the first identity: another person needs another session
    std::string audience_;  // likewise: another role or organisation
    std::uint64_t identity_request_ = 0;
    std::int64_t identity_asked_ = 0;
    std::unique_ptr<Policy> policy_;
    bool policy_awaited_ = false;  // it did not answer: what was made without it is made again
    std::uint64_t policy_replaced_ = plugin_->replaced();

    std::vector<careplug_patient_key> watched_;
    std::set<std::string> on_board_;  // of the last load that is in the audit
    std::map<std::string, Known> known_;
    bool wants_poll_ = false;
    std::uint64_t generation_ = 0;
    std::unique_ptr<wire::FlagMemory> flags_;
    std::string last_table_;
    std::map<std::string, std::pair<std::string, std::int64_t>> kept_;  // digits: content and when written
    struct Draft {
        std::int64_t at = 0;     // when it was kept, 0 for none
        std::string not_shared;  // why what it holds was not accepted
    };
    std::map<std::string, Draft> drafts_;  // of this author, by digits
    std::map<std::string, Draft> note_drafts_;
    std::map<std::string, Draft> state_drafts_;  // changes of state that were not accepted
    std::map<std::string, Draft>& drafts_of(Panel::Mode mode);
    std::map<std::string, std::vector<Aside>> asides_;  // by digits
    std::vector<plan::fhir::Submission> inbox_;         // of colleagues, not shared
    struct Typed {
        std::int64_t first = 0;  // since the last copy
        std::int64_t last = 0;
    };
    std::map<std::string, Typed> uncopied_;  // drafts, begun or ended, that the exchange is to be told of
    std::string computer_;                   // of the store: which of two computers wrote a copy

    std::map<std::string, Elsewhere> elsewhere_;  // by digits

    std::shared_ptr<Resuming> resuming_;  // until somebody is signed in
    std::string told_resume_;             // what the host was last given to keep

    std::map<std::uint64_t, OpenPatient> patients_;
    std::map<std::uint64_t, Panel> panels_;
    struct Operation {
        std::uint64_t id = 0;
        std::uint64_t patient = 0;
        std::uint64_t panel = 0;
    };
    std::map<std::string, Operation> operations_;  // by the change's id
    struct Waiting {
        std::string digits;
        std::int32_t intent = 0;
        std::int64_t since = 0;
        plan::fhir::Accepted accepted;
        std::string body;  // the change
        std::string plan_id;
    };
    // `body`: the change as it lies in the outbox.
    static Waiting waiting_of(const Change& change, std::int64_t since, std::string body);
    std::map<std::string, Waiting> waiting_;  // this author's changes not yet shared
    // Requests to file that the host has not answered: of which patient's plan.
    std::map<std::uint64_t, Filing> filings_asked_;  // by request, as the host was asked
    std::set<std::string> filings_refused_;          // by the host, in this session
    // Changes from elsewhere that are to be filed once they are read; kept in the store too, for the next
    // engine.
    std::set<std::string> accepted_;
};

}  // namespace careplug::engine
