// The simulator's exchange, judged and used by HAPI FHIR (hapi/OtherSystem.java). Skipped, and said so, where Maven or
// the download is missing.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { Simulator, build } from "../end-to-end/simulator.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(build, "interoperability", "hapi");

function classPath() {
  mkdirSync(out, { recursive: true });
  const list = join(out, "class-path.txt");
  const { status, error, stdout, stderr } = spawnSync("mvn", ["-q", "-B", "-f", join(here, "hapi", "pom.xml"),
    "dependency:build-classpath", `-Dmdep.outputFile=${list}`], { encoding: "utf8", timeout: 600000 });
  if (error || status !== 0) return { reason: `Maven could not fetch HAPI FHIR: ${error?.message ?? (stdout + stderr).split("\n")[0]}` };
  return { path: [out, readFileSync(list, "utf8").trim()].join(":") };
}

test("HAPI FHIR finds nothing wrong with what the exchange serves, and publishes a revision", { timeout: 900000 }, async (t) => {
  const { path, reason } = classPath();
  if (reason) { t.skip(reason); return; }
  execFileSync("javac", ["-nowarn", "-d", out, "-cp", path, join(here, "hapi", "OtherSystem.java")]);
  const simulator = await Simulator.start({ patients: 40, seed: 3 });
  t.after(async () => { await simulator.stop(); simulator.forget(); });
  // Revisions are read by who said first why.
  const plans = (await simulator.fhir("/CarePlan?_count=200")).entry.map((entry) => entry.resource);
  for (const plan of plans) await simulator.opens(plan.subject.identifier.value);
  await simulator.opens(plans[0].subject.identifier.value, "break-glass", "Life at risk");
  const officer = simulator.tokenOf({ role: "privacy_officer", sub: "officer", name: "S. Lind" });
  const { status, stdout, stderr } = spawnSync("java", ["-Xmx1g", "-cp", path, "OtherSystem", simulator.exchange],
    { input: `${simulator.token}\n${officer}\n`, encoding: "utf8", timeout: 600000 });
  t.diagnostic(stdout.trim().replaceAll("\n", "; "));
  assert.equal(status, 0, stdout + stderr);
});
