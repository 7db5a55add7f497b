// A hospital changes a plan: the practice finds it in its list, sees what changed, accepts it, and looks back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, Person } from "./browser.mjs";
import { Simulator } from "./simulator.mjs";

let simulator, browser, gp, nurse, consultant, row;
const written = "House of the Linden Tree";

before(async () => {
  simulator = await Simulator.start();
  browser = await launch();
  gp = await Person.at(browser, simulator.hosts.gp, "piwobi");
  nurse = await Person.at(browser, simulator.hosts.gp, "lodell");
  consultant = await Person.at(browser, simulator.hosts.ae, "bthorne");
  await gp.page.waitForFunction(() => document.querySelectorAll('[data-knowledge="plan"]').length > 5);
  await consultant.page.waitForFunction(() => document.querySelectorAll('[data-knowledge="plan"]').length > 5);
  const inGp = new Map((await gp.rows()).map((one) => [one.nhs_number, one]));
  const there = (await consultant.rows()).find((one) => one.plan.knowledge === "plan" && inGp.get(one.nhs_number)?.plan.knowledge === "plan" && one.plan.flags.every((flag) => !/await|birth/.test(flag.id)));
  row = { ae: there.id, gp: inGp.get(there.nhs_number).id };
}, { timeout: 120000 });

after(async () => {
  for (const person of [gp, nurse, consultant]) if (person) assert.deepEqual(person.problems, [], "no script error on a page");
  await browser?.close();
  await simulator?.stop();
  simulator?.forget();
});

test("what another organisation changed is in the practice's list, with who and when", async () => {
  await consultant.by(`plan-${row.ae}`).click();
  await consultant.by("action-edit").click();
  await consultant.by("panel-edit").waitFor();
  await consultant.write("pref.care", written);
  await consultant.by("draft-kept").waitFor();
  await consultant.by("publish").click();
  await consultant.by("panel-edit").waitFor({ state: "detached" });
  const listed = gp.by(`elsewhere-${row.gp}`).filter({ hasText: /Thorne/ });
  await listed.waitFor({ state: "attached", timeout: 40000 });
  if (!(await gp.by("changed-elsewhere").evaluate((node) => node.open))) await gp.by("changed-elsewhere").locator("summary").click();
  assert.match(await listed.innerText(), /revision \d+.*Thorne/);
  await gp.picture("40-gp-changed-elsewhere");
  await gp.accessible("changed elsewhere");
});

test("the GP sees what changed, field by field, accepts it, and it is gone for the nurse too", async () => {
  await gp.by(`elsewhere-${row.gp}`).getByRole("button").click();
  await gp.by("panel-history").getByTestId("history").waitFor();
  const change = gp.by("change-pref.care").first();
  await change.waitFor();
  assert.match(await change.innerText(), new RegExp(written));
  await gp.picture("41-gp-what-changed");
  await gp.accessible("what changed");
  await gp.by("accept").click();
  await gp.by("panel-history").waitFor({ state: "detached" });
  await gp.by("panel-read").waitFor();
  await gp.by("back").click();
  await gp.by(`elsewhere-${row.gp}`).waitFor({ state: "detached" });
  await nurse.by(`elsewhere-${row.gp}`).waitFor({ state: "detached", timeout: 40000 });
  await gp.picture("42-gp-accepted");
});

test("hazard H2: a note that A&E leaves is in the practice's list without its text, is read there and accepted", async () => {
  await consultant.by("add-note").click();
  await consultant.by("panel-note").waitFor();
  await consultant.field("evt.note.text").locator("textarea").fill("Seen after a fall, went home with her daughter.");
  await consultant.by("draft-kept").waitFor();
  await consultant.by("submit-note").click();
  const listed = gp.by(`elsewhere-${row.gp}`);
  await listed.getByTestId("elsewhere-note").waitFor({ state: "attached", timeout: 40000 });
  assert.match(await listed.textContent(), /Note by .*Thorne/);
  assert.doesNotMatch(await listed.textContent(), /after a fall|revision/);
  await gp.picture("45-gp-note-in-list");
  if (!(await gp.by("changed-elsewhere").evaluate((node) => node.open))) await gp.by("changed-elsewhere").locator("summary").click();
  await listed.getByRole("button").click();
  await gp.by("panel-history").getByTestId("notes").getByText("after a fall").waitFor();
  await gp.picture("46-gp-reads-the-note");
  await gp.accessible("a note to accept");
  await gp.by("accept").click();
  await gp.by("panel-history").waitFor({ state: "detached" });
  await gp.by("back").click();
  await listed.waitFor({ state: "detached" });
});

test("hazard H7: the history offers an earlier revision as a draft, and publishes nothing by itself", async () => {
  await gp.by(`open-${row.gp}`).click();
  await gp.by("action-history").click();
  await gp.by("revision-1").waitFor();
  await gp.picture("43-gp-history");
  await gp.accessible("history");
  const revision = (await gp.rows()).find((one) => one.id === row.gp).plan.revision;
  await gp.by("revision-1").locator("summary").click();
  await gp.by("restore.1").click();
  await gp.by("restored").waitFor();
  assert.match(await gp.by("restored").innerText(), /revision 1.*draft/i);
  assert.notEqual(await gp.field("pref.care").locator("input, textarea").first().inputValue(), written);
  await gp.picture("44-gp-restored-draft");
  assert.equal((await gp.rows()).find((one) => one.id === row.gp).plan.revision, revision);
  await gp.by("discard").click();
  await gp.by("discard-yes").click();
  await gp.by("panel-edit").waitFor({ state: "detached" });
});

test("A&E reads the history within its view, and restores nothing", async () => {
  await consultant.by("action-history").or(consultant.by(`plan-${row.ae}`)).first().click();
  if (!(await consultant.by("panel-history").count())) await consultant.by("action-history").click();
  await consultant.by("panel-history").getByTestId("history").waitFor();
  await consultant.picture("47-ae-history");
});
