#include <careplug/controls/controls.h>
#include <careplug/plan/nhs_number.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "editing/restricted.h"
#include "session/session.h"
#include "session/status.h"
#include "system/times.h"

namespace careplug::engine {

using nlohmann::json;

namespace {

// Whether a Patient of the Bundle has another NHS number or birth date than the record that is open.
bool of_another_person(const json& bundle, const CheckedKey& key) {
    try {
        for (const auto& entry : bundle.value("entry", json::array())) {
            const json patient = entry.value("resource", json::object());
            if (patient.value("resourceType", std::string()) != "Patient") continue;
            const std::string born = patient.value("birthDate", std::string());
            if (!born.empty() && born != key.birth_date) return true;
            for (const auto& identifier : patient.value("identifier", json::array())) {
                if (identifier.value("system", std::string()) != plan::nhs_number_system) continue;
                const auto number = plan::parse_nhs_number(identifier.value("value", std::string()));
                if (number.valid() && number.digits != key.digits) return true;
            }
        }
    } catch (const json::exception&) {
        throw Problem(CAREPLUG_REFUSED_ARGUMENT, "The record is not a FHIR Bundle that can be read.");
    }
    return false;
}

bool names_restricted(const json& bundle) {
    const json entries = bundle.value("entry", json::array());
    return std::any_of(entries.begin(), entries.end(), [](const json& entry) {
        const json resource = entry.value("resource", json::object());
        return resource.value("resourceType", std::string()) == "Patient" && is_restricted(resource);
    });
}

constexpr std::int64_t ask_before_ms = 60 * 1000;
constexpr std::int64_t ask_again_ms = 5 * 1000;
// Nobody is signed in, or the exchange does not take the sign-in: it is asked again, but not hastily.
constexpr std::int64_t ask_signed_out_ms = 10 * 1000;

}  // namespace

void Session::ask_identity() {
    identity_request_ = next_id();
    identity_asked_ = now_ms();
    const json asked{
        {"request", "identity"}, {"audience", exchange_audience}, {"expires_within_seconds", 300}};
    event(CAREPLUG_EVENT_REQUEST, CAREPLUG_OK, identity_request_, asked.dump());
}

wire::Reply Session::complete(std::uint64_t request, std::int64_t status, const std::string& body) {
    if (request != 0 && request == identity_request_) {
        identity_request_ = 0;
        if (status >= 100) {
            event(CAREPLUG_EVENT_SESSION, CAREPLUG_REFUSED_SIGNED_OUT, 0,
                  body.empty() ? "This system could not say who is signed in." : body);
        } else {
            accept_identity(body);
        }
        return {};
    }
    if (filing_answered(request, status, body)) return {};
    for (auto& [id, one] : patients_) {
        if (request == 0 || one.record_request != request) continue;
        if (status < 100) {
            json record;
            try {
                record = plan::fhir::parse(body);
            } catch (const std::exception&) {
                throw Problem(CAREPLUG_REFUSED_ARGUMENT, "The record is not valid JSON: give a FHIR Bundle.");
            }
            if (!record.is_object() || record.value("resourceType", std::string()) != "Bundle")
                throw Problem(CAREPLUG_REFUSED_ARGUMENT, "The record is not a FHIR Bundle.");
            if (control::on("H1.record-of-this-person") && of_another_person(record, one.checked))
                throw Problem(CAREPLUG_REFUSED_IDENTITY,
                              "The record given is that of another person than the one it was asked for: "
                              "give the record of the person named in the request.");
            known(one.checked.digits).record =
                plan::sources_in_record(hub_.catalogue().main(), record, today());
            one.record_restricted = names_restricted(record);
            if (is_restricted_person(one)) record = record_without_whereabouts(std::move(record));
            one.record = std::make_shared<const json>(std::move(record));
        } else {
            one.record_refused = true;
        }
        one.record_request = 0;
        publish_flags(false);
        record_arrived(one);
        return {};
    }
    throw Problem(CAREPLUG_REFUSED_HANDLE,
                  "This request is not open: it was answered before, or its patient was left.");
}

void Session::accept_identity(const std::string& token) {
    try {
        Identity accepted = read_identity(token, now_ms());
        const bool other_person =
            !author_.empty() && author_ != accepted.author() && control::on("H9.same-person-goes-on");
        if (other_person || (!audience_.empty() && audience_ != accepted.audience())) {
            // Whoever sits there now is not the person whose rights this session has.
            identity_.reset();
            publish_flags(true);
            throw IdentityMistake(
                other_person
                    ? "Another person signed in: close this session and open one for that person."
                    : "The role or organisation changed: close this session and open another for it.");
        }
        if (!policy_ || !identity_ || !(identity_->actor == accepted.actor))
            policy_ = plugin_->open(policy_session(accepted.actor));
        // Meanwhile the exchange may have been told by somebody else, which opens nothing for this person.
        if (!identity_)
            for (auto& [id, one] : patients_) one.claimed = 0;
        author_ = accepted.author();
        audience_ = accepted.audience();
        identity_ = std::move(accepted);
    } catch (const IdentityMistake& mistake) {
        event(CAREPLUG_EVENT_SESSION, CAREPLUG_REFUSED_SIGNED_OUT, 0, mistake.what());
        return;
    } catch (const PluginFailure& failure) {
        hub_.log().say(failure.what());
        event(CAREPLUG_EVENT_SESSION, CAREPLUG_FAILED_PLUGIN, 0, failure.what());
        return;
    }
    std::string trouble = audit_sentence();
    if (!trouble.empty()) trouble.insert(0, " ");
    try {
        look_at_outbox();
        copy_all();
    } catch (const std::exception& failure) {
        hub_.log().say(std::string("the outbox cannot be read: ") + typeid(failure).name());
        trouble +=
            " What this computer keeps of your changes cannot be opened, so some may NOT be shared: tell the "
            "administrator.";
    }
    for (auto& [digits, one] : known_)
        if (one.reason == CAREPLUG_REASON_SIGNED_OUT) one.reason = CAREPLUG_REASON_NOT_ASKED;
    for (const auto& key : watched_)
        if (const auto checked = check_key(key); checked.reason == 0) known(checked.digits);
    wants_poll_ = true;
    event(CAREPLUG_EVENT_SESSION, CAREPLUG_OK, 0, "Signed in: " + identity_->actor.words() + "." + trouble);
    if (!hub_.reachable())
        event(CAREPLUG_EVENT_EXCHANGE, CAREPLUG_REFUSED_UNREACHABLE, 0,
              "The care plan exchange does not answer.");
    audit_board();
    tell_of_broken_log();
    resume();
    publish_flags(true);
    hub_.poll_soon();
    hub_.send_soon();
}

json Session::policy_session(const plan::Actor& actor) const {
    const auto questionnaire = [](const plan::DataSet& data_set) {
        return json::parse(data_set.questionnaire);
    };
    return {
        {"view", plugin_->facts().view},
        {"role", actor.role},
        {"senior", actor.senior},
        {"may_edit", plan::may_edit(actor) || plan::may_edit_own(actor)},
        {"may_publish", plan::may_approve(actor)},
        {"may_note", plan::may_note(actor)},
        {"actor",
         {{"iss", actor.issuer},
          {"sub", actor.subject},
          {"name", actor.name},
          {"role", actor.role},
          {"senior", actor.senior},
          {"organisation", actor.organisation},
          {"organisation_name", actor.organisation_name}}},
        {"data_sets", {questionnaire(hub_.catalogue().main()), questionnaire(hub_.catalogue().contact())}}};
}

void Session::require_signed_in() const {
    if (!identity_ || identity_->expires <= now_ms() || !policy_)
        throw Problem(CAREPLUG_REFUSED_SIGNED_OUT,
                      "Nobody is signed in to the care plan service: sign in to this system again.");
}

void Session::tick() {
    const std::lock_guard lock(mutex_);
    if (flags_) flags_->table().beat(boot_ms());
    look_again_at_policy();
    copy_drafts();
    end_emergencies();
    const std::int64_t now = now_ms();
    if (identity_ && identity_->expires <= now) {
        identity_.reset();
        publish_flags(true);
        event(CAREPLUG_EVENT_SESSION, CAREPLUG_REFUSED_SIGNED_OUT, 0,
              "The sign-in of this system has expired: sign in again.");
    }
    const bool ends_soon = !identity_ || identity_->expires - now < ask_before_ms;
    const std::int64_t pause = identity_ ? ask_again_ms : ask_signed_out_ms;
    if (ends_soon && identity_request_ == 0 && now - identity_asked_ > pause) ask_identity();
}

std::optional<Identity> Session::identity() const {
    const std::lock_guard lock(mutex_);
    return identity_;
}

void Session::identity_refused(const std::string& token, const std::string& sentence) {
    const std::lock_guard lock(mutex_);
    if (!identity_ || identity_->token != token) return;
    identity_.reset();
    // First the flags: who is told of the end must not still read what was shown before.
    publish_flags(true);
    event(CAREPLUG_EVENT_SESSION, CAREPLUG_REFUSED_SIGNED_OUT, 0, sentence);
    if (identity_request_ == 0 && now_ms() - identity_asked_ > ask_again_ms) ask_identity();
}

wire::Reply Session::state() {
    json state{{"signed_in", identity_.has_value()},
               {"exchange",
                {{"address", hub_.settings().exchange},
                 {"reachable", hub_.reachable()},
                 {"checked", hub_.last_answer() == 0 ? "" : iso_time(hub_.last_answer())}}},
               {"queued", waiting_.size()},
               {"view", plugin_->facts().view},
               {"audit", {{"sound", audit_sentence().empty()}, {"sentence", audit_sentence()}}},
               {"engine", engine_status(hub_)},
               {"plugin", plugin_status(*plugin_)}};
    if (identity_) {
        const auto& actor = identity_->actor;
        state["name"] = actor.name;
        state["role"] = actor.role;
        state["role_words"] = plan::role_words(actor.role);
        state["senior"] = actor.senior;
        state["organisation"] = actor.organisation;
        state["organisation_name"] = actor.organisation_name;
        state["may_edit"] = plan::may_edit(actor);
        state["may_publish"] = plan::may_approve(actor);
        state["changed_elsewhere"] = changed_elsewhere_list();
        if (json proposals = proposals_list(); !proposals.empty()) state["proposals"] = std::move(proposals);
        state["not_shared"] = not_shared_list();
        state["inbox"] = inbox_list();
    }
    wire::Reply reply;
    reply.result = state.dump();
    return reply;
}

}  // namespace careplug::engine
