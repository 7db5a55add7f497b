// The form of a plan or a note: what is missing first, then conflicts, then the questions in entry order.
import { changesOf, leftOut } from "./changes.js";
import { el, place, replace, dateTimeWords, timeWords } from "./dom.js";
import { makeField } from "./fields.js";

const pauseMs = 500;
const againMs = 1000;

export class Form {
  // `send(items)` keeps the draft and gives the new view; `failed(problem)` says why it could not.
  constructor(view, { send, failed, resolve, reveal }) {
    this.actions = { send, failed, resolve, reveal };
    this.fields = new Map();
    this.signatures = new Map();
    this.pending = new Set();
    this.sending = null;
    this.sent = 0;
    this.timer = null;
    this.ended = false;
    this.top = el("div");
    this.core = el("div", { "data-testid": "core" });
    this.more = el("div", { "data-testid": "more" });
    this.sections = new Map();
    this.inRows = [];
    this.last = el("div");
    // Stands beside the button that publishes.
    this.changes = el("div", { class: "changes" });
    this.node = el("div", {}, this.top, this.core, this.more, this.last);
    // A field that was left is drawn again if it changed while somebody was writing in it.
    this.node.addEventListener("focusout", () => setTimeout(() => {
      if (!this.stale || this.ended || this.sending) return;
      this.stale = false;
      this.show(this.view);
    }));
    this.show(view);
  }

  show(view) {
    this.view = view;
    replace(this.top, this.submitted(view), this.missing(view), (view.conflicts ?? []).map((one) => this.conflict(one, view)), this.merged(view));
    const open = this.changes.querySelector("details")?.open ?? true;
    replace(this.changes, changesOf(view, (linkId, words) => this.linkTo(linkId, words, "changed"), open));
    replace(this.last, leftOut(view));
    const items = (view.items ?? []).filter((item) => item.enabled !== false);
    if (view.may?.own) this.placeOwn(items);
    else this.place(this.core, items.filter((item) => item.core && item.entry !== "confirm"), this.confirm(items));
    this.placeMore(view.may?.own ? [] : items.filter((item) => !item.core && item.entry !== "confirm"));
    const kept = new Set(items.map((item) => item.linkId));
    for (const linkId of [...this.fields.keys()])
      if (!kept.has(linkId)) this.drop(linkId);
    this.inRows.forEach(([field, row, linkId]) => field.sayInRow(row, linkId, ""));
    this.inRows = [];
    for (const issue of view.issues ?? []) if (issue.row && issue.severity !== "information") this.sayInRow(issue.linkId, issue.row, issue.text);
  }

  drop(linkId) {
    this.fields.get(linkId).node.remove();
    this.fields.delete(linkId);
    this.signatures.delete(linkId);
    this.pending.delete(linkId);
  }

  // Keeps the node of a field that did not change, or in which somebody is writing.
  fieldFor(item) {
    const { message, text, ...rest } = item;
    const signature = JSON.stringify(rest);
    const old = this.fields.get(item.linkId);
    if (old && (this.signatures.get(item.linkId) === signature || old.hasFocus() || this.pending.has(item.linkId))) {
      old.adopt(item);
      old.say(message?.text);
      this.stale ||= old.hasFocus() && this.signatures.get(item.linkId) !== signature;
      if (!old.hasFocus() && !this.pending.has(item.linkId)) this.signatures.set(item.linkId, signature);
      return old;
    }
    const field = makeField(item, { changed: (one) => this.changed(one), reveal: this.actions.reveal });
    old?.node.replaceWith(field.node);
    this.fields.set(item.linkId, field);
    this.signatures.set(item.linkId, signature);
    return field;
  }

  place(container, items, first) {
    place(container, [first, ...items.map((item) => this.fieldFor(item).node)].filter(Boolean));
  }

  // A patient's form: what is theirs, and below it what they suggest.
  placeOwn(items) {
    this.ownHeads ??= [el("div", {}, el("h3", {}, "Yours to change"), el("p", { class: "quiet" }, "This changes in your plan as soon as you save.")),
      el("div", { "data-testid": "suggest-head" }, el("h3", {}, "What you would like your care team to change"), el("p", { class: "quiet" }, "This is a suggestion. Your plan changes only when they agree."))];
    const [own, asked] = [items.filter((item) => !item.proposal), items.filter((item) => item.proposal)].map((list) => list.map((item) => this.fieldFor(item).node));
    place(this.core, [own.length ? this.ownHeads[0] : null, ...own, asked.length ? this.ownHeads[1] : null, ...asked].filter(Boolean));
  }

  // Identity, practice and such: pre-filled, one strip, opened to change.
  confirm(items) {
    const strip = items.filter((item) => item.entry === "confirm");
    if (strip.length === 0) return null;
    const known = strip.filter((item) => item.text).map((item) => item.text).join(" · ");
    this.confirmBox ??= this.details("Person and practice, from this record", "identity");
    this.confirmBox.quiet.textContent = known;
    this.place(this.confirmBox.body, strip);
    if (strip.some((item) => item.message)) this.confirmBox.node.open = true;
    return this.confirmBox.node;
  }

  details(title, id) {
    const quiet = el("span", { class: "quiet" });
    const body = el("div", { class: "nhsuk-details__text" });
    const node = el("details", { class: "nhsuk-details", "data-testid": `details-${id}` },
      el("summary", { class: "nhsuk-details__summary" }, el("span", { class: "nhsuk-details__summary-text" }, title), " ", quiet), body);
    return { node, quiet, body };
  }

  placeMore(items) {
    const sections = new Map();
    for (const item of items) {
      const section = item.section ?? "";
      if (!sections.has(section)) sections.set(section, []);
      sections.get(section).push(item);
    }
    for (const [section, box] of this.sections)
      if (!sections.has(section)) { box.node.remove(); this.sections.delete(section); }
    for (const [section, list] of sections) {
      if (!this.sections.has(section)) this.sections.set(section, this.details(`More: ${list[0].section_title ?? section}`, section));
      const box = this.sections.get(section);
      const filled = list.filter((item) => item.text || item.answer?.length || item.rows?.length).length;
      box.quiet.textContent = `${filled || "none"} of ${list.length} filled`;
      this.place(box.body, list);
    }
    place(this.more, [...sections.keys()].map((section) => this.sections.get(section).node));
  }

  // What somebody submitted, for the eyes of who approves it; or why it came back.
  submitted(view) {
    const submission = view.submission;
    if (!submission) return null;
    const back = submission.sent_back;
    const changed = submission.changed ?? [];
    return el("section", { class: "say say--new", "aria-label": "Submitted change", "data-testid": "submitted" },
      el("h3", {}, `${submission.state === "not-shared" ? "NOT shared: change of" : "Submitted by"} ${submission.author}, ${dateTimeWords(submission.submitted)}`),
      back ? el("p", {}, `Sent back by ${back.by}: ${back.reason}`) : null,
      changed.length ? el("dl", { class: "facts" }, changed.flatMap((one) => [el("dt", {}, one.label),
        el("dd", {}, one.after || "no answer", el("span", { class: "quiet" }, one.before ? ` (was: ${one.before})` : " (new)"))])) : null);
  }

  missing(view) {
    const missing = view.missing ?? [];
    const loose = (view.issues ?? []).filter((issue) => !issue.linkId && issue.severity !== "information");
    const wrong = (view.issues ?? []).filter((issue) => issue.linkId && issue.severity === "error");
    if (view.mode === "state") return null;
    if (missing.length + loose.length + wrong.length === 0)
      return view.mode === "edit" && !view.may?.own ? el("p", { class: "say", "data-testid": "nothing-missing" }, el("span", { class: "good" }, "Nothing is missing to publish.")) : null;
    return el("div", { class: "say say--wrong", role: "group", "aria-labelledby": "missing-title", "data-testid": "missing", tabindex: "-1" },
      el("h3", { id: "missing-title" }, missing.length ? `Still missing to publish: ${missing.length}` : "Look at this before you publish"),
      el("ul", { class: "pairs" }, missing.map((one) => el("li", {}, this.linkTo(one.linkId, one.text, "missing", one.row)))),
      wrong.length ? el("ul", {}, wrong.map((one) => el("li", {}, this.linkTo(one.linkId, one.text, "wrong", one.row)))) : null,
      loose.map((issue) => el("p", {}, issue.text)));
  }

  linkTo(linkId, words, from, row) {
    const there = () => (row && this.fields.get(this.ownerOf(linkId))?.placeInRow(row, linkId)) || linkId;
    return el("a", { href: `#field-${linkId}`, "data-testid": `${from}-${linkId}`, onclick: (event) => { event.preventDefault(); this.focus(there()); } }, words || linkId);
  }

  // A link id, or the place of a question in a row.
  focus(linkId) {
    const node = typeof linkId !== "string" ? linkId : this.fields.get(linkId)?.node ?? this.node.querySelector(`[data-link-id="${CSS.escape(linkId)}"]`);
    for (let parent = node?.parentElement; parent; parent = parent.parentElement) if (parent.tagName === "DETAILS") parent.open = true;
    const control = node?.querySelector("input, select, textarea, button");
    node?.scrollIntoView({ block: "center" });
    control?.focus({ preventScroll: true });
  }

  conflict(one, view) {
    const side = (label, items, who, keep) => el("div", { class: one.resolved === keep ? "side is-chosen" : "side", "data-testid": `side-${keep}` },
      (items ?? []).length === 0 ? el("p", {}, "No answer") : items.map((item) => el("p", {}, el("span", { class: "quiet" }, `${item.label}: `), item.text || "no answer")),
      el("p", { class: "quiet" }, who),
      el("button", { type: "button", class: "btn", "aria-pressed": String(one.resolved === keep), "aria-label": `${label}: ${one.label}`, onclick: () => this.actions.resolve(one.unit, keep), "data-testid": `use-${keep}` }, label));
    const who = one.mine_author;
    const own = one.theirs_unpublished;
    return el("section", { class: "say say--new", "aria-label": `Conflict: ${one.label}`, "data-testid": `conflict-${one.unit}` },
      el("h3", {}, `${one.label}: ${own ? "you wrote two versions" : "changed by two people"}`),
      el("p", {}, one.resolved ? "You chose. Publish to share it." : "Choose one whole version. Nothing is mixed, and nothing is shared until you publish."),
      el("div", { class: "sides" }, side(who ? "Use what was not shared" : own ? "Use this draft" : "Use mine", one.mine, `${who ?? "Yours"}, not shared`, "mine"),
        side(own ? "Use the other" : who ? "Use what is published" : "Use theirs", one.theirs, `${own ? "Not shared" : "Published"} ${dateTimeWords(one.theirs_amended)}, ${one.theirs_author ?? ""}`, "theirs")),
      el("p", {}, own ? "Neither is shared until you publish." : `Until you publish, everyone sees ${who ? "what is published" : "theirs"}${view.newer?.revision ? `, revision ${view.newer.revision}` : ""}.`));
  }

  merged(view) {
    const merged = view.merged ?? [];
    if (merged.length === 0) return null;
    return el("section", { class: "say say--new", "data-testid": "merged" }, el("h3", {}, "Changed by someone else, and taken over"),
      el("ul", {}, merged.map((one) => el("li", {}, `${one.label}: ${one.text} (${one.author ?? ""})`))));
  }

  changed(field) {
    this.pending.add(field.linkId);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), pauseMs);
  }

  // Sends what changed, one update at a time. Resolves to true when the draft is on disk.
  async flush() {
    clearTimeout(this.timer);
    while (this.sending) await this.sending;
    const items = [];
    const sent = [];
    let wrong = 0;
    for (const linkId of this.pending) {
      const field = this.fields.get(linkId);
      const { items: answers, problem } = field?.read() ?? { items: [] };
      field?.say(problem);
      if (problem) { wrong += 1; continue; }
      items.push(...answers);
      sent.push(linkId);
    }
    if (this.ended) return this.pending.size === 0;
    if (items.length === 0) return wrong === 0;
    sent.forEach((linkId) => this.pending.delete(linkId));
    this.sent += 1;
    this.sending = this.actions.send(items);
    try {
      const view = await this.sending;
      if (view && !this.ended) this.show(view);
      return wrong === 0;
    } catch (problem) {
      sent.forEach((linkId) => this.pending.add(linkId));
      this.actions.failed(problem);
      // Nobody should have to type again because the plan service is being started.
      if (!this.ended && (problem.status === 503 || problem.status === 401)) this.timer = setTimeout(() => this.flush(), againMs);
      return false;
    } finally {
      this.sending = null;
    }
  }

  // Messages of a validation beside their fields; the first of them gets the focus.
  showIssues(issues) {
    let first = null;
    for (const issue of issues) {
      const asked = linkIdOf(issue.expression?.[0] ?? "");
      const linkId = this.ownerOf(asked);
      if (!linkId) continue;
      const words = issue.details?.text ?? issue.diagnostics ?? "Answer this question";
      const inner = linkId === asked ? null : this.sayInRow(asked, this.rowOf(asked), words);
      if (!inner) this.fields.get(linkId).say(words);
      first ??= inner ?? linkId;
    }
    return first;
  }

  // The row of which the engine says something about this question.
  rowOf(linkId) { return [...(this.view.missing ?? []), ...(this.view.issues ?? [])].find((one) => one.linkId === linkId && one.row)?.row ?? ""; }

  sayInRow(linkId, row, words) {
    const field = this.fields.get(this.ownerOf(linkId));
    const node = field?.sayInRow(row, linkId, words);
    if (node) this.inRows.push([field, row, linkId]);
    return node;
  }

  ownerOf(linkId) {
    if (this.fields.has(linkId)) return linkId;
    return [...this.fields.keys()].find((own) => linkId.startsWith(`${own}.`));
  }

  end() {
    this.ended = true;
    clearTimeout(this.timer);
  }

  // After an end that was refused: what was typed meanwhile is sent.
  goOn() {
    this.ended = false;
    if (this.pending.size > 0) this.flush();
  }
}

// A link id alone, or within FHIRPath.
const linkIdOf = (expression) => /linkId\s*=\s*'([^']+)'/.exec(expression)?.[1] ?? expression;

export function draftWords(view) {
  if (!view.draft?.kept) return null;
  return [el("span", { class: "good", "data-testid": "draft-kept" }, `Draft kept ${timeWords(view.draft.kept)}`), el("span", { class: "quiet" }, ", only you can see it")];
}
