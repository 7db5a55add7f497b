// A plan as it is read: the CPR line, the first screen in the view's order, all sections, notes.
import { el, dateTimeWords, dateWords, nameParts, nhsNumberWords, number, timeWords, todayOrDateTime, withDates } from "./dom.js";
import { flag } from "./flags.js";

const slotCpr = 1;

export function identity(subject) {
  const name = subject?.family ? nameParts(subject) : "Person not named";
  return el("div", { class: "who", "data-testid": "panel-who" }, el("b", {}, name),
    el("span", {}, "Born ", el("strong", { class: "num" }, dateWords(subject?.birth_date))),
    el("span", {}, "NHS No. ", el("strong", { class: "num" }, nhsNumberWords(subject?.nhs_number))));
}

// Two times, never merged: when the plan changed and when the exchange last confirmed it.
export function times(view) {
  const part = (label, words, id) => (words ? el("span", {}, `${label} `, el("b", { class: "num", "data-testid": id }, words)) : null);
  return el("p", { class: "panel__times" },
    part(view.mode === "edit" ? "Based on revision" : "Revision", view.revision ? String(view.revision) : "", "panel-revision"),
    part("Amended", dateTimeWords(view.amended), "panel-amended"),
    part("Checked", todayOrDateTime(view.checked), "panel-checked"),
    part("By", view.author, "panel-author"),
    part("Approved by", view.approver, "panel-approver"));
}

export function warnings(view, reload) {
  const out = (view.warnings ?? []).map((text) => el("div", { class: "say say--wrong", role: "alert", "data-testid": "warning" }, text));
  if (view.newer)
    out.push(el("div", { class: "say say--new say--act", role: "status", "data-testid": "newer-revision" },
      el("span", {}, el("b", {}, "A newer revision exists. "), `Revision ${view.newer.revision}, ${dateTimeWords(view.newer.amended)}${view.newer.author ? `, ${view.newer.author}` : ""}`),
      el("button", { type: "button", class: "btn", onclick: reload, "data-testid": "read-newer" }, "Read it")));
  return out;
}

function cprLine(view, lastKnown) {
  const flags = (view.flags ?? []).filter((one) => one.slot === slotCpr || one.slot === "cpr");
  if (flags.length === 0) return null;
  const decision = (view.summary ?? []).find((one) => one.linkId === "cpr.decision");
  return el("div", { class: "cpr-line", "data-testid": "panel-cpr" }, flags.map((one) => flag(one.id, one.short, { lastKnown, note: lastKnown ? `as of ${todayOrDateTime(view.checked) || "unknown time"}` : "" })), el("b", {}, decision?.text || flags[0].long));
}

function answer(item, reveal) {
  if (item.masked) {
    const place = el("dd", { "data-testid": `answer-${item.linkId}` });
    place.append(el("button", { type: "button", class: "btn", onclick: async () => {
      const revealed = await reveal(item.linkId);
      if (revealed) place.replaceChildren((revealed.answer ?? []).map((one) => String(one.valueString ?? one.valueCoding?.display ?? "")).join(", ") || "nothing recorded");
    } }, `Show ${item.label.toLowerCase()}`), el("span", { class: "quiet" }, " recorded with your name"));
    return place;
  }
  const rows = item.rows?.length > 0
    ? el("div", { class: "if" }, item.rows.map((row) => el("span", {}, el("b", {}, row[0] ?? ""), row.length > 1 ? `: ${withDates(row.slice(1).filter(Boolean).join(", "))}` : "")))
    : withDates(item.text) || el("span", { class: "quiet" }, "not recorded");
  return el("dd", { "data-testid": `answer-${item.linkId}` }, rows);
}

function facts(items, reveal) {
  return el("dl", { class: "facts", "data-testid": "facts" }, items.flatMap((item) => [el("dt", {}, item.label), answer(item, reveal)]));
}

export function notesOf(view) {
  if (!view.notes?.length) return null;
  return el("section", { "data-testid": "notes" }, el("h3", { class: "gap" }, "Notes of urgent care contacts"),
    el("dl", { class: "facts" }, view.notes.flatMap((note) => [
      el("dt", {}, number(todayOrDateTime(note.when))),
      el("dd", {}, note.new ? el("span", { class: "mode mode--new" }, "not accepted yet") : null, note.new ? " " : null, note.text, note.outcome ? el("b", {}, ` ${note.outcome}.`) : null, note.review_asked ? el("b", {}, " Review asked.") : null,
        el("span", { class: "quiet" }, ` ${note.author ?? ""}`)),
    ])));
}

export function reading(view, { reveal, allOpen, onAll, lastKnown }) {
  const sections = (view.sections ?? []).map((section) =>
    el("section", {}, el("h3", { class: "gap" }, section.title), facts(section.items ?? [], reveal)));
  const all = el("details", { class: "nhsuk-details", "data-testid": "all-sections" },
    el("summary", { class: "nhsuk-details__summary" }, el("span", { class: "nhsuk-details__summary-text" }, "All sections")),
    el("div", { class: "nhsuk-details__text" }, sections));
  all.open = allOpen;
  all.addEventListener("toggle", () => onAll(all.open));
  // Where no flag says the decision (a plan opened in an emergency), the first screen does.
  const cpr = cprLine(view, lastKnown);
  return [
    cpr,
    facts((view.summary ?? []).filter((item) => (!cpr || item.linkId !== "cpr.decision") && item.linkId !== "evt.note"), reveal),
    notesOf(view),
    sections.length > 0 ? all : null,
    sections.length > 0 ? el("p", { class: "quiet gap" }, `Valid as of ${timeWords(view.checked) || "an unknown time"}. Read it again before you act.`) : null,
  ];
}
