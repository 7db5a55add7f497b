// The patient's own page: their plan as it is shown to them, what is theirs to change, what they suggest and how
// the GP answers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, Person } from "./browser.mjs";
import { Simulator } from "./simulator.mjs";

let simulator, browser, patient, gp, proxy, id;
const matters = "To sit by the lime tree in the evening";
const place = "At home with my sister";

const phone = { width: 390, height: 844 };

async function signIn(as) {
  const person = await Person.at(browser, simulator.hosts.patient, null, phone);
  await person.by(`sign-in-${as}`).click();
  await person.by("who").waitFor({ timeout: 30000 });
  return person;
}

const user = async (page) => (await page.evaluate(() => fetch("/api/me").then((reply) => reply.json()))).users;

before(async () => {
  simulator = await Simulator.start();
  browser = await launch();
  gp = await Person.at(browser, simulator.hosts.gp, "piwobi");
  await gp.page.waitForFunction(() => document.querySelectorAll('[data-knowledge="plan"]').length > 5);
  const open = (await gp.rows()).filter((one) => one.plan.knowledge === "plan" && one.plan.flags.every((flag) => !/await|birth/.test(flag.id)));
  const page = await (await browser.newContext()).newPage();
  await page.goto(simulator.hosts.patient);
  const users = await user(page);
  await page.close();
  id = users.find((one) => one.role === "patient" && open.some((row) => row.id === one.id)).id;
  patient = await signIn(id);
}, { timeout: 120000 });

after(async () => {
  for (const person of [patient, gp, proxy]) if (person) assert.deepEqual(person.problems, [], "no script error on a page");
  await browser?.close();
  await simulator?.stop();
  simulator?.forget();
});

test("hazard H17: a patient reads their own plan, without what nobody has gone through with them", async () => {
  await patient.by("lead").waitFor({ timeout: 20000 });
  await patient.by("card-pref.matters").waitFor();
  const words = await patient.page.locator("main").innerText();
  assert.doesNotMatch(words, /DNACPR|resuscitat|prognosis/i);
  assert.equal(await patient.by("card-cpr.decision").count(), 0, "what may be withheld is left out, not said to be empty");
  assert.match(await patient.by("left-out").innerText(), /only after your care team/);
  await patient.picture("60-patient-plan");
  await patient.accessible("patient's plan");
});

test("the page reflows on a narrow phone, and the keyboard opens the form", async () => {
  await patient.page.setViewportSize({ width: 320, height: 640 });
  assert.ok(await patient.page.evaluate(() => document.documentElement.scrollWidth <= 320), "nothing is cut at 320 px");
  await patient.picture("61-patient-320px");
  await patient.page.setViewportSize(phone);
  const focused = () => patient.page.evaluate(() => document.activeElement?.dataset.testid);
  for (let tabs = 0; tabs < 6 && (await focused()) !== "change"; tabs += 1) await patient.page.keyboard.press("Tab");
  assert.equal(await focused(), "change");
  await patient.page.keyboard.press("Enter");
  await patient.by("panel-edit").waitFor();
  await patient.by("save-and-close").click();
  await patient.by("lead").waitFor();
});

test("what is theirs changes at once, what they suggest waits", async () => {
  await patient.by("change-pref.matters").click();
  await patient.by("panel-edit").waitFor();
  await patient.field("pref.matters").locator("textarea").waitFor();
  assert.equal(await patient.field("cpr.decision").count(), 0);
  assert.equal(await patient.field("tep.level").count(), 0);
  await patient.picture("62-patient-change");
  await patient.accessible("patient's form");
  await patient.write("pref.matters", matters);
  await patient.write("pref.ppd1", place);
  await patient.by("draft-kept").waitFor();
  await patient.by("publish").click();
  await patient.by("panel-edit").waitFor({ state: "detached", timeout: 20000 });
  await patient.by("card-pref.matters").filter({ hasText: matters }).waitFor();
  await patient.by("suggestion-waits").filter({ hasText: place }).waitFor({ timeout: 20000 });
  assert.doesNotMatch(await patient.by("card-pref.ppd1").innerText().catch(() => ""), new RegExp(place), "a suggestion is not in the plan");
  await patient.picture("63-patient-suggested");
});

test("hazard H17: the GP sees the suggestion beside the plan, takes it into a draft and publishes", async () => {
  await gp.by(`suggests-${id}`).waitFor({ timeout: 40000 });
  await gp.picture("64-gp-suggestions");
  await gp.by(`suggests-${id}`).click();
  await gp.by("patient-suggests").filter({ hasText: place }).waitFor({ timeout: 20000 });
  const before = (await gp.rows()).find((one) => one.id === id).plan.revision;
  await gp.picture("65-gp-patient-suggests");
  await gp.accessible("a patient's suggestion");
  await gp.by("take").click();
  await gp.by("panel-edit").waitFor();
  await gp.by("restored").filter({ hasText: /own words/ }).waitFor();
  await gp.picture("66-gp-took-it");
  assert.equal((await gp.rows()).find((one) => one.id === id).plan.revision, before, "taking it publishes nothing");
  await gp.by("publish").click();
  await gp.by("panel-edit").waitFor({ state: "detached", timeout: 20000 });
  await patient.by("suggestion-taken").filter({ hasText: place }).waitFor({ timeout: 40000 });
  await patient.by("card-pref.ppd1").filter({ hasText: place }).waitFor({ timeout: 20000 });
  await patient.picture("67-patient-taken");
});

test("hazard H9: the patient sees who looked at the plan, in which role, when and why", async () => {
  await patient.by("looked-at-link").click();
  await patient.by("panel-looked-at").waitFor();
  await patient.by("looks").waitFor({ timeout: 20000 });
  const look = patient.by("look").filter({ hasText: /GP, / }).first();
  const words = await look.innerText();
  assert.match(words, /\d\d-[A-Z][a-z][a-z]-\d{4} \d\d:\d\d/);
  assert.match(words, /Why: you are registered with them/);
  assert.match(words, /What: opened the record, opened the plan/);
  await patient.by("look-own").first().waitFor();
  await patient.picture("71-patient-looked-at");
  await patient.accessible("who looked");
  await patient.by("panel-close").click();
  await patient.by("lead").waitFor();
});

test("hazard H17: a suggestion is declined with a reason, which the patient reads", async () => {
  await patient.by("change-leg.statement").or(patient.by("change")).first().click();
  await patient.by("panel-edit").waitFor();
  await patient.write("leg.statement", "No visitors before ten");
  await patient.by("draft-kept").waitFor();
  await patient.by("publish").click();
  await patient.by("panel-edit").waitFor({ state: "detached", timeout: 20000 });
  await gp.by("decline").waitFor({ timeout: 40000 });
  await gp.by("decline").click();
  await gp.by("panel-state").waitFor();
  await gp.picture("68-gp-declines");
  await gp.write("state.reason", "Let us write this down together on Monday");
  await gp.by("submit-state").click();
  await gp.by("panel-state").waitFor({ state: "detached", timeout: 20000 });
  await patient.by("suggestion-declined").filter({ hasText: "together on Monday" }).waitFor({ timeout: 40000 });
  await patient.picture("69-patient-declined");
});

test("hazard H17: who acts for a patient sees that patient's plan, by the authority that was recorded", async () => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(simulator.hosts.patient);
  const acts = (await user(page)).find((one) => one.role === "proxy");
  await page.close();
  proxy = await signIn(acts.id);
  await proxy.by("lead").or(proxy.by("warning")).first().waitFor({ timeout: 20000 });
  assert.match(await proxy.page.locator("main").innerText(), /act for this person/);
  await proxy.picture("70-proxy");
});

test("hazard H3: that it could not be found out who looked is not said as nobody", async () => {
  const exchange = simulator.processes().find((one) => one.name === "careplug-exchange");
  process.kill(exchange.pid, "SIGSTOP");
  try {
    await patient.by("looked-at-link").click();
    await patient.by("looks-not-known").filter({ hasText: "does not mean that nobody did" }).waitFor({ timeout: 60000 });
    assert.equal(await patient.by("looks-nobody").count(), 0);
    assert.equal(await patient.by("look").count(), 0);
    await patient.picture("72-patient-looked-at-not-known");
  } finally {
    process.kill(exchange.pid, "SIGCONT");
  }
  await patient.by("look-again").click();
  await patient.by("looks").waitFor({ timeout: 40000 });
});

test("hazard H8: of a plan that is not shared any more its person still reads who looked, and nothing of the plan", async () => {
  await patient.by("panel-close").click();
  await gp.by("actions-state").locator("summary").click();
  await gp.by("action-suspend").click();
  await gp.by("panel-state").waitFor();
  await gp.date("state.since", "2026", "11", "21");
  await gp.by("submit-state").click();
  await gp.by("panel-state").waitFor({ state: "detached" });
  await patient.by("no-plan").filter({ hasText: /consent to share it was withdrawn/ }).waitFor({ timeout: 40000 });
  await patient.by("looked-at-link").click();
  await patient.by("look").first().waitFor({ timeout: 20000 });
  assert.doesNotMatch(await patient.page.locator("main").innerText(), new RegExp(`${matters}|${place}`));
  await patient.picture("73-patient-looked-at-suspended");
  await patient.accessible("who looked at a plan that is not shared");
});
