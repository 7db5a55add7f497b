// The simulator's plans in another FHIR server, Medplum's (medplum/other-server.mjs). Skipped, and said so, where the
// download is missing.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { Simulator, build } from "../end-to-end/simulator.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(build, "interoperability", "medplum");

function install() {
  mkdirSync(out, { recursive: true });
  copyFileSync(join(here, "medplum", "package.json"), join(out, "package.json"));
  const { status, error, stderr } = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"],
    { cwd: out, encoding: "utf8", timeout: 600000 });
  return error || status !== 0 ? `npm could not fetch Medplum: ${error?.message ?? stderr.split("\n")[0]}` : "";
}

const resources = (bundle) => (bundle.entry ?? []).map((entry) => entry.resource);

test("Medplum accepts the plans of the exchange and gives them back unchanged", { timeout: 900000 }, async (t) => {
  const reason = install();
  if (reason) { t.skip(reason); return; }
  const simulator = await Simulator.start({ patients: 40, seed: 3 });
  t.after(async () => { await simulator.stop(); simulator.forget(); });
  const plans = [];
  for (const plan of resources(await simulator.fhir("/CarePlan?status=active&_count=25"))) {
    const patient = plan.subject.reference;
    await simulator.opens(plan.subject.identifier.value);
    plans.push([await simulator.fhir("/" + patient), await simulator.fhir("/" + plan.supportingInfo[0].reference),
      ...resources(await simulator.fhir(`/Consent?patient=${patient}`)), ...resources(await simulator.fhir(`/Flag?patient=${patient}`)), plan]);
  }
  const { status, stdout, stderr } = spawnSync(join(out, "node_modules", ".bin", "node"), [join(here, "medplum", "other-server.mjs")],
    { cwd: out, input: JSON.stringify(plans), encoding: "utf8", timeout: 600000, maxBuffer: 1 << 28 });
  t.diagnostic(stdout.trim().split("\n").at(-1));
  assert.equal(status, 0, stdout + stderr);
});
