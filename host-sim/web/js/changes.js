// What publishing does, in words, before it is done: what was and what will be.
import { el } from "./dom.js";

// Of a new plan everything is new: nothing to compare. `wasOpen`: whether somebody has closed it.
export function changesOf(view, linkTo, wasOpen) {
  if (view.mode !== "edit" || !view.revision) return null;
  const changes = view.changes ?? [];
  // What waits for a choice is a change that nobody has lost.
  if (changes.length === 0 && view.conflicts?.length) return null;
  if (changes.length === 0) return el("p", { class: "quiet", "data-testid": "no-changes" }, "You have changed nothing yet.");
  const important = [...changes.filter((one) => one.safety_critical), ...changes.filter((one) => !one.safety_critical)];
  const words = `You change ${changes.length === 1 ? "1 answer" : `${changes.length} answers`} of revision ${view.revision}`;
  return el("details", { class: "nhsuk-details", open: wasOpen, "data-testid": "changes" },
    el("summary", { class: "nhsuk-details__summary" }, el("span", { class: "nhsuk-details__summary-text" }, words)),
    el("dl", { class: "facts facts--changes", tabindex: "0", "aria-label": words }, important.flatMap((one) => [el("dt", {}, linkTo(one.linkId, one.label)),
      el("dd", { "data-testid": `change-${one.linkId}` }, el("span", { class: "quiet" }, "was: "), one.before || "no answer",
        el("br"), el("span", { class: "quiet" }, "will be: "), el("b", {}, one.after || "no answer"))])));
}

// Answers whose question is not asked any more: kept in the draft, so that they come back, and not published.
export function leftOut(view) {
  const out = view.left_out ?? [];
  if (out.length === 0) return null;
  return el("section", { class: "say say--new", "aria-labelledby": "left-out-title", "data-testid": "left-out" },
    el("h3", { id: "left-out-title" }, "Not asked any more, and left out when you publish"),
    el("ul", {}, out.map((one) => el("li", {}, `${one.label}: ${one.text}`))),
    el("p", { class: "quiet" }, "Your draft keeps them: they come back if the question is asked again."));
}
