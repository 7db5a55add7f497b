// A change that a GP could not publish before going home: a colleague of the practice finds it, takes it over and decides.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, Person } from "./browser.mjs";
import { Simulator } from "./simulator.mjs";

let simulator, browser, consultant, author, row;
const people = [];
const at = async (host, user) => {
  const person = await Person.at(browser, simulator.hosts[host], user);
  people.push(person);
  return person;
};

before(async () => {
  simulator = await Simulator.start();
  browser = await launch();
  author = await at("gp", "piwobi");
  consultant = await at("ae", "bthorne");
  for (const person of people) await person.page.waitForFunction(() => document.querySelectorAll('[data-knowledge="plan"]').length > 5);
  const inGp = new Map((await author.rows()).map((one) => [one.nhs_number, one]));
  const there = (await consultant.rows()).find((one) => one.plan.knowledge === "plan" && inGp.get(one.nhs_number)?.plan.knowledge === "plan" && one.plan.flags.every((flag) => !/await|birth|conflict/.test(flag.id)));
  row = { ae: there.id, gp: inGp.get(there.nhs_number).id };
}, { timeout: 120000 });

after(async () => {
  for (const person of people) assert.deepEqual(person.problems, [], "no script error on a page");
  await browser?.close();
  await simulator?.stop();
  simulator?.forget();
});

test("hazard H5: a change that its author could not publish waits in the list of a colleague, who takes it over", async () => {
  await author.by(`open-${row.gp}`).click();
  await author.by("action-edit").click();
  await author.by("panel-edit").waitFor();
  await consultant.by(`plan-${row.ae}`).click();
  await consultant.by("action-edit").click();
  await consultant.by("panel-edit").waitFor();
  await consultant.write("pref.care", "By the sea");
  await consultant.by("draft-kept").waitFor();
  await consultant.by("publish").click();
  await consultant.by("panel-edit").waitFor({ state: "detached" });

  await author.write("pref.care", "In the hills");
  await author.by("draft-kept").waitFor();
  await author.by("publish").click();
  await author.by("conflict-pref.care").waitFor();
  await author.by("save-and-close").click();
  await author.by("back").click();
  await author.by("came-back").filter({ hasText: /NOT shared/ }).waitFor();
  await author.picture("90-gp-came-back");
  await author.accessible("came back");

  const colleague = await at("gp", "kmensah");
  const waiting = colleague.by("inbox").filter({ hasText: /Dr P\. Iwobi's change of \d\d:\d\d is NOT shared/ });
  await waiting.waitFor({ timeout: 40000 });
  assert.doesNotMatch(await waiting.innerText(), /hills/);
  await colleague.picture("91-gp-inbox");
  await colleague.accessible("inbox");
  assert.equal(await consultant.by("inbox").count(), 0, "another organisation finds nothing");
  const nurse = await at("gp", "lodell");
  assert.equal(await nurse.by("inbox").count(), 0, "who may not approve finds nothing");

  await waiting.getByRole("button").first().click();
  await colleague.by("panel-edit").waitFor({ timeout: 40000 });
  const conflict = colleague.by("conflict-pref.care");
  await conflict.waitFor();
  assert.match(await conflict.innerText(), /By the sea/);
  assert.match(await conflict.innerText(), /In the hills/);
  assert.match(await conflict.innerText(), /Dr P\. Iwobi, GP, Alder Lane Surgery, not shared/);
  await colleague.picture("92-gp-take-over");
  await colleague.accessible("take over");
  await conflict.getByTestId("use-mine").click();
  await colleague.by("publish").click();
  await colleague.by("panel-edit").waitFor({ state: "detached" });
  await colleague.by("panel-read").waitFor();
  await colleague.by("back").click();
  await colleague.by("inbox").waitFor({ state: "detached", timeout: 40000 });

  // Its author is told, and lets the draft go.
  const told = author.by("came-back").filter({ hasText: /took your change over/ });
  await told.waitFor({ timeout: 40000 });
  await author.picture("93-gp-taken-over");
  await told.getByRole("button").first().click();
  await author.by("panel-edit").waitFor();
  await author.by("discard").click();
  await author.by("discard-yes").click();
  await author.by("panel-edit").waitFor({ state: "detached" });
  await author.by("back").click();
  await author.by("came-back").waitFor({ state: "detached" });
});
