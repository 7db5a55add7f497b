// Coded entries of the host's own record: entered here, or filed from a plan.
import { post, segment } from "./api.js";
import { dateWords, el, number } from "./dom.js";

const offered = [
  ["450476008", "Not for attempted CPR"],
  ["450475007", "For attempted CPR"],
];
const stateWords = { ended: "Ended", "entered-in-error": "Entered in error" };

// `changed` is called when the record was changed by hand.
export function codes(patient, changed) {
  const list = patient.record?.codes;
  if (!list) return null;
  const act = async (path, body = {}) => {
    await post(`patients/${segment(patient.id)}/${path}`, body);
    await changed();
  };
  const row = (one) => el("tr", { "data-testid": `code-${one.code}`, "data-state": one.state },
    el("td", {}, number(dateWords(one.date))), el("td", {}, one.state === "active" ? el("b", {}, one.text) : one.text), el("td", {}, one.code),
    el("td", {}, [stateWords[one.state], one.filed ? `Filed from: ${one.source}` : one.source, one.author].filter(Boolean).join(". ")),
    el("td", {}, one.filed || one.state !== "active" ? null : el("button", { type: "button", class: "btn", onclick: () => act(`codes/${segment(one.id)}/end`), "data-testid": `end-${one.code}` }, "End")));
  const choice = el("select", { id: "code-to-enter", "data-testid": "code-choice" }, offered.map(([code, words]) => el("option", { value: code }, words)));
  return el("section", { "aria-label": "Coded entries", "data-testid": "codes" },
    notFiled(patient, list, changed),
    el("table", { class: "rows rows--short" }, el("caption", { class: "cap" }, "Coded entries"),
      el("thead", {}, el("tr", {}, ["Date", "Entry", "Code", "Source", "Change"].map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, list.length ? list.map(row) : el("tr", {}, el("td", { colspan: "5" }, "None recorded")))),
    el("p", { class: "quiet" }, el("label", { for: "code-to-enter" }, "Enter a code "), choice, " ",
      el("button", { type: "button", class: "btn", onclick: () => act("codes", { code: choice.value, text: offered.find(([code]) => code === choice.value)[1] }), "data-testid": "enter-code" }, "Enter")));
}

// A revision that nobody here has accepted yet.
function notFiled(patient, list, changed) {
  const filed = Math.max(0, ...list.filter((one) => one.filed).map((one) => one.revision));
  if (patient.plan?.knowledge !== "plan" || patient.plan.revision <= filed) return null;
  const accept = async () => {
    await post("acknowledge", { patient: patient.id });
    await changed();
  };
  return el("div", { class: "say say--new say--act", "data-testid": "not-filed" }, el("span", {}, `Revision ${patient.plan.revision} of the plan is not filed in this record.`),
    el("button", { type: "button", class: "btn", onclick: accept, "data-testid": "accept-and-file" }, "Accept and file"));
}
