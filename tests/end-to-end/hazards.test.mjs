// What goes wrong on a ward: the wrong person, no number, strange names, two people saving at once.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, Person } from "./browser.mjs";
import { Simulator } from "./simulator.mjs";

let simulator, browser, ae, gp, rows;

before(async () => {
  simulator = await Simulator.start();
  browser = await launch();
  ae = await Person.at(browser, simulator.hosts.ae, "aquaye");
  gp = await Person.at(browser, simulator.hosts.gp, "piwobi");
  await ae.page.waitForFunction(() => document.querySelectorAll('[data-knowledge="plan"]').length > 5);
  rows = await ae.rows();
}, { timeout: 120000 });

after(async () => {
  for (const person of [ae, gp]) if (person) assert.deepEqual(person.problems, [], "no script error on a page");
  await browser?.close();
  const code = await simulator?.stop();
  simulator?.forget();
  assert.equal(code, 0);
});

const rowOf = (found, what) => {
  const row = rows.find(found);
  assert.ok(row, `the population has ${what}`);
  return row;
};

test("hazard H3: a person without an NHS number reads 'not known', with the reason", async () => {
  const row = rowOf((one) => !one.nhs_number, "a person without a number");
  assert.equal(await ae.row(row.id).getAttribute("data-knowledge"), "not-known");
  assert.match(await ae.row(row.id).innerText(), /Plan not known\s+no NHS number/i);
});

test("hazard H3: a number that is not verified reads 'not known', with the reason", async () => {
  const row = rowOf((one) => one.nhs_number && one.number_status !== 1, "a number that is not verified");
  assert.match(await ae.row(row.id).innerText(), /Plan not known\s+(number )?not verified/i);
});

test("hazard H1: a birth date that differs from the plan's shows nothing of it, and opening is refused with the reason", async () => {
  const row = rowOf((one) => /birth date/.test(one.plan.reason ?? ""), "a birth date that differs");
  assert.equal(await ae.row(row.id).getByTestId("flag-dnacpr").count(), 0);
  assert.match(await ae.row(row.id).innerText(), /birth date differs/);
  await ae.by(`plan-${row.id}`).click();
  await ae.by("refusal").waitFor();
  assert.match(await ae.by("refusal").innerText(), /date of birth|birth date/i);
  assert.equal(await ae.by("panel-read").count(), 0);
  await ae.picture("15-ae-birth-date-differs");
});

test("hazard H1: a name that differs shows the plan with a warning", async () => {
  const candidates = rows.filter((one) => one.plan.knowledge === "plan");
  let warned = false;
  for (const row of candidates) {
    await ae.by(`plan-${row.id}`).click();
    // The panel of this person, not of the one before.
    const panel = ae.by("panel-read").filter({ has: ae.page.getByTestId("panel-who").filter({ hasText: row.nhs_number.slice(-4) }) });
    await panel.getByTestId("panel-cpr").waitFor();
    if (!(await ae.by("warning").count())) continue;
    warned = true;
    assert.match(await ae.by("warning").first().innerText(), /name/i);
    const over = await ae.page.evaluate(() => [...document.querySelectorAll("[data-testid=list] .flags")].filter((place) => place.scrollWidth > place.clientWidth).length);
    assert.equal(over, 0, "no flag runs over what stands beside it");
    await ae.picture("16-ae-name-differs");
    break;
  }
  assert.ok(warned, "the population has a person whose name differs from the plan's");
});

test("markup in a name is text everywhere", async () => {
  const row = rowOf((one) => /</.test(one.family + one.given), "a person with markup in the name");
  assert.match(await ae.row(row.id).innerText(), /<script>/i);
  assert.equal(await ae.page.locator("tbody script").count(), 0);
});

test("hazard H5: two people save the same plan; the second sees both versions and decides", async () => {
  const inGp = new Map((await gp.rows()).map((one) => [one.nhs_number, one]));
  const row = rowOf((one) => one.plan.knowledge === "plan" && one.plan.flags.some((flag) => flag.id === "dnacpr") && inGp.has(one.nhs_number), "a plan in both lists");
  const consultant = await Person.at(browser, simulator.hosts.ae, "bthorne");
  try {
    await consultant.by(`plan-${row.id}`).click();
    await consultant.by("action-edit").click();
    await consultant.by("panel-edit").waitFor();
    await gp.by(`open-${inGp.get(row.nhs_number).id}`).click();
    await gp.by("action-edit").click();
    await gp.by("panel-edit").waitFor();

    await gp.write("pref.care", "By the sea");
    await gp.by("draft-kept").waitFor();
    await gp.by("publish").click();
    await gp.by("panel-edit").waitFor({ state: "detached" });

    await consultant.write("pref.care", "In the hills");
    await consultant.by("draft-kept").waitFor();
    await consultant.by("publish").click();
    await consultant.by("conflict-pref.care").waitFor();
    await consultant.by("came-back").waitFor();
    const words = await consultant.by("conflict-pref.care").innerText();
    assert.match(words, /By the sea/);
    assert.match(words, /In the hills/);
    assert.match(words, /Iwobi/);
    await consultant.picture("17-conflict");
    await consultant.accessible("conflict");
    await consultant.by("conflict-pref.care").getByTestId("use-mine").click();
    await consultant.by("publish").click();
    await consultant.by("panel-edit").waitFor({ state: "detached" });
    await consultant.by("came-back").waitFor({ state: "detached" });
    const bundle = await simulator.fhir(`/CarePlan?patient.identifier=${encodeURIComponent(`https://fhir.nhs.uk/Id/nhs-number|${row.nhs_number}`)}`);
    await simulator.opens(row.nhs_number);
    const revision = JSON.stringify(await simulator.fhir(`/${bundle.entry[0].resource.supportingInfo[0].reference}`));
    assert.ok(revision.includes("In the hills") && !revision.includes("By the sea"));
    assert.deepEqual(consultant.problems, []);
  } catch (problem) {
    await gp.picture("failure-gp");
    await consultant.picture("failure-consultant");
    throw problem;
  } finally {
    await consultant.context.close();
  }
});

test("hazard H8: consent that is withdrawn shows at once, everywhere, and nothing of the plan with it", async () => {
  const inGp = new Map((await gp.rows()).map((one) => [one.nhs_number, one]));
  const row = rowOf((one) => one.plan.knowledge === "plan" && one.plan.flags.some((flag) => flag.id === "dnacpr") && inGp.has(one.nhs_number), "a plan in both lists");
  if (await gp.by("back").count()) await gp.by("back").click();
  await gp.by(`open-${inGp.get(row.nhs_number).id}`).click();
  await gp.by("actions-state").locator("summary").click();
  await gp.by("action-suspend").click();
  await gp.by("panel-state").waitFor();
  await gp.accessible("consent withdrawn");
  await gp.picture("18-consent-withdrawn");
  await gp.date("state.since", "2026", "11", "21");
  await gp.by("submit-state").click();
  await gp.by("panel-state").waitFor({ state: "detached" });
  await ae.page.waitForFunction((id) => document.querySelector(`[data-testid="row-${id}"]`)?.dataset.knowledge === "suspended", row.id);
  assert.match(await ae.row(row.id).innerText(), /not shared/i);
  assert.equal(await ae.row(row.id).getByTestId("flag-dnacpr").count(), 0);
  await gp.by("action-reopen").waitFor();
  await gp.picture("19-suspended");
});

test("hazard H8: a plan that is not shared is opened in an emergency with two taps and a reason, to be read", async () => {
  const row = (await ae.rows()).find((one) => one.plan.knowledge === "suspended");
  assert.ok(row, "the test before this one suspended a plan");
  await ae.by(`plan-${row.id}`).click();
  await ae.by("action-break-glass").waitFor();
  assert.equal(await ae.by("facts").count(), 0, "nothing of the plan is shown before");
  await ae.by("action-break-glass").click();
  await ae.by("emergency").waitFor();
  await ae.accessible("open in an emergency");
  await ae.picture("20-emergency-reason");
  await ae.by("emergency-reason-1").click();
  await ae.by("answer-cpr.decision").waitFor();
  assert.match(await ae.by("answer-cpr.decision").innerText(), /CPR|resuscitation/i);
  assert.match(await ae.by("warning").first().innerText(), /emergency, until .*privacy officer/i);
  assert.equal(await ae.by("panel-edit").count(), 0);
  await ae.accessible("opened in an emergency");
  await ae.picture("21-emergency-open");
  assert.equal(await ae.by("action-break-glass").count(), 0, "what is open in an emergency is not offered again");
});
