// Coded entries in the GP's own record: filed from the plan, and against what stands there already.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, Person } from "./browser.mjs";
import { Simulator } from "./simulator.mjs";

let simulator, browser, gp, row;

before(async () => {
  simulator = await Simulator.start();
  browser = await launch();
  gp = await Person.at(browser, simulator.hosts.gp, "piwobi", { width: 1440, height: 1400 });
  await gp.page.waitForFunction(() => document.querySelectorAll('[data-knowledge="plan"]').length > 2);
  row = (await gp.rows()).find((one) => one.plan.knowledge === "plan" && one.plan.flags.some((flag) => flag.id === "dnacpr"));
  assert.ok(row, "the population has a patient of the GP with a DNACPR decision");
}, { timeout: 120000 });

after(async () => {
  if (gp) assert.deepEqual(gp.problems, [], "no script error on a page");
  await browser?.close();
  const code = await simulator?.stop();
  simulator?.forget();
  assert.equal(code, 0);
});

test("hazard H6: an entry of the record that disagrees is shown above all else, and nothing is filed over it", async () => {
  await gp.by(`open-${row.id}`).click();
  await gp.by("codes").waitFor();
  await gp.by("code-choice").selectOption("450475007");
  await gp.by("enter-code").click();
  await gp.by("code-450475007").waitFor();
  await gp.by("banner-flags").getByTestId("flag-cpr-conflict").waitFor();
  await gp.by("accept-and-file").click();
  await gp.by("warning").filter({ hasText: "Not filed: this record holds an entry that disagrees" }).first().waitFor();
  const both = await gp.by("warning").filter({ hasText: "CPR:" }).first().innerText();
  assert.match(both, /For attempted CPR, newest signed \(this record, .*Dr P\. Iwobi\) against Not for attempted/s);
  assert.equal(await gp.by("code-450476008").count(), 0, "nothing is filed");
  await gp.picture("40-gp-cpr-conflict");
  await gp.accessible("GP record with a conflict");
});

test("hazard H6: once the entry is ended, the plan's entries are filed once, with their source", async () => {
  await gp.by("end-450475007").click();
  await gp.by("code-450476008").waitFor();
  assert.match(await gp.by("code-450476008").innerText(), /Filed from: Urgent care plan, revision \d+/);
  assert.equal(await gp.by("code-450476008").count(), 1);
  assert.equal(await gp.by("code-450475007").getAttribute("data-state"), "ended");
  await gp.by("banner-flags").getByTestId("flag-cpr-conflict").waitFor({ state: "detached" });
  await gp.by("banner-flags").getByTestId("flag-dnacpr").waitFor();
  await gp.by("not-filed").waitFor({ state: "detached" });
  await gp.picture("41-gp-filed");
});
