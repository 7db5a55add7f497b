// The panel of one plan of one patient: read, edit or note. It belongs to the patient it was opened for and
// shows nothing after it was ended (hazard H1).
import { get, post } from "./api.js";
import { draftWords, Form } from "./form.js";
import { el, replace } from "./dom.js";
import { history } from "./history.js";
import { looks } from "./looks.js";
import { patientSuggests } from "./proposals.js";
import { identity, notesOf, reading, times, warnings } from "./reading.js";

export class Panel {
  // host: see panelHost in host.js.
  constructor(opened, host) {
    this.id = opened.panel;
    this.patient = opened.patient;
    this.action = opened.action;
    this.host = host;
    this.ended = false;
    this.allOpen = false;
    this.waiting = false;
    this.head = el("div", { class: "panel__head" });
    this.status = el("div", { role: "status", "data-testid": "panel-status" });
    this.body = el("div", { class: "panel__body", tabindex: "0", role: "region" });
    this.foot = el("div", { class: "panel__foot" });
    this.node = el("aside", { class: "panel", "data-testid": `panel-${opened.view.mode}` }, this.head, this.body, this.foot);
    this.node.addEventListener("keydown", (event) => this.takeBack(event));
    this.show(opened.view);
  }

  get mode() { return this.view.mode; }

  show(view) {
    if (this.ended) return;
    this.view = view;
    this.node.setAttribute("aria-label", `${view.title} of ${view.subject?.given ?? ""} ${view.subject?.family ?? ""}`);
    this.body.setAttribute("aria-label", view.mode_words || view.title);
    this.drawHead(view);
    this.node.dataset.testid = `panel-${view.mode}`;
    if (view.mode === "read") this.showReading(view);
    else if (view.mode === "history") this.showHistory(view);
    else if (view.mode === "looked-at") this.showLooks(view);
    else if (this.action === "break-glass") this.showEmergency(view);
    else this.showForm(view);
  }

  // Drawn again when it says something else: who stands on it with the keyboard stays there.
  drawHead(view) {
    const meaning = JSON.stringify([view.title, view.mode, view.mode_words, view.subject, view.revision, view.amended, view.checked, view.author, view.approver]);
    if (this.headMeaning === meaning) return;
    this.headMeaning = meaning;
    const stood = this.head.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
    replace(this.head,
      el("div", { class: "panel__title" }, el("h2", { tabindex: "-1", "data-testid": "panel-title" }, view.title), el("span", { class: "mode", "data-testid": "panel-mode" }, view.mode_words || (view.mode === "read" ? "Read only" : "")),
        el("button", { type: "button", class: "link end", onclick: () => this.close(), "data-testid": "panel-close" }, ["read", "history", "looked-at"].includes(view.mode) ? "Close" : view.mode === "state" ? "Cancel" : "Save and close")),
      identity(view.subject), view.may?.own ? null : times(view));
    if (stood) this.head.querySelector(`[data-testid="${stood}"]`)?.focus();
  }

  // Who opened it by keyboard goes on from its title.
  begin() { this.head.querySelector("h2").focus(); }

  // A plan that is no longer known, or that may no longer be acted on, looks so here as well (hazard H3).
  follow() {
    if (!this.ended && this.view.mode === "read" && this.around !== this.host.around()) this.showReading(this.view);
  }

  showReading(view) {
    this.around = this.host.around();
    replace(this.body, this.status, warnings(view, () => this.host.reopen("read")), this.host.changeNotice(), patientSuggests(view, (action) => this.host.reopen(action)),
      reading(view, { reveal: (linkId) => this.reveal(linkId), allOpen: this.allOpen, onAll: (open) => { this.allOpen = open; }, lastKnown: this.host.lastKnown() }));
    replace(this.foot,
      view.may?.note || this.host.mayNote() ? el("button", { type: "button", class: "nhsuk-button nhsuk-button--small", onclick: () => this.host.reopen("note"), "data-testid": "add-note" }, "Add contact note") : null,
      this.host.otherActions(view),
      view.sections?.length ? el("button", { type: "button", class: "link", onclick: () => this.showAll() }, "All sections") : null);
  }

  showHistory(view) {
    replace(this.body, this.status, warnings(view, () => this.host.reopen("history")), view.intent ? notesOf(view) : null, history(view, { restore: (action) => this.host.reopen(action) }));
    replace(this.foot,
      view.intent ? el("button", { type: "button", class: "nhsuk-button nhsuk-button--small", disabled: this.waiting, onclick: () => this.accept(view.intent), "data-testid": "accept" }, "Accept these changes") : null,
      el("button", { type: "button", class: "nhsuk-button nhsuk-button--small nhsuk-button--secondary", onclick: () => this.host.reopen("read") }, "Read the plan"));
  }

  showLooks(view) {
    replace(this.body, this.status, warnings(view, () => this.host.reopen("looked-at")), looks(view));
    replace(this.foot, el("button", { type: "button", class: "nhsuk-button nhsuk-button--small nhsuk-button--secondary", onclick: () => this.host.reopen("looked-at"), "data-testid": "look-again" }, "Look again"));
  }

  // The reason is the second tap and the last: choosing it opens the plan.
  showEmergency(view) {
    const asked = view.items?.[0];
    if (!asked) return;
    const give = (answer) => this.attempt(async () => {
      const next = await this.guarded(post(`panels/${this.id}/update`, { item: [{ linkId: asked.linkId, answer: [answer] }] }));
      if (next) this.show(next.view);
    });
    const other = el("input", { type: "text", class: "nhsuk-input", maxlength: "200", "aria-label": "Another reason", "data-testid": "emergency-other" });
    replace(this.body, this.status, warnings(view, () => this.refresh()), el("fieldset", { class: "emergency", "data-testid": "emergency" },
      el("legend", {}, asked.label),
      (asked.choices ?? []).map((one, at) => el("button", { type: "button", class: "btn", onclick: () => give({ valueCoding: one }), "data-testid": `emergency-reason-${at + 1}` }, one.display)),
      el("details", {}, el("summary", {}, "Another reason"), other, el("button", { type: "button", class: "btn", onclick: () => other.value.trim() && give({ valueString: other.value.trim() }) }, "Open the plan for this reason"))));
    replace(this.foot, el("button", { type: "button", class: "nhsuk-button nhsuk-button--small nhsuk-button--secondary", onclick: () => this.close() }, "Cancel"));
    this.body.querySelector("button")?.focus();
  }

  showAll() {
    const all = this.body.querySelector("[data-testid=all-sections]");
    if (!all) return;
    all.open = true;
    all.scrollIntoView();
  }

  showForm(view) {
    if (!this.form) {
      this.form = new Form(view, {
        send: async (items) => {
          const view = (await this.guarded(post(`panels/${this.id}/update`, { item: items })))?.view;
          if (this.notKept && view) this.say("");
          this.notKept = false;
          return view;
        },
        failed: (problem) => { this.notKept = true; this.say(problem.message, true); },
        resolve: (unit, keep) => this.resolve(unit, keep),
        reveal: (linkId) => this.reveal(linkId),
      });
      this.notices = el("div");
      replace(this.body, this.status, this.notices, this.form.node);
      const show = this.form.show.bind(this.form);
      this.form.show = (next) => { show(next); this.showFoot(next); this.view = next; };
    } else {
      this.form.show(view);
    }
    replace(this.notices, view.restored ? el("div", { class: "say say--new", "data-testid": "restored" }, view.restored) : null, history(view), patientSuggests(view, (action) => this.host.reopen(action)), warnings({ ...view, newer: view.conflicts?.length ? undefined : view.newer }, () => this.refresh()));
    this.showFoot(view);
  }

  showFoot(view) {
    const button = (words, style, act, id) => el("button", { type: "button", class: `nhsuk-button nhsuk-button--small ${style}`, onclick: act, disabled: this.waiting, "data-testid": id }, words);
    const secondary = "nhsuk-button--secondary";
    const may = view.may ?? {};
    const undecided = (view.conflicts ?? []).some((one) => !one.resolved);
    this.kept ??= el("span", { class: "end" });
    replace(this.kept, draftWords(view));
    // The buttons stay the same elements while they mean the same: one replaced under the mouse loses the click.
    const meaning = JSON.stringify([view.mode, view.intent, may, undecided, this.waiting]);
    if (this.footMeaning === meaning) return;
    this.footMeaning = meaning;
    if (view.mode === "state") {
      replace(this.foot, button(view.title, "", () => this.submit(view.intent), "submit-state"), button("Cancel", secondary, () => this.close(), "cancel-state"));
      return;
    }
    replace(this.foot,
      this.form.changes,
      view.mode === "note"
        ? button("Add note", "", () => this.submit("note"), "submit-note")
        : [may.publish && !undecided ? button(may.own ? "Save and send" : "Publish", "", () => this.submit("publish"), "publish") : null,
           may.submit && !undecided ? button("Submit for approval", secondary, () => this.submit("submit"), "submit") : null,
           undecided ? el("span", { class: "wrong" }, "Choose a version of each conflict first.") : null,
           button(may.own ? "Not now" : "Save and close", secondary, () => this.close(), "save-and-close")],
      button("Discard", secondary, () => this.askDiscard(), "discard"),
      this.kept);
  }

  say(words, wrong = false) {
    replace(this.status, words ? el("div", { class: wrong ? "say say--wrong" : "say", "data-testid": "panel-message" }, words) : null);
    if (words) this.status.scrollIntoView({ block: "nearest" });
  }

  // Nothing once the panel was ended, or when the answer is another patient's (hazard H1).
  async guarded(promise) {
    const answer = await promise;
    if (this.ended || (answer.patient && answer.patient !== this.patient)) return null;
    return answer;
  }

  async attempt(work) {
    try {
      return await work();
    } catch (problem) {
      if (!this.ended) this.say(problem.message, true);
      return null;
    }
  }

  // A view that was asked for before an answer was sent is older than the form: it is asked for again.
  refresh() {
    return this.attempt(async () => {
      for (;;) {
        const sent = this.form?.sent;
        const answer = await this.guarded(get(`panels/${this.id}`));
        if (!answer) return;
        if (this.form?.sent === sent && !this.form?.sending) return this.show(answer.view);
        await Promise.resolve(this.form.sending).catch(() => {});
      }
    });
  }

  reveal(linkId) {
    return this.attempt(async () => (await this.guarded(post(`panels/${this.id}/reveal`, { linkId })))?.item);
  }

  resolve(unit, keep) {
    return this.attempt(async () => {
      if (!(await this.form.flush())) return;
      const answer = await this.guarded(post(`panels/${this.id}/resolve`, { unit, keep }));
      if (answer) this.show(answer.view);
    });
  }

  submit(intent) {
    return this.attempt(async () => {
      if (!(await this.form.flush())) return this.say("Correct what is marked first.", true);
      const check = await this.guarded(post(`panels/${this.id}/validate`, { intent }));
      if (!check) return;
      const issues = check.outcome?.issue ?? [];
      if (!check.ok) {
        const blocking = issues.filter((issue) => issue.severity === "error" || issue.severity === "fatal");
        const first = this.form.showIssues(blocking);
        const words = blocking.length ? `${blocking.length} ${blocking.length === 1 ? "thing stands" : "things stand"} against this.` : "";
        this.say([check.sentence, words].filter(Boolean).join(" ") || "This cannot be sent yet.", true);
        if (first) this.form.focus(first);
        return;
      }
      this.waiting = true;
      this.showFoot(this.view);
      try {
        await post(`panels/${this.id}/submit`, { intent });
      } catch (problem) {
        this.waiting = false;
        this.showFoot(this.view);
        throw problem;
      }
      if (this.waiting && !this.ended) this.say("Kept on this computer. Waiting for the exchange to confirm: NOT shared yet.");
    });
  }

  accept(intent) {
    return this.attempt(async () => {
      this.waiting = true;
      this.show(this.view);
      try {
        await post(`panels/${this.id}/submit`, { intent });
      } catch (problem) {
        this.waiting = false;
        this.show(this.view);
        throw problem;
      }
    });
  }

  // The one completion of what was submitted.
  async completed(outcome) {
    this.waiting = false;
    if (this.ended) return;
    if (outcome.ok) {
      this.host.done(this, outcome.sentence || "Saved and read back.");
      return;
    }
    await this.refresh();
    // The panel itself may say it by now.
    const said = outcome.sentence && (this.view.warnings ?? []).some((one) => one.includes(outcome.sentence));
    this.say(said ? "" : outcome.sentence || "This was refused. Nothing was shared.", true);
  }

  askDiscard() {
    replace(this.status, el("div", { class: "say say--new say--act", "data-testid": "ask-discard" }, el("span", {}, "Delete this draft? What you typed is lost."),
      el("span", { class: "flags" }, el("button", { type: "button", class: "btn", onclick: () => this.discard(), "data-testid": "discard-yes" }, "Delete the draft"),
        el("button", { type: "button", class: "btn", onclick: () => this.say("") }, "Keep it"))));
    this.status.querySelector("button").focus();
  }

  // Escape takes back a question that was not answered; it closes nothing that somebody wrote in.
  takeBack(event) {
    if (event.key !== "Escape" || !this.status.querySelector("[data-testid=ask-discard]")) return;
    this.say("");
    this.foot.querySelector("[data-testid=discard]")?.focus();
  }

  discard() {
    return this.attempt(async () => {
      this.form.end();
      try {
        await post(`panels/${this.id}/discard`);
      } catch (problem) {
        this.form.goOn();
        throw problem;
      }
      this.end();
      this.host.closed(this);
    });
  }

  close() {
    return this.attempt(async () => {
      if (this.form && !(await this.form.flush())) return this.say("Something marked below is not kept yet. Correct or empty it, then close.", true);
      await post(`panels/${this.id}/close`);
      this.end();
      this.host.closed(this);
    });
  }

  // Draws nothing from now on, and takes what was drawn away.
  end() {
    this.ended = true;
    this.form?.end();
    this.node.replaceChildren();
    this.node.remove();
  }
}
