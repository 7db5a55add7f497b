// The host's own record of a patient: the host drew this before there was a plan.
import { age, dateWords, el, nameParts, nhsNumberWords, number } from "./dom.js";
import { flagList } from "./flags.js";

const sexWords = { female: "Female", male: "Male" };
const numberStatus = { 1: "verified", 2: "present, not traced", 3: "trace required", 4: "no or several matches", 5: "to be resolved", 6: "in progress" };

export function who(patient, heading = "h1") {
  const part = (label, words, id) => el("span", {}, `${label} `, el("strong", { class: "num", "data-testid": id }, words));
  return el("div", { class: "who", "data-testid": "banner" }, el(heading, { "data-testid": "banner-name" }, nameParts(patient)),
    patient.birth_date ? part("Born", `${dateWords(patient.birth_date)} (${age(patient.birth_date)}y)`, "banner-born") : part("Age", patient.age_words || "not known"),
    part("Gender", sexWords[patient.sex] ?? "not known"),
    patient.nhs_number
      ? el("span", {}, "NHS No. ", el("strong", { class: "num", "data-testid": "banner-nhs" }, nhsNumberWords(patient.nhs_number)), ` ${numberStatus[patient.number_status] ?? "not verified"}`)
      : part("NHS No.", "not known"),
    patient.record ? el("span", { class: "wide" }, "Usual GP ", el("strong", {}, patient.record.usual_gp)) : null);
}

export function strip(plan, details) {
  return el("div", { class: "strip" }, el("div", { class: "flags flags--wrap", "data-testid": "banner-flags" }, flagList(plan)), meanings(details));
}

// The long words of the flags: what they mean, in full.
function meanings(details) {
  const flags = details?.flags ?? [];
  if (flags.length === 0) return null;
  return el("details", { class: "nhsuk-details meanings", "data-testid": "flag-meanings" },
    el("summary", { class: "nhsuk-details__summary" }, el("span", { class: "nhsuk-details__summary-text" }, "What these mean")),
    el("div", { class: "nhsuk-details__text" }, el("ul", {}, flags.map((one) => el("li", {}, el("b", {}, one.short), one.long ? `: ${one.long}` : "")))));
}

// The buttons that the plan service offers here.
export function actionBar(state, open) {
  const { actions, refusal } = state;
  return el("div", { class: "actions", role: "group", "aria-label": "Urgent care plan", "data-testid": "actions" }, el("h2", {}, "Urgent care plan"),
    refusal ? el("span", { class: "wrong", "data-testid": "refusal" }, refusal) : null,
    actionButtons(actions, open));
}

// What ends or hides a plan is one step away from what is done every day.
const ofTheState = ["suspend", "close", "remove"];

export function actionButtons(actions, open) {
  const button = (action) => el("button", { type: "button", class: action.primary ? "btn btn--primary" : "btn", onclick: () => open(action.id), "data-testid": `action-${action.id}` }, action.label);
  const state = (actions ?? []).filter((one) => ofTheState.includes(one.id));
  const daily = (actions ?? []).filter((one) => !ofTheState.includes(one.id)).map(button);
  if (state.length === 0) return daily;
  return [...daily, el("details", { "data-testid": "actions-state" }, el("summary", {}, "Change the plan's state"), state.map(button))];
}

function table(caption, heads, rows, empty) {
  return el("table", { class: "rows rows--short" }, el("caption", { class: "cap" }, caption),
    el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, rows.length ? rows.map((row) => el("tr", {}, row.map((cell) => el("td", {}, cell)))) : el("tr", {}, el("td", { colspan: String(heads.length) }, empty))));
}

const noAllergies = { "none-known": "No known allergies (recorded as such)", unreadable: "The allergy list could not be read. Not known: do not assume there are none." };

export function entries(record) {
  return [
    table("Problems, active", ["Since", "Problem", "Code"], record.problems.map((one) => [number(dateWords(one.date)), one.text, one.code]), "None recorded"),
    table("Medicines, repeat", ["Issued", "Medicine and dose"], record.medicines.map((one) => [number(dateWords(one.date)), `${one.text}, ${one.detail}`]), "None recorded"),
    table("Allergies and adverse reactions", ["Recorded", "Substance", "Reaction"], record.allergies.map((one) => [number(dateWords(one.date)), el("b", {}, one.text), one.detail]), noAllergies[record.allergy_list] ?? "Not known"),
    table("Address and practice", ["What", "Recorded"], [["Address", record.address || "not known"], ["Telephone", record.phone || "not known"], ["Practice", record.practice]], ""),
  ];
}
