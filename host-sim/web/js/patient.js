// The patient's own page: their plan as it is shown to them, what is theirs to change, what they suggest.
import { get, post, segment } from "./api.js";
import { dateTimeWords, dateWords, el, nameParts, nhsNumberWords, replace } from "./dom.js";
import { listen } from "./events.js";
import { Panel } from "./panel.js";
import { ownSuggestions } from "./proposals.js";

const app = document.getElementById("app");
const state = { me: null, row: null, actions: [], view: null, reading: null, panel: null, focus: "", notice: "", problem: "" };
let stopListening = () => {};

const bar = el("header", { class: "bar" });
const main = el("main");
const message = el("div", { role: "status", "data-testid": "message" });

function drawBar() {
  const user = state.me.user;
  replace(bar, el("b", {}, "My urgent care plan"), user ? el("button", { type: "button", class: "bar-link end", onclick: signOut, "data-testid": "sign-out" }, "Sign out") : null);
}

function say(words, wrong = false) {
  replace(message, words ? el("div", { class: wrong ? "say say--wrong" : "say say--act" }, el("span", { "data-testid": "notice" }, words), el("button", { type: "button", class: "btn", onclick: () => say("") }, "Hide")) : null);
  if (words) message.scrollIntoView({ block: "nearest" });
}

function drawSignIn(problem = "") {
  stopListening();
  drawBar();
  replace(app, el("div", { class: "phone-page" }, bar, el("main", {}, el("div", { class: "card" },
    el("h1", {}, "Sign in to your plan"),
    el("p", {}, "Choose who you are: this stands for NHS login. There is no password, because everybody here is invented."),
    problem ? el("p", { class: "wrong", role: "alert" }, problem) : null,
    el("ul", { class: "hits" }, state.me.users.map((user) => el("li", {},
      el("button", { type: "button", class: "nhsuk-button nhsuk-button--small", onclick: () => signIn(user.id), "data-testid": `sign-in-${user.id}` }, `${user.name}, ${user.role_words}`))))))));
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
  forget();
  stopListening();
  state.me = await post("sign-out");
  drawSignIn();
}

// Takes everything of a person off the screen and out of memory (hazard H1).
function forget() {
  state.panel?.end();
  Object.assign(state, { row: null, actions: [], view: null, reading: null, panel: null, focus: "" });
  main.replaceChildren();
  say("");
}

// --- what is read -----------------------------------------------------------------------------

const offers = (id) => state.actions.some((one) => one.id === id);
const changing = () => (offers("continue") ? "continue" : offers("edit") ? "edit" : "");
const cardWords = { direct: "Change", proposal: "Suggest a change" };

function answerOf(item) {
  if (item.masked) return el("p", { class: "quiet" }, "Recorded. It is not shown on this page.");
  if (item.rows?.length) return el("ol", {}, item.rows.map((row) => el("li", {}, row.join(", "))));
  return el("p", { class: item.text ? "" : "quiet" }, item.text || "Nothing written yet");
}

function card(item) {
  const words = changing() && cardWords[item.patient_edit];
  return el("section", { class: "card", "aria-label": item.label, "data-testid": `card-${item.linkId}` },
    el("div", { class: "card__head" }, el("h2", {}, item.label),
      words ? el("button", { type: "button", class: "link", onclick: () => change(item.linkId), "data-testid": `change-${item.linkId}` }, words, el("span", { class: "nhsuk-u-visually-hidden" }, `: ${item.label}`)) : null),
    answerOf(item));
}

function who(view) {
  const subject = view.subject;
  return el("div", { class: "who", "data-testid": "who" }, el("h1", {}, nameParts(subject)),
    el("span", {}, "Born ", el("strong", {}, dateWords(subject.birth_date))), el("span", {}, "NHS number ", el("strong", { class: "num" }, nhsNumberWords(subject.nhs_number))));
}

function lead(view) {
  if (view.plan !== "arrived") return null;
  return el("p", { class: "lead", "data-testid": "lead" }, "This plan tells doctors, nurses and ambulance crews what matters if you become very ill. It was last changed on ", el("b", {}, dateTimeWords(view.amended)), ` by ${view.author}. Approved by ${view.approver}.`);
}

function sections(view) {
  const all = [...(view.summary ?? []), ...(view.sections ?? []).flatMap((one) => one.items)].filter((item) => !item.linkId.startsWith("dem.family") && !["dem.given", "dem.dob", "dem.nhs", "dem.nhs_status"].includes(item.linkId));
  return all.map(card);
}

// Also of a plan that may not be read now.
function lookedAtLink() {
  return offers("looked-at") ? el("p", { class: "lead" }, el("button", { type: "button", class: "link", onclick: () => openPanel("looked-at"), "data-testid": "looked-at-link" }, "Who looked at my plan, and why")) : null;
}

function drawReading() {
  const view = state.view;
  const acting = state.me.user.role === "proxy";
  if (!view) return replace(main, message, el("p", { class: "lead", "data-testid": "no-plan" }, state.problem || "Reading your plan"), lookedAtLink());
  replace(main, who(view),
    acting ? el("p", { class: "lead" }, el("b", {}, `You, ${state.me.user.name}, act for this person.`), " What you change is recorded with your name.") : null,
    message,
    (view.warnings ?? []).map((words) => el("div", { class: "card" }, el("div", { class: "say say--wrong", role: "alert", "data-testid": "warning" }, words))),
    lead(view),
    view.not_shown ? el("p", { class: "lead", "data-testid": "left-out" }, view.not_shown) : null,
    ownSuggestions(view, (action) => openPanel(action)),
    changing() ? el("p", { class: "lead" }, el("button", { type: "button", class: "nhsuk-button nhsuk-button--small", onclick: () => change(""), "data-testid": "change" }, changing() === "continue" ? "Go on with my changes" : "Change my plan")) : null,
    sections(view),
    offers("history") ? el("p", { class: "lead" }, el("button", { type: "button", class: "link", onclick: () => openPanel("history"), "data-testid": "history-link" }, "What changed in my plan, and when")) : null,
    lookedAtLink(),
    view.plan === "arrived" ? el("p", { class: "lead quiet" }, "In an emergency call 999. For anything about this plan that troubles you, talk to your care team.") : null);
}

// What is not read is never said to be none (hazard H3).
const unread = {
  "no-plan": "No plan of yours was found on this service. If you think there is one, ask your care team.",
  suspended: "You have a plan, and it is not shared at the moment because consent to share it was withdrawn. Ask your care team about it.",
  closed: "Your plan is closed. Ask your care team about it.",
  removed: "A plan was written for you by mistake and was removed. Ask your care team about it.",
};
const notKnown = "It is not known at the moment what your plan says: the service does not answer. Your plan still stands. Try again in a while; in an emergency call 999.";

async function readPlan() {
  const opened = await post(`patients/${segment(state.row.id)}/open`);
  state.actions = opened.actions ?? [];
  if (!offers("read")) {
    state.view = null;
    state.problem = unread[(await get("patients")).patients[0]?.plan?.knowledge] ?? notKnown;
    return;
  }
  const shown = state.reading ? (await get(`panels/${state.reading}`)).view : null;
  // Somebody published since: what is read is the plan as it stands.
  if (shown?.newer) closeReading();
  if (!state.reading) {
    const panel = await post("panels", { patient: state.row.id, action: "read" });
    state.reading = panel.panel;
    state.view = panel.view;
  } else {
    state.view = shown;
  }
}

let turn = 0;
async function refresh() {
  const mine = ++turn;
  if (!state.row || state.panel) return;
  try {
    await readPlan();
  } catch (problem) {
    state.view = null;
    state.problem = problem.message;
  }
  if (mine === turn && !state.panel) drawReading();
}

// --- what is changed --------------------------------------------------------------------------

const panelHost = {
  reopen: (action) => (action === "read" ? panelHost.closed(state.panel) : openPanel(action)),
  changeNotice: () => null,
  lastKnown: () => false,
  mayNote: () => false,
  otherActions: () => null,
  closed: (panel) => { drop(panel); refresh(); },
  done: async (panel, sentence) => {
    await post(`panels/${panel.id}/close`).catch(() => {});
    drop(panel);
    await refresh();
    say(sentence);
  },
};

function drop(panel) {
  panel.end();
  if (state.panel === panel) state.panel = null;
  closeReading();
}

function closeReading() {
  if (state.reading) post(`panels/${state.reading}/close`).catch(() => {});
  state.reading = null;
}

function change(linkId) {
  state.focus = linkId;
  openPanel(changing());
}

async function openPanel(action) {
  try {
    const opened = await post("panels", { patient: state.row.id, action });
    const former = state.panel;
    former?.end();
    if (former) post(`panels/${former.id}/close`).catch(() => {});
    state.panel = new Panel(opened, panelHost);
    replace(main, message, state.panel.node);
    say("");
    state.panel.begin();
    const wanted = state.focus;
    state.focus = "";
    if (wanted) setTimeout(() => state.panel?.form?.focus(wanted), 0);
  } catch (problem) {
    say(problem.message, true);
  }
}

// --- events -----------------------------------------------------------------------------------

const handlers = {
  flags: refresh,
  patient: refresh,
  session: async () => { state.me = await get("me"); refresh(); },
  panel: ({ panel }) => (state.panel?.id === panel ? state.panel.refresh() : refresh()),
  operation: (outcome) => (state.panel?.id === outcome.panel ? state.panel.completed(outcome) : refresh()),
  hello: refresh,
};

async function start() {
  if (!state.me.signed_in) return drawSignIn();
  drawBar();
  replace(app, el("div", { class: "phone-page" }, bar, main));
  const { patients } = await get("patients");
  state.row = patients[0];
  stopListening = listen(handlers, () => {});
  await refresh();
}

state.me = await get("me");
await start();
