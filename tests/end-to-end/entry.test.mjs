// Writing a plan as people do: with the keyboard alone, on a small screen, in a hurry, by two people.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, Person } from "./browser.mjs";
import { Simulator } from "./simulator.mjs";

let simulator, browser, gp;

before(async () => {
  simulator = await Simulator.start();
  browser = await launch();
  gp = await Person.at(browser, simulator.hosts.gp, "piwobi");
  await gp.page.waitForFunction(() => document.querySelectorAll('[data-knowledge="no-plan"]').length > 4);
}, { timeout: 120000 });

after(async () => {
  assert.deepEqual(gp?.problems ?? [], [], "no script error on a page");
  await browser?.close();
  const code = await simulator?.stop();
  simulator?.forget();
  assert.equal(code, 0);
});

const taken = new Set();
// Another patient for each test: "no-plan" or "plan".
async function patient(knowledge, person = gp) {
  const row = (await person.rows()).find((one) => one.plan.knowledge === knowledge && one.nhs_number && !taken.has(one.nhs_number) && one.number_status === 1 && !one.plan.flags.some((flag) => flag.id === "own-draft"));
  assert.ok(row, `a patient with ${knowledge}`);
  taken.add(row.nhs_number);
  return row;
}

async function form(person, row, action) {
  if (await person.by("back").count()) await person.by("back").click();
  await person.by(`open-${row.id}`).click();
  await person.by(`action-${action}`).click();
  await person.by("panel-edit").waitFor();
  await person.field("pref.matters").waitFor();
}

const published = async (row) => {
  const { entry } = await simulator.fhir(`/CarePlan?patient.identifier=${encodeURIComponent(`https://fhir.nhs.uk/Id/nhs-number|${row.nhs_number}`)}`);
  return JSON.stringify(await simulator.fhir(`/${entry[0].resource.supportingInfo[0].reference}`));
};

// Every click and keystroke: those that give an answer, those that get into a field, and the rest.
class Hand {
  constructor(person) { Object.assign(this, { person, answers: 0, moves: 0, rest: 0 }); }
  async press(id) { this.rest += 1; await this.person.by(id).click(); }
  async choose(linkId, code) { this.answers += 1; await this.person.choose(linkId, code); }
  async write(linkId, text) {
    this.moves += 1;
    this.answers += text.length;
    const control = this.person.field(linkId).locator("input, textarea").first();
    await control.click();
    await control.fill(text);
  }
  async date(linkId, day, month, year) {
    this.moves += 3;
    this.answers += day.length + month.length + year.length;
    await this.person.field(linkId).waitFor();
    await this.person.date(linkId, year, month, day);
  }
}

test("from an open record to a published core plan: the answers, and at most 5 clicks more", { timeout: 90000 }, async () => {
  const row = await patient("no-plan");
  await gp.by(`open-${row.id}`).click();
  const hand = new Hand(gp);
  await hand.press("action-create");
  await gp.by("panel-edit").waitFor();
  await hand.choose("con.status", "882921000000109");
  await hand.choose("leg.capacity", "has-capacity");
  const diagnosis = gp.field("dx.primary").locator("input").first();
  if ((await diagnosis.inputValue()) === "") await hand.write("dx.primary", "Heart failure");
  await hand.choose("cpr.decision", "450476008");
  await hand.date("cpr.date", "20", "11", "2026");
  await hand.write("cpr.where", "Yellow folder, hall table");
  await hand.choose("cpr.discussed", "873341000000100");
  await hand.choose("tep.level", "hospital-ward-based-treatment");
  await hand.choose("leg.adrt", "none-known");
  await hand.choose("leg.lpa", "none-known");
  await hand.choose("ppl.carer", "184156005");
  await gp.field("ppl.emergency").getByTestId("add-row").click();
  hand.rest += 1;
  await hand.write("ppl.emergency.name", "Grace Example");
  await hand.write("ppl.emergency.phone", "07700 900 417");
  await hand.write("pref.care", "Patient's own home");
  await hand.write("pref.ppd1", "Patient's own home");
  await hand.write("pref.matters", "To be at home with my dog");
  await hand.press("publish");
  await gp.by("banner-flags").getByTestId("flag-dnacpr").waitFor();
  console.log(`# measure: clicks and keystrokes of a core plan: ${hand.answers} for answers, ${hand.moves} to get into fields that are written in, ${hand.rest} others`);
  assert.ok(hand.rest <= 5, `${hand.rest} clicks that answer nothing`);
});

test("with the keyboard alone: from the open record to a published core plan, no trap, focus always seen", { timeout: 120000 }, async () => {
  const row = await patient("no-plan");
  if (await gp.by("back").count()) await gp.by("back").click();
  await gp.by(`open-${row.id}`).click();
  await gp.by("action-create").waitFor();
  const { page } = gp;
  let keys = 0;
  const press = async (key) => { keys += 1; await page.keyboard.press(key); };
  const at = () => page.evaluate(() => {
    const here = document.activeElement;
    const style = getComputedStyle(here);
    const box = here.getBoundingClientRect();
    return { id: here.dataset.testid ?? "", field: here.closest("[data-link-id]")?.dataset.linkId ?? "", code: here.dataset.code ?? "", part: here.dataset.part ?? "", name: here.tagName,
      seen: here === document.body || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2), inside: box.top >= -1 && box.bottom <= innerHeight + 1 };
  });
  const walked = [];
  const go = async (there, most = 80) => {
    for (let step = 0; step < most; ++step) {
      const here = await at();
      if (there(here)) return;
      await press("Tab");
      const next = await at();
      walked.push(next);
      assert.ok(next.seen, `focus is seen on ${JSON.stringify(next)}`);
    }
    assert.fail(`the keyboard does not come there: ${JSON.stringify(walked.slice(-5))}`);
  };
  const toField = (linkId) => go((here) => here.field === linkId && here.name !== "DIV");
  const type = async (text) => { keys += text.length; await page.keyboard.type(text); };
  // A radio group is one stop; arrows choose in it.
  const choose = async (linkId, code) => {
    await toField(linkId);
    const place = await page.evaluate((id) => [...document.activeElement.closest("fieldset").querySelectorAll("input")].findIndex((one) => one.dataset.code === id), code);
    if ((await page.evaluate(() => document.activeElement.type)) === "radio") {
      if (place === 0) await press("Space");
      for (let step = 0; step < place; ++step) await press("ArrowDown");
    } else {
      for (let step = 0; step < place; ++step) await press("Tab");
      await press("Space");
    }
    assert.equal(await page.evaluate(() => document.activeElement.dataset.code), code);
    assert.ok(await page.evaluate(() => document.activeElement.checked), `${linkId} is chosen`);
  };

  await go((here) => here.id === "action-create");
  await press("Enter");
  await page.waitForFunction(() => document.activeElement.dataset.testid === "panel-title");
  await choose("con.status", "882921000000109");
  await choose("leg.capacity", "has-capacity");
  await toField("dx.primary");
  if ((await page.evaluate(() => document.activeElement.value)) === "") await type("Heart failure");
  await choose("cpr.decision", "450476008");
  await gp.field("cpr.date").waitFor();
  await toField("cpr.date");
  await type("20");
  await press("Tab");
  await type("11");
  await press("Tab");
  await type("2026");
  await choose("tep.level", "hospital-ward-based-treatment");
  await toField("leg.adrt");
  await choose("leg.adrt", "none-known");
  await choose("leg.lpa", "none-known");
  await choose("ppl.carer", "184156005");
  await toField("pref.care");
  await type("Patient's own home");
  await toField("pref.ppd1");
  await type("Patient's own home");
  await toField("pref.matters");
  await type("My dog");
  // The first keeping of the draft must not have taken the place from under the hands.
  await gp.by("draft-kept").waitFor();
  assert.equal((await at()).field, "pref.matters");
  await go((here) => here.id === "publish");
  assert.ok((await at()).inside, "the button is on the screen");
  await press("Enter");
  await gp.by("banner-flags").getByTestId("flag-dnacpr").waitFor();
  console.log(`# measure: keystrokes of a core plan with the keyboard alone: ${keys}`);
  const text = await published(row);
  for (const typed of ["450476008", "2026-11-20", "My dog", "none-known"]) assert.ok(text.includes(typed), typed);
});

test("hazard H10: long text grows and is never cut: in the form, in the changes and when it is read", { timeout: 150000 }, async () => {
  const row = await patient("plan");
  await form(gp, row, "edit");
  const long = Array.from({ length: 40 }, (_, line) => `Line ${line}: breathless at night, sits up, fan on, one dose from the box in the hall; then call the night team. ${"x".repeat(60)}`).join("\n");
  const area = gp.field("pref.matters").locator("textarea");
  await area.fill(long);
  const place = "By the sea, ".repeat(20).trim();
  await gp.write("pref.care", place);
  await gp.by("draft-kept").waitFor();
  assert.ok(await area.evaluate((one) => one.scrollHeight <= one.clientHeight + 2), "the field holds its text");
  assert.equal(await gp.field("pref.care").locator(".whole").innerText(), place);
  await gp.by("change-pref.matters").waitFor();
  assert.ok((await gp.by("change-pref.matters").innerText()).replace(/\s+/g, " ").includes(long.replace(/\s+/g, " ")), "the changes hold it whole");
  await gp.picture("21-long-text");
  await gp.by("publish").click();
  await gp.by("panel-read").waitFor();
  const cut = await gp.page.evaluate(() => [...document.querySelectorAll("[data-testid=panel-read] dd")].filter((one) => one.scrollWidth > one.clientWidth + 1 || getComputedStyle(one).textOverflow === "ellipsis").map((one) => one.dataset.testid));
  assert.deepEqual(cut, [], "nothing that is read is cut");
  const flat = (text) => text.replace(/\s+/g, " ");
  await gp.page.getByText("All sections").first().click();
  assert.ok(flat(await gp.by("panel-read").innerText()).includes(flat(long)), "it is read whole");
  assert.ok((await published(row)).includes(JSON.stringify(long).slice(1, -1)), "it is published whole");
});

test("hazard H4: an answer whose question is not asked any more is kept in the draft, and it is said that it is not published", { timeout: 150000 }, async () => {
  const row = await patient("no-plan");
  await form(gp, row, "create");
  await gp.choose("cpr.decision", "450476008");
  await gp.field("cpr.where").waitFor();
  await gp.write("cpr.where", "Yellow folder");
  await gp.by("draft-kept").waitFor();
  await gp.choose("cpr.decision", "no-decision-recorded");
  await gp.by("left-out").waitFor();
  assert.match(await gp.by("left-out").innerText(), /Yellow folder/);
  assert.equal(await gp.field("cpr.where").count(), 0);
  await gp.picture("22-left-out");
  await gp.accessible("left out");
  await gp.choose("cpr.decision", "450476008");
  await gp.field("cpr.where").waitFor();
  assert.equal(await gp.field("cpr.where").locator("textarea, input").first().inputValue(), "Yellow folder");
  assert.equal(await gp.by("left-out").count(), 0);
  await gp.by("save-and-close").click();
  await gp.by("panel-edit").waitFor({ state: "detached" });
});

test("hazard H4: rows are added, moved, removed and put back; what is wrong in a row is said in that row", { timeout: 150000 }, async () => {
  const row = await patient("no-plan");
  await form(gp, row, "create");
  const contacts = gp.field("ppl.emergency");
  const nth = (index) => contacts.getByTestId("group-row").nth(index);
  const name = (index) => nth(index).getByTestId("field-ppl.emergency.name").locator("textarea");
  for (const [index, who] of ["Grace Example", "Noor Example", "Omar Example"].entries()) {
    await contacts.getByTestId("add-row").click();
    await name(index).fill(who);
    await gp.page.waitForTimeout(700);
  }
  await nth(2).getByTestId("move-row").click();
  assert.equal(await name(1).inputValue(), "Omar Example");
  await nth(0).getByTestId("remove-row").click();
  assert.match(await nth(0).innerText(), /Removed: Grace Example/);
  await gp.page.waitForTimeout(700);
  assert.equal(await gp.page.evaluate(() => document.activeElement.dataset.testid), "put-back-row");
  await gp.page.keyboard.press("Enter");
  await gp.page.waitForTimeout(700);
  assert.equal(await name(0).inputValue(), "Grace Example");
  await nth(2).getByTestId("remove-row").click();
  await gp.page.waitForTimeout(700);
  await gp.by("publish").click();
  await gp.by("panel-message").waitFor();
  await nth(0).getByTestId("field-ppl.emergency.phone").locator(".nhsuk-error-message").filter({ hasText: /\w/ }).waitFor();
  await gp.picture("23-rows");
  await gp.accessible("rows");
  await gp.by("save-and-close").click();
  await gp.by("panel-edit").waitFor({ state: "detached" });
  await gp.by("action-continue").click();
  await gp.by("panel-edit").waitFor();
  assert.deepEqual(await contacts.getByTestId("group-row").evaluateAll((rows) => rows.map((one) => one.querySelector("[data-link-id$='.name'] textarea").value)), ["Grace Example", "Omar Example"]);
  await gp.by("save-and-close").click();
});

test("before publishing, what changes stands beside the button: was and will be", { timeout: 150000 }, async () => {
  const row = await patient("plan");
  await form(gp, row, "edit");
  await gp.by("no-changes").waitFor();
  await gp.write("pref.care", "In the hills");
  await gp.write("pref.matters", "My garden");
  await gp.by("changes").getByText("You change 2 answers").waitFor();
  assert.match(await gp.by("change-pref.care").innerText(), /was: .+\n?will be: In the hills/);
  await gp.accessible("changes");
  await gp.picture("24-changes");
  await gp.by("save-and-close").click();
  await gp.by("panel-edit").waitFor({ state: "detached" });
});

test("hazard H7: a nurse submits what she can answer; a doctor sees it, completes and approves it", { timeout: 90000 }, async () => {
  const nurse = await Person.at(browser, simulator.hosts.gp, "lodell");
  try {
    await nurse.page.waitForFunction(() => document.querySelectorAll('[data-knowledge="no-plan"]').length > 0);
    const row = await patient("no-plan", nurse);
    await form(nurse, row, "create");
    await nurse.choose("con.status", "882921000000109");
    await nurse.write("pref.matters", "My garden");
    await nurse.write("pref.care", "Patient's own home");
    await nurse.by("draft-kept").waitFor();
    assert.equal(await nurse.by("publish").count(), 0, "a nurse does not publish");
    await nurse.picture("25-nurse-submits");
    await nurse.accessible("nurse's form");
    await nurse.by("submit").click();
    await nurse.by("panel-edit").waitFor({ state: "detached" });
    await nurse.context.close();

    const doctor = await Person.at(browser, simulator.hosts.gp, "piwobi");
    await doctor.by(`open-${row.id}`).click();
    await doctor.by("action-approve").click();
    await doctor.by("submitted").waitFor();
    assert.match(await doctor.by("submitted").innerText(), /L\. Odell[\s\S]*My garden/);
    await doctor.choose("leg.capacity", "has-capacity");
    const diagnosis = doctor.field("dx.primary").locator("input").first();
    if ((await diagnosis.inputValue()) === "") await doctor.write("dx.primary", "Heart failure");
    await doctor.choose("cpr.decision", "450476008");
    await doctor.field("cpr.date").waitFor();
    await doctor.date("cpr.date", "2026", "11", "20");
    await doctor.write("cpr.by.name", "Dr P. Iwobi");
    await doctor.write("cpr.by.role", "GP");
    await doctor.choose("tep.level", "hospital-ward-based-treatment");
    await doctor.choose("leg.adrt", "none-known");
    await doctor.choose("leg.lpa", "none-known");
    await doctor.choose("ppl.carer", "184156005");
    await doctor.by("draft-kept").waitFor();
    await doctor.picture("26-doctor-completes");
    await doctor.by("publish").click();
    await doctor.by("banner-flags").getByTestId("flag-dnacpr").waitFor();
    const text = await published(row);
    for (const typed of ["My garden", "450476008"]) assert.ok(text.includes(typed), typed);
    assert.deepEqual([...nurse.problems, ...doctor.problems], []);
    await doctor.context.close();
  } catch (problem) {
    await nurse.picture("failure-nurse").catch(() => {});
    throw problem;
  }
});
