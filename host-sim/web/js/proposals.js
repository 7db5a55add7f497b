// What a patient suggests: for the patient what became of it, for clinicians what waits for them.
import { dateTimeWords, el } from "./dom.js";

const line = (one) => el("p", {}, el("span", { class: "quiet" }, `${one.label}: `), el("b", {}, one.after || "nothing, leave it empty"));

const became = {
  waits: "Your care team has not answered yet. Your plan stays as it is until they agree.",
  taken: "Your care team took this into your plan.",
  declined: "Your care team did not take this into your plan.",
  "taken-back": "You took this back.",
};

export function ownSuggestions(view, open) {
  const all = [...(view.proposals ?? [])].reverse();
  if (all.length === 0) return null;
  return el("section", { class: "card", "aria-label": "Suggestions", "data-testid": "own-suggestions" }, el("h2", {}, "What you suggested"),
    all.map((one) => el("div", { class: one.state === "waits" ? "say say--new" : "say", "data-testid": `suggestion-${one.state}` },
      one.questions.map(line),
      el("p", {}, became[one.state] ?? "", one.decided?.reason ? el("span", {}, " They wrote: ", el("q", { dir: "auto" }, one.decided.reason)) : null),
      el("p", { class: "quiet" }, `${one.own ? "You" : one.author}, ${dateTimeWords(one.suggested)}`, one.decided?.by && one.state !== "taken-back" ? `. Answered by ${one.decided.by}, ${dateTimeWords(one.decided.when)}` : ""),
      one.take_back ? el("button", { type: "button", class: "btn", onclick: () => open(one.take_back), "data-testid": "take-back" }, "Take this back") : null)));
}

// Changes nothing by itself: taken into a draft, or declined with a reason that the patient reads.
export function patientSuggests(view, open) {
  const waiting = (view.proposals ?? []).filter((one) => one.state === "waits" && !one.take_back);
  if (waiting.length === 0 || view.may?.own) return null;
  return el("section", { class: "say", "aria-label": "The patient suggests", "data-testid": "patient-suggests" }, el("h3", {}, "The patient suggests"),
    waiting.map((one) => el("div", { "data-testid": `proposal-${one.questions[0]?.linkId}` },
      one.questions.map((each) => el("p", {}, el("b", {}, `${each.label}: `), each.after || "nothing, leave it empty", el("span", { class: "quiet" }, each.before ? ` (the plan says: ${each.before})` : " (the plan says nothing)"))),
      el("p", { class: "quiet" }, `${one.author}, ${dateTimeWords(one.suggested)}. Not part of the plan.`),
      one.in_draft ? el("p", {}, "It is in your draft.")
        : el("span", { class: "flags" },
          one.take ? el("button", { type: "button", class: "btn", onclick: () => open(one.take), "data-testid": "take" }, "Take into my draft") : null,
          one.decline ? el("button", { type: "button", class: "btn", onclick: () => open(one.decline), "data-testid": "decline" }, "Decline") : null))));
}
