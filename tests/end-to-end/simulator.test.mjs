// The simulator as its user starts, stops, kills and starts it again.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { launch, Person } from "./browser.mjs";
import { failingStart, Simulator } from "./simulator.mjs";

const oneSentence = (error) => assert.equal(error.trim().split("\n").length, 1, `one sentence: ${error}`);

test("a port that is taken is named, with what to do", async () => {
  const folder = mkdtempSync(join(tmpdir(), "careplug-sim-"));
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address();
  const { code, error } = failingStart("--port", String(port), "--data", join(folder, "data"));
  server.close();
  rmSync(folder, { recursive: true });
  assert.equal(code, 1);
  oneSentence(error);
  assert.match(error, new RegExp(`${port}.*--port`));
});

test("a folder that cannot be written is named, with what to do", () => {
  const folder = mkdtempSync(join(tmpdir(), "careplug-sim-"));
  writeFileSync(join(folder, "file"), "");
  const { code, error } = failingStart("--port", "0", "--data", join(folder, "file", "data"));
  rmSync(folder, { recursive: true });
  assert.equal(code, 1);
  oneSentence(error);
  assert.match(error, /--data/);
});

test("a disk that is nearly full is told before anything starts, with what to do", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "careplug-sim-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]).status === 0;
  try {
    if (!mounted) return t.skip("a small disk can be mounted by root alone");
    const { code, error } = failingStart("--port", "0", "--data", join(folder, "data"));
    assert.equal(code, 1);
    oneSentence(error);
    assert.match(error, /free some disk space.*--data/);
  } finally {
    if (mounted) spawnSync("umount", [folder]);
    rmSync(folder, { recursive: true });
  }
});

test("a wrong option is refused with the option's name", () => {
  for (const [parameters, word] of [[["--patients", "7"], /patients/], [["--seed", "x"], /seed/], [["--colour"], /colour/]]) {
    const { code, error } = failingStart(...parameters);
    assert.notEqual(code, 0);
    assert.match(error, word);
  }
});

test("hazard H4: killed while a GP writes, the simulator starts again with the draft and every plan", { timeout: 180000 }, async () => {
  let simulator = await Simulator.start();
  const browser = await launch();
  const plans = async () => (await simulator.fhir("/CarePlan?_total=accurate&_count=1")).total;
  try {
    const before = await plans();
    assert.ok(before > 10, `${before} plans were seeded`);
    let gp = await Person.at(browser, simulator.hosts.gp, "piwobi");
    await gp.page.waitForFunction(() => document.querySelectorAll('[data-knowledge="no-plan"]').length > 0);
    const patient = (await gp.rows()).find((row) => row.plan.knowledge === "no-plan");
    await gp.by(`open-${patient.id}`).click();
    await gp.by("action-create").click();
    await gp.field("pref.matters").locator("textarea").fill("My garden");
    await gp.by("draft-kept").waitFor();
    await gp.context.close();

    const children = simulator.processes();
    assert.equal(await simulator.stop("SIGKILL"), "SIGKILL");
    const alive = () => children.filter((one) => { try { process.kill(one.pid, 0); return true; } catch { return false; } });
    for (let wait = 0; wait < 100 && alive().length; ++wait) await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(alive().map((one) => one.name), [], "nothing outlives the simulator");

    simulator = await Simulator.start({ folder: simulator.folder });
    assert.equal(await plans(), before);
    gp = await Person.at(browser, simulator.hosts.gp, "piwobi");
    await gp.row(patient.id).getByTestId("flag-own-draft").waitFor();
    await gp.by(`open-${patient.id}`).click();
    await gp.by("action-continue").click();
    assert.equal(await gp.field("pref.matters").locator("textarea").inputValue(), "My garden");
    await gp.picture("14-gp-draft-resumed");
  } finally {
    await browser.close();
    await simulator.stop();
    simulator.forget();
  }
});
