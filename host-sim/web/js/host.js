// The page of one simulated host: sign-in, list, record, panel, and the events that keep them true.
import { get, post, segment } from "./api.js";
import { el, fullName, replace, timeWords } from "./dom.js";
import { listen } from "./events.js";
import { countsWords, hasChange } from "./flags.js";
import { List } from "./lists.js";
import { Panel } from "./panel.js";
import { drawWorklists, inbox, suggested, worklist } from "./worklists.js";
import { actionBar, actionButtons, entries, strip, who } from "./record.js";
import { codes } from "./codes.js";

const app = document.getElementById("app");
const state = { me: null, rows: [], patient: null, patientId: null, actions: null, refusal: "", wanted: "", panel: null, note: null, live: true, notice: "", stay: "", later: [] };
let list = null;
let stopListening = () => {};
let clock = 0;

const row = () => state.rows.find((one) => one.id === state.patientId);
const planOf = () => row()?.plan ?? state.patient?.plan;

// --- frame ------------------------------------------------------------------------------------

const bar = el("header", { class: "bar" });
const main = el("main", { class: "split split--alone" });
const banner = el("section", { "aria-label": "Patient", "data-testid": "patient-banner" });
const pane = el("section", { class: "pane", tabindex: "0", "data-testid": "pane" });
const beside = el("div", { class: "beside" });
const panelsPlace = el("div");
const recordPart = el("div", { class: "record" });
const message = el("div", { role: "status", class: "messages", "data-testid": "message" });

function exchangeWords() {
  if (!state.live) return "This page is not connected: flags may be old";
  const exchange = state.me.session?.exchange;
  if (state.me.stopped) return "Plan service is restarting: flags are as last known";
  if (!exchange) return "Exchange: not known";
  const checked = timeWords(exchange.checked);
  return exchange.reachable ? `Exchange connected${checked ? `, checked ${checked}` : ""}` : "Exchange NOT reached: flags are as last known";
}

function drawBar() {
  const user = state.me.user;
  const exchange = exchangeWords();
  replace(bar, el("b", {}, state.me.title), el("span", { class: "wide" }, "Simulated host"),
    user ? el("span", { class: "end", "data-testid": "user" }, `${user.name}, ${user.role_words}, ${user.organisation_name}`) : null,
    user ? el("span", { "data-testid": "exchange-state" }, exchange) : null,
    user ? el("button", { type: "button", class: "bar-link", onclick: signOut, "data-testid": "sign-out" }, "Sign out") : null,
    el("b", { class: user ? "num" : "num end" }, timeWords(Date.now())));
}

function say(words) {
  state.notice = words;
  drawMessage();
}

function drawMessage() {
  replace(message,
    state.stay ? el("div", { class: "say say--new say--act", "data-testid": "stay" }, el("span", {}, state.stay), el("button", { type: "button", class: "btn", onclick: () => { state.stay = ""; drawMessage(); } }, "Stay here")) : null,
    state.notice ? el("div", { class: "say say--act" }, el("span", { "data-testid": "notice" }, state.notice), el("button", { type: "button", class: "btn", onclick: () => say("") }, "Hide")) : null);
}

// --- sign-in ----------------------------------------------------------------------------------

function drawSignIn(problem = "") {
  stopListening();
  replace(app, el("div", { class: "screen" }, bar, el("main", { class: "pane sign-in" },
    el("h1", {}, `Sign in to the ${state.me.title}`),
    el("p", {}, "Choose who you are: this stands for a smartcard. There is no password, because every patient here is invented and this page is open to this computer alone."),
    problem ? el("p", { class: "wrong", role: "alert" }, problem) : null,
    el("ul", { class: "hits" }, state.me.users.map((user) => el("li", {},
      el("button", { type: "button", class: "nhsuk-button nhsuk-button--small", onclick: () => signIn(user.id), "data-testid": `sign-in-${user.id}` }, `${user.name}, ${user.role_words}`),
      el("p", { class: "quiet" }, `${user.organisation_name}${user.senior ? ". May approve and publish plans" : ""}`)))))));
  drawBar();
}

async function signIn(user) {
  try {
    state.me = await post("sign-in", { user });
    await start();
  } catch (problem) {
    drawSignIn(problem.message);
  }
}

async function signOut() {
  forgetPatient();
  stopListening();
  state.me = await post("sign-out");
  state.rows = [];
  list = null;
  location.hash = "";
  drawSignIn();
}

// --- layout -----------------------------------------------------------------------------------

const isRecordHost = () => state.me.kind === "gp";

function layout() {
  const wide = state.panel && state.panel.mode !== "read";
  const open = Boolean(state.patientId);
  main.className = "split";
  if (!isRecordHost()) main.classList.add(!open ? "split--alone" : state.me.kind === "ooh" ? "split--queue" : wide || state.note ? "split--form" : "split--side");
  else main.classList.add(!state.panel && !state.note ? "split--alone" : "split--form");
  const onList = !isRecordHost() || !open;
  replace(pane, onList ? listPart() : recordPart);
  pane.setAttribute("aria-label", onList ? state.me.list_title : "Record");
  replace(banner, isRecordHost() && open ? bannerPart() : null);
  replace(beside, besidePart());
  beside.hidden = !open || (isRecordHost() && !state.panel && !state.note);
  list.fit();
}

function listPart() {
  return [
    el("div", { class: "head" }, el("h1", {}, state.me.list_title), el("span", {}, `${state.rows.length} patients`), el("span", { class: "quiet wide", "data-testid": "counts" }, countsWords(state.rows)),
      state.me.kind === "ae" ? el("span", { class: "end" }, el("button", { type: "button", class: "btn", "aria-pressed": String(list.discreet), "data-testid": "discreet", onclick: (event) => {
        list.setDiscreet(!list.discreet, state.rows, state.patientId);
        event.target.setAttribute("aria-pressed", String(list.discreet));
      } }, "Discreet mode")) : null),
    inbox,
    worklist,
    suggested,
    list.node,
  ];
}

function bannerPart() {
  const patient = state.patient ?? row();
  if (!patient) return null;
  return [who(patient), strip(planOf(), state.patient?.details)];
}

function drawRecord() {
  const patient = state.patient;
  replace(recordPart, el("p", { class: "back" }, el("button", { type: "button", class: "link", onclick: () => leave(), "data-testid": "back" }, `Back to the ${state.me.list_title.toLowerCase()}`)),
    actionBar(state, openPanel), patient ? [codes(patient, recordChanged), entries(patient.record)] : el("p", { class: "quiet" }, "Reading the record"));
}

function besidePart() {
  if (!state.patientId) return null;
  if (isRecordHost()) return [state.note?.node, state.panel?.node];
  const patient = state.patient ?? row();
  const panels = [state.panel?.node, state.note?.node].filter(Boolean);
  const inCase = state.me.kind === "ooh" || panels.length === 0;
  panelsPlace.className = panels.length > 1 ? "panels panels--two" : "panels";
  replace(panelsPlace, panels);
  const head = el("div", { class: "case" }, inCase ? [who(patient, "h2"), strip(planOf(), state.patient?.details)] : null,
    panels.length ? null : actionBar(state, openPanel),
    panels.length ? null : el("p", { class: "back" }, el("button", { type: "button", class: "link", onclick: () => leave(), "data-testid": "back" }, "Close this patient")));
  return [head, panels.length ? panelsPlace
    : el("div", { class: "pane" }, state.patient ? entries(state.patient.record) : null)];
}

// --- patient ----------------------------------------------------------------------------------

// Takes everything of a patient off the screen and out of memory (hazard H1).
function forgetPatient() {
  state.panel?.end();
  state.note?.end();
  Object.assign(state, { patient: null, patientId: null, actions: null, refusal: "", wanted: "", panel: null, note: null, stay: "", notice: "" });
  recordPart.replaceChildren();
}

async function leave() {
  if (!state.patientId) return true;
  const leaving = state.patientId;
  try {
    for (const panel of [state.note, state.panel]) if (panel?.form && !(await panel.form.flush())) throw new Error("Something you typed is not kept yet. Correct what is marked, or close the panel.");
    await post(`patients/${segment(leaving)}/close`);
  } catch (problem) {
    if (state.patientId === leaving && problem.status !== 401) {
      state.stay = problem.message;
      drawMessage();
      return false;
    }
  }
  if (state.patientId === leaving) {
    forgetPatient();
    state.notice = state.later.splice(0).join(" ");
    if (location.hash) history.replaceState(null, "", location.pathname);
    drawMessage();
    list.show(state.rows, null);
    layout();
  }
  return true;
}

let turns = 0;
// Of several asked for while one is being left, the last is opened and no other.
async function openPatient(id, action = "") {
  const turn = ++turns;
  while (state.patientId && state.patientId !== id && turn === turns) if (!(await leave())) return;
  if (turn !== turns) return;
  const fresh = state.patientId !== id;
  state.patientId = id;
  state.wanted = action;
  if (fresh) state.patient = null;
  history.replaceState(null, "", `#${id}`);
  list.show(state.rows, id);
  drawRecord();
  layout();
  pane.scrollTop = isRecordHost() ? 0 : pane.scrollTop;
  try {
    const opened = await post(`patients/${segment(id)}/open`);
    if (state.patientId !== id) return;
    state.actions = opened.actions;
    state.refusal = "";
    if (opened.different_name) say("The name in this record differs from the name in the plan. Make sure it is the same person.");
  } catch (problem) {
    if (state.patientId !== id) return;
    state.actions = [];
    state.refusal = problem.message;
  }
  await readPatient();
}

// Opens what was asked for as soon as it is offered: just after sign-in a plan may not have arrived yet.
async function openWanted() {
  const action = state.wanted;
  if (!action || state.panel || !state.actions?.some((one) => one.id === action)) return;
  state.wanted = "";
  await openPanel(action);
}

async function readPatient() {
  const id = state.patientId;
  if (!id) return;
  const patient = await get(`patients/${segment(id)}`);
  if (state.patientId !== id) return;
  state.patient = patient;
  if (patient.actions) state.actions = patient.actions;
  state.panel?.follow();
  drawRecord();
  layout();
  await openWanted();
}

// The plan service reads the record again when the plan is opened.
async function recordChanged() {
  if (!opening && planOf()?.knowledge === "plan" && (state.panel?.mode ?? "read") === "read") await openPanel("read");
  await readPatient();
}

// --- panels -----------------------------------------------------------------------------------

const panelHost = {
  reopen: (action) => openPanel(action),
  changeNotice: () => {
    const plan = planOf();
    if (!plan || !hasChange(plan)) return null;
    const words = plan.flags.filter((one) => one.changed).map((one) => `${one.words} changed ${timeWords(one.changed)}`).join(", ");
    return el("div", { class: "say say--new say--act", "data-testid": "changed" }, el("b", {}, words), el("button", { type: "button", class: "btn", onclick: seen, "data-testid": "seen" }, "Seen"));
  },
  lastKnown: () => planOf()?.knowledge === "not-known",
  // What a panel shows besides its own view, to be compared.
  around: () => JSON.stringify([panelHost.lastKnown(), (state.actions ?? []).map((one) => one.id)]),
  mayNote: () => (state.actions ?? []).some((one) => one.id === "note"),
  // Beside a list there is no record with buttons: the panel's foot has those of the plan service.
  // What is open in an emergency is not offered again before its time is over.
  otherActions: (view) => (isRecordHost() ? null : actionButtons((state.actions ?? []).filter((one) => one.id !== "read" && one.id !== "note" && !(one.id === "break-glass" && view.emergency)), openPanel)),
  // Whoever is open by now may be another: nothing of this panel's patient is done or said there (hazard H1).
  closed: (panel) => {
    if (state.patientId !== panel.patient) return dropPanel(panel);
    if (!isRecordHost() && panel.mode === "read" && !state.note) {
      dropPanel(panel);
      leave();
      return;
    }
    dropPanel(panel);
    readPatient().then(toActions);
  },
  done: async (panel, sentence) => {
    const wasNote = panel.mode === "note";
    await post(`panels/${panel.id}/close`).catch(() => {});
    dropPanel(panel);
    if (state.patientId === panel.patient) {
      if (wasNote && state.panel) await state.panel.refresh();
      else if (!state.panel) await openPanel("read");
    }
    sayOf(panel.patient, sentence);
    await readPatient();
  },
};

// Where a panel was closed, the keyboard goes on from the buttons that open one.
const toActions = () => { if (document.activeElement === document.body) app.querySelector("[data-testid=actions] button")?.focus(); };

function dropPanel(panel) {
  panel.end();
  if (state.panel === panel) state.panel = null;
  if (state.note === panel) state.note = null;
  layout();
}

async function seen() {
  const id = state.patientId;
  await post("acknowledge", { patient: id });
  await readRows();
  if (state.patientId === id && state.panel) state.panel.show(state.panel.view);
}

// Panels that were asked for and have not come: of several the last one counts, and nothing opens by itself meanwhile.
let opening = 0;
const lastAsked = { panel: 0, note: 0 };

async function openPanel(action) {
  const id = state.patientId;
  const place = action === "note" ? "note" : "panel";
  const old = state[place];
  const turn = (lastAsked[place] += 1);
  opening += 1;
  try {
    if (old?.form && !(await old.form.flush())) return;
    const opened = await post("panels", { patient: id, action });
    if (state.patientId !== id || opened.patient !== id) return;
    if (turn !== lastAsked[place]) {
      post(`panels/${opened.panel}/close`).catch(() => {});
      return;
    }
    if (state[place]) {
      post(`panels/${state[place].id}/close`).catch(() => {});
      state[place].end();
    }
    state[place] = new Panel(opened, panelHost);
    say("");
    layout();
    state[place].begin();
  } catch (problem) {
    if (state.patientId === id) say(problem.message);
  } finally {
    opening -= 1;
  }
}

const panelById = (id) => [state.panel, state.note].find((panel) => panel?.id === id);

// --- events -----------------------------------------------------------------------------------

async function readRows() {
  const { patients } = await get("patients");
  state.rows = patients;
  list.show(state.rows, state.patientId);
  drawWorklists(state, openPatient);
  const counts = pane.querySelector("[data-testid=counts]");
  if (counts) counts.textContent = countsWords(state.rows);
  if (!state.patientId) return;
  state.panel?.follow();
  const plan = planOf();
  for (const place of document.querySelectorAll("[data-testid=banner-flags]")) place.parentElement.replaceWith(strip(plan, state.patient?.details));
}

let reading = null;
let again = false;
// Many events in a row cost one reading at a time.
async function readRowsSoon() {
  if (reading) { again = true; return; }
  do {
    again = false;
    reading = readRows().catch(() => {});
    await reading;
  } while (again);
  reading = null;
}

async function readMe() {
  const me = await get("me").catch(() => null);
  if (!me) return;
  if (!me.signed_in) {
    forgetPatient();
    state.me = me;
    drawSignIn("You were signed out.");
    return;
  }
  state.me = me;
  drawBar();
  drawWorklists(state, openPatient);
}

const handlers = {
  hello: () => { readRowsSoon(); readMe(); for (const panel of [state.panel, state.note]) if (panel && panel.mode === "read") panel.refresh(); },
  flags: async () => {
    // What may be done depends on what is known, on the revision and on what waits.
    const known = () => JSON.stringify([planOf()?.revision ?? 0, planOf()?.knowledge, (planOf()?.flags ?? []).map((one) => one.words)]);
    const before = known();
    readMe();
    await readRowsSoon();
    if (state.patientId && (state.wanted || known() !== before)) readPatient().catch(() => {});
  },
  panel: ({ panel }) => panelById(panel)?.refresh(),
  operation: (outcome) => {
    const panel = panelById(outcome.panel);
    if (panel) panel.completed(outcome);
    else if (outcome.sentence) sayOf(outcome.patient, outcome.sentence);
    readMe();
    readRowsSoon();
  },
  record: () => readPatient().catch(() => {}),
  exchange: () => readMe(),
  session: ({ signed_in: signedIn, sentence }) => { if (!signedIn && sentence) say(sentence); readMe(); readRowsSoon(); },
  engine: ({ sentence }) => { if (sentence) say(sentence); readMe(); readRowsSoon(); },
  problem: ({ sentence }) => say(sentence),
};

// What concerns another patient than the one who is open waits until that one is left (hazard H1).
const sayOf = (id, sentence) => (state.patientId && id !== state.patientId ? state.later.push(`${nameOf(id)}: ${sentence}`) : say(id === state.patientId ? sentence : `${nameOf(id)}: ${sentence}`));

const nameOf = (id) => { const one = state.rows.find((each) => each.id === id); return one ? fullName(one) : "Another patient"; };

async function start() {
  state.live = true;
  list = new List(state.me.kind, openPatient);
  replace(app, el("div", { class: "screen screen--record" }, el("div", {}, bar, message), banner, main));
  replace(main, pane, beside);
  drawBar();
  await readRows();
  layout();
  stopListening();
  stopListening = listen(handlers, (live) => {
    if (state.live !== live) { state.live = live; drawBar(); if (!live) readMe(); }
  });
  clearInterval(clock);
  clock = setInterval(readMe, 15000);
  const wanted = location.hash.slice(1);
  if (state.rows.some((one) => one.id === wanted)) await openPatient(wanted);
}

addEventListener("pagehide", () => { for (const panel of [state.panel, state.note]) panel?.form?.flush(); });
addEventListener("hashchange", () => { const wanted = location.hash.slice(1); if (state.me?.signed_in && wanted !== (state.patientId ?? "")) { if (wanted) openPatient(wanted); else leave(); } });

state.me = await get("me");
document.title = `${state.me.title}: simulated host`;
if (state.me.signed_in) await start();
else drawSignIn();
