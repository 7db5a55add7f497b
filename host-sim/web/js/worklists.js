// What waits for somebody, above the list: one's own changes that came back, and what others changed.
import { dateTimeWords, el, fullName, replace } from "./dom.js";

export const inbox = el("div");
export const worklist = el("div");
export const suggested = el("div");

const withRows = (waiting, rows) => (waiting ?? []).map((one) => ({ ...one, row: rows.find((each) => each.nhs_number === one.nhs_number) })).filter((one) => one.row);

// What this user sent and somebody else overtook: it waits for a decision.
function drawInbox(state, open) {
  const waiting = withRows(state.me.session?.not_shared, state.rows);
  replace(inbox, waiting.length === 0 ? null : el("section", { class: "say say--new", "aria-label": "Changes not shared", "data-testid": "came-back" },
    el("h2", {}, "Your changes that are NOT shared"),
    el("ul", {}, waiting.map(({ row: one, since }) => el("li", {}, el("button", { type: "button", class: "link", onclick: () => open(one.id) }, fullName(one)), ` came back ${dateTimeWords(since)}: open the plan and decide`)))));
}

// Patients of this practice whose plan others changed: seen, accepted, and gone from the list.
function drawElsewhere(state, open) {
  const changed = withRows(state.me.session?.changed_elsewhere, state.rows);
  const unfolded = worklist.querySelector("details")?.open ?? changed.length < 6;
  replace(worklist, changed.length === 0 ? null : el("details", { class: "say", open: unfolded, "data-testid": "changed-elsewhere" },
    el("summary", {}, el("b", {}, `Changed elsewhere: ${changed.length} ${changed.length === 1 ? "plan" : "plans"} to look at`)),
    el("ul", {}, changed.map((one) => el("li", { "data-testid": `elsewhere-${one.row.id}` }, el("button", { type: "button", class: "link", onclick: () => open(one.row.id, "accept") }, fullName(one.row)),
      ` revision ${one.revision}, ${dateTimeWords(one.amended)}, ${one.author}`)))));
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
