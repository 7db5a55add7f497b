// Every published revision of a plan and every change of its state, newest first, with what changed.
import { dateTimeWords, dateWords, el, withDates } from "./dom.js";

// A plan that is all new stays folded.
const manyChanges = 12;
const kinds = { added: "Added", removed: "Removed", changed: "Changed" };

function value(words, name) {
  return words ? el(name, {}, withDates(words)) : null;
}

function change(one) {
  const where = [one.group, one.row_words].filter(Boolean).join(", ");
  return el("li", { "data-testid": `change-${one.linkId}` }, el("b", {}, `${kinds[one.change] ?? "Changed"}: ${one.label}`), where ? el("span", { class: "quiet" }, ` (${where})`) : null,
    el("div", { class: "change" }, value(one.before, "del"), one.before && one.after ? " \u2192 " : null, value(one.after, "ins")));
}

function revision(one, open, restore) {
  const changes = one.changes ?? [];
  const count = one.problem ? "" : changes.length === 0 ? "nothing that is shown here" : `${changes.length} ${changes.length === 1 ? "answer" : "answers"}`;
  const approved = one.approver && one.approver !== one.author ? `, approved by ${one.approver}` : "";
  const details = el("details", { class: "past", "data-testid": `revision-${one.revision}` },
    el("summary", {}, el("b", {}, `Revision ${one.revision}`), one.current ? el("span", { class: "mode" }, "stands now") : null, one.new ? el("span", { class: "mode mode--new" }, "not accepted yet") : null,
      el("span", {}, ` ${dateTimeWords(one.when)}, ${one.author || "not known who"}${approved}`), el("span", { class: "quiet" }, count ? `, ${count}` : "")),
    one.problem ? el("p", { class: "wrong" }, one.problem) : el("ul", { class: "changes" }, changes.map(change)),
    one.restore && restore ? el("button", { type: "button", class: "btn", onclick: () => restore(one.restore), "data-testid": one.restore }, `Restore revision ${one.revision} as a new draft`) : null);
  details.open = open;
  return details;
}

function state(one) {
  const since = one.since ? `, since ${dateWords(one.since)}` : "";
  return el("p", { class: "past", "data-testid": "past-state" }, el("b", {}, `The plan became: ${one.state}`), one.new ? el("span", { class: "mode mode--new" }, "not accepted yet") : null, ` ${one.when ? dateTimeWords(one.when) : ""}${one.author ? `, ${one.author}` : ""}${since}${one.reason ? `. ${one.reason}` : ""}`);
}

export function history(view, { restore } = {}) {
  if (!view.history) return view.plan === "loading" ? el("p", { class: "quiet" }, "Reading the history") : null;
  let first = true;
  return el("section", { "aria-label": "History", "data-testid": "history" }, view.history.map((one) => {
    if (!one.revision) return state(one);
    const node = revision(one, first || (Boolean(one.new) && (one.changes ?? []).length <= manyChanges), restore);
    first = false;
    return node;
  }));
}
