// Who looked at a plan, for the person whose plan it is: newest first. "Nobody" and "could not be found out" are
// never the same words.
import { dateTimeWords, el, timeWords } from "./dom.js";

function span(one) {
  const begin = dateTimeWords(one.first);
  const end = dateTimeWords(one.last);
  if (begin === end) return begin;
  return begin.slice(0, 11) === end.slice(0, 11) ? `${begin} to ${timeWords(one.last)}` : `${begin} to ${end}`;
}

function visit(one) {
  const who = one.own ? "You" : one.name || "Somebody whose name is not known";
  const where = one.own ? "" : [one.role_words, one.organisation].filter(Boolean).join(", ");
  return el("li", { class: one.emergency ? "card card--emergency" : "card", "data-testid": one.own ? "look-own" : "look" },
    el("h3", {}, who, where ? `, ${where}` : ""),
    el("p", { class: "num" }, span(one)),
    one.own ? null : el("p", {}, one.emergency ? el("b", {}, "Why: ") : "Why: ", one.why, "."),
    el("p", { class: "quiet" }, `What: ${one.what.join(", ")}.`));
}

export function looks(view) {
  const found = view.looked_at;
  if (!found) return el("p", { class: "quiet", "data-testid": "looks-loading" }, view.plan === "loading" ? "Finding out who looked" : "It is not shown now who looked at this plan.");
  if (found.state !== "known") return el("div", { class: "say say--wrong", role: "alert", "data-testid": "looks-not-known" }, found.sentence);
  return el("section", { "aria-label": "Who looked at the plan", "data-testid": "looks" },
    found.entries.some((one) => !one.own) ? null : el("p", { class: "lead", "data-testid": "looks-nobody" }, `Nobody${found.entries.length ? " but you" : ""} has looked at this plan so far, as far as this service was told.`),
    found.entries.length ? el("ol", { class: "looks" }, found.entries.map(visit)) : null,
    found.earlier ? el("p", { class: "lead quiet" }, `${found.earlier} earlier visits are not listed here. Ask the practice for them.`) : null,
    el("p", { class: "lead quiet" }, found.note));
}
