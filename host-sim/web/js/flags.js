// Flags: words of the data set in the look of their kind. Rules:
// an unknown flag keeps its own words; a decision that is old is dashed and dated, never dropped or faded;
// where there is no plan, or none is known, the place is never empty (hazard H3).
import { el, replace, timeWords, todayOrDateTime } from "./dom.js";

const looks = {
  "cpr-conflict": "flag--conflict",
  "cpr-unreadable": "flag--unreadable",
  dnacpr: "flag--dnacpr",
  "cpr-modified": "flag--modified",
  "for-cpr": "flag--forcpr",
  "cpr-none": "flag--norecord",
  adrt: "flag--quiet",
  lpa: "flag--quiet",
  ceiling: "flag--quiet",
  anticipatory: "flag--quiet",
  "icd-active": "flag--quiet",
  "anticipatory-expired": "flag--warn",
  "staff-note": "flag--warn",
  "review-overdue": "flag--warn",
  "not-known": "flag--unknown",
  suspended: "flag--hidden",
  closed: "flag--closed",
  removed: "flag--closed",
  "not-sent": "flag--unsent",
  "own-draft": "flag--work",
  "awaiting-approval": "flag--work",
};

const slotKnowledge = 0;
const slotCpr = 1;

export function flag(id, words, { note = "", lastKnown = false, changed = false, mayDrop = false } = {}) {
  const classes = ["flag", looks[id] ?? "flag--quiet"];
  if (lastKnown) classes.push("flag--asof");
  if (changed) classes.push("flag--changed");
  return el(
    "span",
    { "data-may-drop": mayDrop, class: classes.join(" "), "data-testid": `flag-${id}`, "data-state": lastKnown ? "last-known" : "current" },
    el("b", {}, words),
    note && el("i", {}, note),
  );
}

function contentFlag(one, plan) {
  const note = one.last_known && one.slot === slotCpr ? `as of ${todayOrDateTime(plan.checked) || "unknown time"}`
    : one.changed ? `changed ${todayOrDateTime(one.changed)}` : "";
  return flag(one.id, one.words, { note, lastKnown: one.last_known, changed: Boolean(one.changed), mayDrop: one.slot !== slotCpr });
}

const wordsOf = (plan, id, otherwise) => plan.flags.find((one) => one.id === id)?.words || otherwise;

// What stands in the first place when the plan is not simply active. On a board, where there is little room, the bar
// says why what was known is so no more.
function knowledge(plan, hasLastKnown, room = 99) {
  switch (plan.knowledge) {
    case "plan":
      return [];
    case "no-plan":
      return [
        el("span", { class: "know", "data-testid": "flag-no-plan" }, `${wordsOf(plan, "no-plan", "No plan found")} `,
          el("span", { class: "quiet num" }, `checked ${timeWords(plan.checked)}`)),
      ];
    case "suspended":
      return [flag("suspended", wordsOf(plan, "suspended", "Plan not shared")), el("span", { class: "know" }, "CPR not known here")];
    case "closed":
      return [flag("closed", wordsOf(plan, "closed", "Plan closed"))];
    case "removed":
      return [flag("removed", wordsOf(plan, "removed", "Plan withdrawn")), el("span", { class: "know" }, "do not rely on what was read")];
    // "No plan found" is never kept: what was not there may be there now.
    default:
      return hasLastKnown
        ? [flag("not-known", "Not known now", { note: room < 99 ? "" : plan.reason })]
        : [flag("not-known", plan.last_knowledge === "no-plan" ? "Not known now" : "Plan not known", { note: plan.reason })];
  }
}

// The flags of one patient in order. `room` limits how many stand on a board; the rest are counted, and
// knowledge and CPR are never among them.
export function flagList(plan, { room = 99 } = {}) {
  const content = plan.flags.filter((one) => one.slot !== slotKnowledge && one.words);
  const lastKnown = content.some((one) => one.last_known);
  const cpr = content.filter((one) => one.slot === slotCpr).map((one) => contentFlag(one, plan));
  const others = content.filter((one) => one.slot !== slotCpr && !(one.covered && room < 99));
  const covered = content.filter((one) => one.slot !== slotCpr && one.covered && room < 99).length;
  const know = knowledge(plan, lastKnown, room);
  if (plan.knowledge === "plan" && cpr.length === 0) cpr.push(flag("cpr-unreadable", "CPR: open plan"));
  const left = Math.max(0, room - cpr.length - know.length);
  const shown = others.slice(0, left).map((one) => contentFlag(one, plan));
  const more = others.length - Math.min(left, others.length) + covered;
  const list = lastKnown || plan.knowledge === "plan" ? [...cpr, ...know, ...shown] : [...know, ...cpr, ...shown];
  if (room < 99) list.push(countMore(el("span", { class: "more", "data-testid": "flag-more", "data-base": String(more) }), more));
  return list;
}

export function countMore(place, count) {
  place.hidden = count === 0;
  replace(place, `+${count}`, el("span", { class: "nhsuk-u-visually-hidden" }, ` more flag${count > 1 ? "s" : ""}`));
  return place;
}

// One neutral flag for every plan, for a screen that faces the public: the same place, never empty.
export function discreetFlags(plan) {
  if (plan.knowledge === "plan") return [el("span", { class: "flag flag--quiet", "data-testid": "flag-discreet" }, el("b", {}, "Care plan: open"))];
  if (plan.knowledge === "no-plan") return knowledge(plan, false);
  if (plan.knowledge === "not-known") return [flag("not-known", plan.flags.length ? "Not known now" : "Plan not known")];
  return [el("span", { class: "flag flag--quiet", "data-testid": "flag-discreet" }, el("b", {}, "Care plan: open"))];
}

export const hasChange = (plan) => plan.flags.some((one) => one.changed);

export function countsWords(rows) {
  const counts = {};
  for (const row of rows) counts[row.plan.knowledge] = (counts[row.plan.knowledge] ?? 0) + 1;
  const words = [["plan", "with a plan"], ["no-plan", "no plan found"], ["not-known", "not known"], ["suspended", "not shared"], ["closed", "died"], ["removed", "withdrawn"]];
  return words.filter(([key]) => counts[key]).map(([key, text]) => `${counts[key]} ${text}`).join(", ");
}
