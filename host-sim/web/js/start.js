// The start page: hosts, who is signed in, the exchange's switch.
import { get, post } from "./api.js";
import { el, replace } from "./dom.js";

const tryThis = {
  gp: "Open a patient without a plan, create one, publish it.",
  ooh: "Open a case, read the plan, add a note for the GP.",
  ae: "Watch the board change; sign in as the consultant to edit.",
  patient: "Read your own plan, change what is yours, suggest the rest to your GP.",
};

function hostRow(host) {
  const people = host.signed_in.map((user) => el("li", {}, `${user.name}, ${user.role_words}, ${user.organisation_name}`));
  return el("tr", { "data-testid": `host-${host.kind}` },
    el("th", { scope: "row" }, host.running ? el("a", { href: host.url }, host.title) : host.title, el("br"), el("span", { class: "quiet" }, tryThis[host.kind] ?? "")),
    el("td", {}, host.running ? el("span", { class: "good" }, "Running") : el("span", { class: "wrong" }, "Stopped: see its log in the data folder, then start the simulator again")),
    el("td", { "data-testid": `signed-in-${host.kind}` }, people.length ? el("ul", {}, people) : "Nobody is signed in"));
}

function draw(state) {
  replace(document.getElementById("hosts"), el("table", { class: "rows rows--tall" },
    el("thead", {}, el("tr", {}, ["System", "State", "Signed in"].map((words) => el("th", { scope: "col" }, words)))), el("tbody", {}, state.hosts.map(hostRow))));
  const { on, fhir } = state.exchange;
  replace(document.getElementById("exchange"), el("div", { class: "box" },
    el("p", { "data-testid": "exchange-state" }, on ? el("span", { class: "good" }, "On. ") : el("span", { class: "wrong" }, "Off. "),
      on ? "FHIR service at " : "No plan can be read or shared: flags become “not known”, with what was last known outlined.", on ? el("a", { href: `${fhir}/metadata` }, fhir) : null),
    el("p", {}, on
      ? el("button", { type: "button", class: "btn", "data-testid": "exchange-off", onclick: () => turn(false) }, "Switch the exchange off")
      : el("button", { type: "button", class: "btn", "data-testid": "exchange-on", onclick: () => turn(true) }, "Switch the exchange on"))));
}

function say(words) {
  replace(document.getElementById("message"), words ? el("p", { class: "say say--wrong" }, words) : null);
}

let shown = "";
async function read() {
  try {
    const state = await get("state");
    if (JSON.stringify(state) === shown) return;
    shown = JSON.stringify(state);
    draw(state);
    say("");
  } catch (problem) {
    say(problem.message);
  }
}

async function turn(on) {
  for (const button of document.querySelectorAll("#exchange button")) button.disabled = true;
  try {
    await post("exchange", { on });
  } catch (problem) {
    say(problem.message);
  }
  shown = "";
  await read();
}

await read();
setInterval(read, 2000);
