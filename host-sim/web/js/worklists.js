// What waits for somebody, above the list: one's own changes that came back, those of colleagues, and what others changed.
import { dateTimeWords, el, fullName, replace } from "./dom.js";

export const inbox = el("div");
export const worklist = el("div");
export const suggested = el("div");

const withRows = (waiting, rows) => (waiting ?? []).map((one) => ({ ...one, row: rows.find((each) => each.nhs_number === one.nhs_number) })).filter((one) => one.row);

const say = (name, id, title, lines) => (lines.length === 0 ? null : el("section", { class: "say say--new", "aria-label": name, "data-testid": id }, el("h2", {}, title), el("ul", {}, lines)));
const line = (open, row, action, words) => el("li", {}, el("button", { type: "button", class: "link", onclick: () => open(row.id, action) }, fullName(row)), ` ${words}`);

// What this user sent and nobody else has, and why; and what colleagues sent, whoever is first decides it.
function drawInbox(state, open) {
  const own = withRows(state.me.session?.not_shared, state.rows);
  const theirs = withRows(state.me.session?.inbox, state.rows);
  const audit = state.me.session?.audit?.sentence;
  replace(inbox,
    audit ? el("p", { class: "say say--wrong", role: "alert", "data-testid": "audit-broken" }, audit) : null,
    say("Changes not shared", "came-back", "Your changes that are NOT shared", own.map(({ row, since, action, sentence }) => line(open, row, action, `came back ${dateTimeWords(since)}. ${sentence}`))),
    say("Changes of colleagues not shared", "inbox", "Changes of colleagues that are NOT shared", theirs.map(({ row, sentence }) => line(open, row, "take-over", sentence))));
}

// Patients of this practice whose plan others changed: seen, accepted, and gone from the list.
function drawElsewhere(state, open) {
  const changed = withRows(state.me.session?.changed_elsewhere, state.rows);
  const unfolded = worklist.querySelector("details")?.open ?? changed.length < 6;
  replace(worklist, changed.length === 0 ? null : el("details", { class: "say", open: unfolded, "data-testid": "changed-elsewhere" },
    el("summary", {}, el("b", {}, `Changed elsewhere: ${changed.length} ${changed.length === 1 ? "plan" : "plans"} to look at`)),
    el("ul", {}, changed.map((one) => el("li", { "data-testid": `elsewhere-${one.row.id}` }, el("button", { type: "button", class: "link", onclick: () => open(one.row.id, "accept") }, fullName(one.row)),
      ...one.changes.map((change) => el("span", { "data-testid": `elsewhere-${change.change}` }, ` ${change.text}${change.when ? `, ${dateTimeWords(change.when)}` : ""}.`)))))));
}

// Patients who suggest a change to their own plan: it waits for an answer and changes nothing by itself.
function drawSuggested(state, open) {
  const waiting = withRows(state.me.session?.proposals, state.rows);
  replace(suggested, waiting.length === 0 ? null : el("section", { class: "say", "aria-label": "Patients suggest changes", "data-testid": "patients-suggest" },
    el("h2", {}, "Patients suggest changes to their plans"),
    el("ul", {}, waiting.map(({ row: one, count }) => el("li", {}, el("button", { type: "button", class: "link", onclick: () => open(one.id, "read"), "data-testid": `suggests-${one.id}` }, fullName(one)), ` ${count} ${count === 1 ? "suggestion" : "suggestions"} to answer`)))));
}

export function drawWorklists(state, open) {
  drawInbox(state, open);
  drawElsewhere(state, open);
  drawSuggested(state, open);
}
