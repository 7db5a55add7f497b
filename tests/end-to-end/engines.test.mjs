// Engines and jails crash, hang and are upgraded on their page, while a GP types a plan.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, Person } from "./browser.mjs";
import { Simulator } from "./simulator.mjs";

let simulator, browser, gp, caretaker;
let typed = 0;

before(async () => {
  simulator = await Simulator.start();
  browser = await launch();
  caretaker = await Person.at(browser, `${simulator.url}engines.html`, null, { width: 1280, height: 1000 });
  gp = await Person.at(browser, simulator.hosts.gp, "piwobi");
  await gp.page.waitForFunction(() => document.querySelectorAll('[data-knowledge="plan"]').length > 5);
  const row = (await gp.rows()).find((one) => one.plan.knowledge === "plan" && one.plan.flags.some((flag) => flag.id === "dnacpr"));
  await gp.by(`open-${row.id}`).click();
  await gp.by("action-edit").click();
  await gp.by("panel-edit").waitFor();
  await type();
  // What a person could see of the flags at any moment.
  await gp.page.evaluate(() => {
    globalThis.seen = [];
    const look = () => {
      const strip = document.querySelector("[data-testid=banner-flags]");
      if (strip) globalThis.seen.push({ words: strip.innerText.replace(/\s+/g, " "), dnacpr: strip.querySelector("[data-testid=flag-dnacpr]")?.dataset.state ?? "", bar: document.querySelector("[data-testid=exchange-state]")?.innerText ?? "" });
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
}, { timeout: 180000 });

after(async () => {
  for (const person of [gp, caretaker]) if (person) assert.deepEqual(person.problems, [], "no script error on a page");
  await browser?.close();
  const code = await simulator?.stop();
  simulator?.forget();
  assert.equal(code, 0);
});

const words = () => `By the sea, ${typed}`;

// The next words, kept on the disk.
async function type() {
  typed += 1;
  const kept = gp.page.waitForResponse(async (response) => /panels\/[^/]+\/update$/.test(response.url()) && response.ok() && (await response.text()).includes(words()), { timeout: 20000 });
  await gp.write("pref.care", words());
  await kept;
  await gp.by("draft-kept").waitFor();
}

const fact = (part, name) => caretaker.by(`${part}-gp`).getByTestId(name);
const facts = async (part) => Object.fromEntries(await Promise.all(["process", "restarts", "upgrades", "version"].map(async (name) => [name, await fact(part, name).innerText()])));
const times = (text) => (text === "never" ? 0 : Number(text.split(" ")[0]));
const begin = () => gp.page.evaluate(() => { globalThis.seen.length = 0; });
const seen = () => gp.page.evaluate(() => globalThis.seen);
const fresh = () => gp.page.waitForFunction(() => document.querySelector("[data-testid=banner-flags] [data-testid=flag-dnacpr]")?.dataset.state === "current", null, { timeout: 20000 });

// Does it to the part while the GP types, and waits until the page counts it.
async function inflict(act, part, count) {
  const before = await facts(part);
  await begin();
  await caretaker.by(`${act}-${part}-gp`).click();
  await type();
  await caretaker.page.waitForFunction(([id, name, was]) => {
    const text = document.querySelector(`[data-testid=${id}] [data-testid=${name}]`)?.innerText ?? "never";
    return (text === "never" ? 0 : Number(text.split(" ")[0])) > was;
  }, [`${part}-gp`, count, times(before[count])], { timeout: 40000 });
  await fresh();
  assert.equal(await gp.field("pref.care").locator("input, textarea").first().inputValue(), words(), "what was typed stands in its field");
  assert.equal(await gp.by("panel-edit").count(), 1, "the form is still open");
  return { before, now: await facts(part) };
}

function assertLastKnown(moments) {
  const restarting = moments.filter((one) => /not known now/i.test(one.words));
  assert.ok(restarting.length > 0, `"not known now" was shown: ${JSON.stringify(moments.slice(0, 5))}`);
  assert.ok(restarting.some((one) => /not known now the plan service is restarting/i.test(one.words)), JSON.stringify(restarting));
  assert.ok(restarting.some((one) => /plan service is restarting/i.test(one.bar)), JSON.stringify(restarting));
  for (const one of restarting) {
    // Then the next engine runs and has still to ask.
    assert.match(one.words, /not known now (the plan service is restarting|no answer yet|nobody signed in)/i);
    assert.equal(one.dnacpr, "last-known", `the decision stands, marked as last known: ${one.words}`);
  }
  for (const one of moments) assert.ok(one.dnacpr, `the decision is never gone: ${one.words}`);
}

test("the page shows process, memory, calls, signature and sandbox of each engine and jail", async () => {
  for (const kind of ["gp", "ooh", "ae"])
    for (const part of ["engine", "plugin"]) {
      const box = caretaker.by(`${part}-${kind}`);
      await box.getByTestId("process").waitFor();
      assert.match(await box.getByTestId("process").innerText(), /^\d+$/);
      assert.match(await box.getByTestId("memory").innerText(), /MB$/);
      assert.match(await box.getByTestId("calls").innerText(), /^\d+$/);
      assert.match(await box.getByTestId("sandbox").innerText(), /no new privileges/);
    }
  assert.match(await fact("plugin", "signature").innerText(), /signed by Careplug simulator with key/);
  const running = simulator.processes();
  const { process: number } = await facts("engine");
  assert.equal(running.find((one) => one.pid === Number(number))?.name, "careplug-engine");
  await caretaker.accessible("engines and jails");
  await caretaker.picture("30-engines-and-jails");
});

test("hazard H16: an engine that crashes costs the clinician a moment of 'not known now', and no answer", async () => {
  const { before, now } = await inflict("crash", "engine", "restarts");
  assertLastKnown(await seen());
  assert.notEqual(now.process, before.process);
  await caretaker.picture("31-engine-crashed");
});

test("hazard H16: an engine that hangs is replaced, with flags as last known meanwhile", async () => {
  const { before, now } = await inflict("hang", "engine", "restarts");
  assertLastKnown(await seen());
  assert.notEqual(now.process, before.process);
});

test("hazard H16: an engine that is upgraded takes over beside the form that is open", async () => {
  const { before, now } = await inflict("upgrade", "engine", "upgrades");
  assert.equal(now.restarts, before.restarts, "an upgrade is no restart");
  assert.notEqual(now.process, before.process);
  await gp.by("notice").filter({ hasText: /brought up to date\. What you typed is kept/ }).waitFor({ timeout: 20000 });
  await fresh();
  await gp.picture("32-gp-after-upgrade");
});

test("hazard H16: a jail that crashes is started again, and flags stay", async () => {
  const moments = await inflict("crash", "plugin", "restarts").then(seen);
  for (const one of moments) assert.equal(one.dnacpr, "current", one.words);
});

test("hazard H16: a jail that hangs is started again, and flags stay", async () => {
  const moments = await inflict("hang", "plugin", "restarts").then(seen);
  for (const one of moments) assert.equal(one.dnacpr, "current", one.words);
});

test("hazard H16: a plugin that is upgraded answers in the session that runs, and the form is published", async () => {
  const { before, now } = await inflict("upgrade", "plugin", "upgrades");
  assert.equal(before.version, "0.1.0");
  assert.equal(now.version, "0.1.1");
  await caretaker.picture("33-plugin-upgraded");
  await gp.by("publish").click();
  await gp.by("panel-edit").waitFor({ state: "detached" });
  await gp.picture("34-gp-published");
});
