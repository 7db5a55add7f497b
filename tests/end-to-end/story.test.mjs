// The main job, as people do it: three hosts, three engines and stores, one exchange.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, Person } from "./browser.mjs";
import { Simulator } from "./simulator.mjs";

let simulator, browser, gp, ae, ooh, patient;

before(async () => {
  simulator = await Simulator.start();
  browser = await launch();
  gp = await Person.at(browser, simulator.hosts.gp, "piwobi");
  ae = await Person.at(browser, simulator.hosts.ae, "aquaye");
  ooh = await Person.at(browser, simulator.hosts.ooh, "rpetrov");
  const at = async (person) => new Map((await person.rows()).map((row) => [row.nhs_number, row]));
  await gp.page.waitForFunction(() => document.querySelectorAll('[data-knowledge="no-plan"]').length > 0);
  const [inGp, inAe, inOoh] = [await at(gp), await at(ae), await at(ooh)];
  const common = [...inGp.keys()].find((number) => number && inAe.has(number) && inOoh.has(number) && inGp.get(number).plan.knowledge === "no-plan");
  assert.ok(common, "the population has a patient without a plan in all three hosts");
  patient = { number: common, gp: inGp.get(common).id, ae: inAe.get(common).id, ooh: inOoh.get(common).id };
}, { timeout: 120000 });

after(async () => {
  for (const person of [gp, ae, ooh]) if (person) assert.deepEqual(person.problems, [], "no script error on a page");
  await browser?.close();
  if (!simulator) return;
  const code = await simulator.stop();
  simulator.forget();
  assert.equal(code, 0, "the simulator stops cleanly");
});

test("four hosts run as processes of their own, each with its engine", () => {
  const processes = simulator.processes();
  const hosts = processes.filter((one) => one.name === "careplug-sim-host");
  assert.equal(hosts.length, 4);
  assert.equal(processes.filter((one) => one.name === "careplug-exchange").length, 1);
  for (const host of hosts) assert.equal(processes.filter((one) => one.parent === host.pid && one.name === "careplug-engine").length, 1, "an engine for each host");
  assert.ok(!processes.some((one) => one.line.includes(patient.number)), "no identity on a command line");
});

test("a patient without a plan reads 'No plan found', with the time it was checked", async () => {
  await gp.by(`open-${patient.gp}`).click();
  const words = await gp.by("banner-flags").getByTestId("flag-no-plan").innerText();
  assert.match(words, /^No plan found checked \d\d:\d\d$/);
  await gp.picture("1-gp-no-plan");
  await gp.accessible("GP record");
});

test("the GP creates a plan in the record: pre-filled, missing answers named, then published", async () => {
  await gp.by("action-create").click();
  await gp.by("panel-edit").waitFor();
  assert.match(await gp.by("panel-mode").innerText(), /20 questions/);
  await gp.by("details-identity").locator("summary").click();
  assert.match(await gp.field("dem.nhs").innerText(), new RegExp(patient.number.slice(-4)));
  assert.match(await gp.field("ppl.practice").innerText(), /Alder Lane|practice/i);
  await gp.by("publish").click();
  await gp.by("missing").waitFor();
  assert.match(await gp.by("missing").innerText(), /Consent status/);
  await gp.picture("2-gp-missing");

  await gp.choose("con.status", "882921000000109");
  await gp.choose("leg.capacity", "has-capacity");
  if ((await gp.field("dx.primary").locator("input, textarea").first().inputValue()) === "") await gp.write("dx.primary", "Heart failure");
  await gp.choose("cpr.decision", "450476008");
  await gp.field("cpr.date").waitFor();
  await gp.date("cpr.date", "2026", "11", "20");
  await gp.write("cpr.where", "Yellow folder, hall table");
  await gp.choose("cpr.discussed", "873341000000100");
  await gp.choose("tep.level", "hospital-ward-based-treatment");
  await gp.choose("leg.adrt", "none-known");
  await gp.choose("leg.lpa", "none-known");
  await gp.choose("ppl.carer", "184156005");
  await gp.field("ppl.emergency").getByRole("button", { name: /^Add/ }).click();
  await gp.write("ppl.emergency.name", "Grace Example");
  await gp.field("ppl.emergency.phone").locator("input").first().fill("07700 900 417");
  await gp.write("pref.care", "Patient's own home");
  await gp.write("pref.ppd1", "Patient's own home");
  await gp.field("pref.matters").locator("textarea").fill("To be at home with my dog \u{1F415}, \u0645\u0631\u062D\u0628\u0627, e\u0301t\u00E9 <script>alert(1)</script>");
  await gp.by("nothing-missing").waitFor();
  await gp.by("draft-kept").waitFor();
  await gp.picture("3-gp-filled");
  await gp.accessible("GP form");
  await gp.by("publish").click();
  await gp.by("banner-flags").getByTestId("flag-dnacpr").waitFor();
  await gp.picture("4-gp-published");
});

test("the A&E board and the out-of-hours queue show DNACPR and the plan without reload", async () => {
  for (const [person, id] of [[ae, patient.ae], [ooh, patient.ooh]]) {
    await person.row(id).getByTestId("flag-dnacpr").waitFor();
    assert.equal(await person.row(id).getAttribute("data-knowledge"), "plan");
  }
  await ae.row(patient.ae).scrollIntoViewIfNeeded();
  await ae.picture("5-ae-board");
  await ae.accessible("A&E board");
  await ooh.picture("6-ooh-queue");
  await ooh.accessible("out-of-hours queue");
});

test("the plan on the exchange holds the answers typed", async () => {
  const bundle = await simulator.fhir(`/CarePlan?patient.identifier=${encodeURIComponent(`https://fhir.nhs.uk/Id/nhs-number|${patient.number}`)}`);
  assert.equal(bundle.entry.length, 1);
  const plan = bundle.entry[0].resource;
  const revision = await simulator.fhir(`/${plan.supportingInfo[0].reference}`);
  const text = JSON.stringify(revision);
  for (const typed of ["450476008", "Grace Example", "07700 900 417", "Yellow folder, hall table", "To be at home with my dog \u{1F415}"]) assert.ok(text.includes(typed), typed);
  patient.plan = plan.id;
  const { entry } = await simulator.fhir(`/Provenance?target=CarePlan/${plan.id}`);
  assert.match(JSON.stringify(entry[0].resource.agent), /Dr P\. Iwobi/);
});

test("an A&E nurse reads it: read-only, the A&E summary in order, revision and checked time", async () => {
  await ae.by(`plan-${patient.ae}`).click();
  await ae.by("panel-read").waitFor();
  assert.equal(await ae.by("panel-revision").innerText(), "1");
  assert.match(await ae.by("panel-checked").innerText(), /\d\d:\d\d/);
  assert.match(await ae.by("panel-cpr").innerText(), /DNACPR/);
  const labels = await ae.by("facts").first().locator("dt").allInnerTexts();
  const order = ["Decided", "Decided by", "Signed form", "Advance decision", "Ceiling", "Guidance", "Allergies", "Attorney", "Call first", "Diagnosis", "Devices", "Interpreter", "Place of care"];
  const places = order.map((label) => labels.indexOf(label));
  assert.ok(places.every((place) => place >= 0), `all of the summary: ${labels.join(" | ")}`);
  assert.deepEqual(places, [...places].sort((a, b) => a - b), "in the data set's order");
  assert.equal(await ae.by("publish").count(), 0);
  await ae.picture("7-ae-nurse-reads");
  await ae.accessible("A&E panel");
});

test("hazard H12: the A&E view never shows the key safe", async () => {
  assert.doesNotMatch(await ae.by("panel-read").innerText(), /key safe/i);
});

test("a hospital clinician at the same board edits and publishes; the GP's open panel says so", async () => {
  await gp.by("action-read").click();
  await gp.by("panel-read").waitFor();
  const consultant = await Person.at(browser, simulator.hosts.ae, "bthorne");
  try {
    await consultant.by(`plan-${patient.ae}`).click();
    await consultant.by("panel-read").waitFor();
    await consultant.by("action-edit").click();
    await consultant.by("panel-edit").waitFor();
    await consultant.write("pref.care", "Hospice (inpatient specialist palliative care)");
    await consultant.by("draft-kept").waitFor();
    await consultant.picture("8-ae-consultant-edits");
    await consultant.by("publish").click();
    await gp.by("newer-revision").waitFor();
    assert.match(await gp.by("newer-revision").innerText(), /Revision 2/);
    await gp.picture("9-gp-newer-revision");
    assert.deepEqual(consultant.problems, []);
  } finally {
    await consultant.context.close();
  }
  await gp.by("read-newer").click();
  await gp.page.waitForFunction(() => document.querySelector('[data-testid="panel-revision"]')?.textContent === "2");
  const plan = await simulator.fhir(`/CarePlan/${patient.plan}`);
  assert.equal(plan.extension.find((one) => one.url.endsWith("plan-revision")).valueInteger, 2);
});

test("an out-of-hours doctor adds an event note that the GP sees", async () => {
  await ooh.by(`open-${patient.ooh}`).click();
  await ooh.by("panel-read").waitFor();
  await ooh.by("add-note").click();
  await ooh.by("panel-note").waitFor();
  await ooh.field("evt.note.text").locator("textarea").fill("Breathless at 02:00, settled with a fan. Stayed at home.");
  await ooh.by("draft-kept").waitFor();
  await ooh.picture("10-ooh-note");
  await ooh.by("submit-note").click();
  await gp.by("notes").getByText("settled with a fan").waitFor();
  assert.match(await gp.by("notes").innerText(), /Dr R\. Petrov/);
  await gp.picture("11-gp-sees-note");
});

test("hazard H3: with the exchange off, flags are 'not known now' with what was last known", async () => {
  const start = await Person.at(browser, simulator.url);
  try {
    await start.by("exchange-off").click();
    const row = ae.row(patient.ae);
    await row.getByTestId("flag-not-known").waitFor();
    assert.equal(await row.getByTestId("flag-dnacpr").getAttribute("data-state"), "last-known");
    assert.match(await row.innerText(), /as of \d\d:\d\d/);
    await ae.by("panel-cpr").locator('[data-state="last-known"]').waitFor();
    await ae.page.waitForFunction(() => document.querySelectorAll('[data-knowledge="no-plan"], [data-knowledge="plan"]').length === 0);
    const empty = await ae.page.evaluate(() => [...document.querySelectorAll("[data-testid=list] tbody tr .flags")].filter((cell) => cell.textContent.trim() === "").length);
    assert.equal(empty, 0, "no place is empty");
    await ae.picture("12-ae-exchange-off");
    await ae.accessible("A&E board, exchange off");
    await start.picture("13-start-page");
    await start.accessible("start page");
    await start.by("exchange-on").click();
    await row.getByTestId("flag-dnacpr").and(ae.page.locator('[data-state="current"]')).waitFor();
  } finally {
    await start.context.close();
  }
});
