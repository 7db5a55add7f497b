// The hazard log as data: hazards and their controls (docs/safety/hazards/*.json), the switchable controls' ids and
// sentences (sdk/controls), the tests that name a hazard, and what does not fit together.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

export const severities = ["minor", "significant", "considerable", "major", "catastrophic"];
export const likelihoods = ["very low", "low", "medium", "high", "very high"];
// Rows by likelihood, columns by severity.
const risks = [
  [1, 1, 2, 2, 3],
  [1, 2, 2, 3, 4],
  [2, 2, 3, 3, 4],
  [2, 3, 3, 4, 5],
  [3, 4, 4, 5, 5],
];
export const riskOf = ({ severity, likelihood }) => risks[likelihoods.indexOf(likelihood)]?.[severities.indexOf(severity)];

const joined = (literals) => [...literals.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text.replace(/\\(.)/g, "$1")).join("");
const filesBelow = (...folders) =>
  execFileSync("git", ["ls-files", "-co", "--exclude-standard", ...folders], { encoding: "utf8" }).trim().split("\n");
const textOf = (file) => readFileSync(file, "utf8");

// id -> sentence of each control that has a switch.
function listed() {
  const rows = textOf("sdk/controls/include/careplug/controls/list.h").matchAll(/\{"(H\d+\.[a-z0-9-]+)",\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\}/g);
  return new Map([...rows].map(([, id, sentence]) => [id, joined(sentence)]));
}

// id -> files that ask for it.
function asked() {
  const places = new Map();
  for (const file of filesBelow("sdk", "host-sim", "plugins").filter((file) => /\.(cpp|h|js)$/.test(file)))
    for (const [, id] of textOf(file).matchAll(/\bon\("(H\d+\.[a-z0-9-]+)"\)/g)) places.set(id, [...(places.get(id) ?? []), file]);
  return places;
}

// "H1, H3: sentence" and "hazard H1: sentence" name hazards before their colon.
export function namedTests() {
  const found = [];
  for (const file of filesBelow("tests").filter((file) => /\.(cpp|mjs)$/.test(file)))
    for (const [, how, literals, rest] of textOf(file).matchAll(/\b(TEST_CASE|test(?:\.\w+)?)\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)([^\n]*)/g)) {
      const name = joined(literals);
      const colon = name.indexOf(":");
      if (!/^(hazard )?H\d/.test(name) || colon < 0) continue;
      const hazards = name.slice(0, colon).replace("hazard ", "").split(/[,\s]+/);
      const skipped = how === "TEST_CASE" ? /\[\.|\[!mayfail|\[!shouldfail/.test(rest) : how !== "test" || /\b(skip|todo): *(true|")/.test(rest);
      found.push({ file, name, hazards, sentence: name.slice(colon + 1).trim(), skipped });
    }
  return found;
}

// What DCB0129 asks of each hazard, with its tests found and what is wrong said.
export function hazardLog() {
  const sentences = listed();
  const places = asked();
  const tests = namedTests();
  const wrong = [];
  const hazards = readdirSync("docs/safety/hazards")
    .filter((name) => name.endsWith(".json"))
    .map((name) => JSON.parse(textOf(`docs/safety/hazards/${name}`)))
    .sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
  const controls = new Map();
  for (const hazard of hazards) {
    hazard.controls ??= [];
    for (const risk of [hazard.initial, hazard.residual])
      if (riskOf(risk ?? {}) === undefined) wrong.push(`${hazard.id}: initial and residual risk need a severity and a likelihood of the matrix`);
    for (const control of hazard.controls) {
      if (control.see) continue;
      control.hazard = hazard.id;
      controls.set(control.id, control);
      control.switched = !control.structural;
      if (control.switched) {
        control.sentence = sentences.get(control.id);
        if (!control.sentence) wrong.push(`${control.id}: not in sdk/controls/include/careplug/controls/list.h, and no reason why it has no switch`);
        else if (!places.has(control.id)) wrong.push(`${control.id}: no code asks control::on("${control.id}")`);
      }
      control.proofs = (control.proofs ?? []).map((proof) => (typeof proof === "string" ? { name: proof } : proof)).map((proof) => {
        const [test] = tests.filter((test) => test.name === proof.name);
        if (!test) wrong.push(`${control.id}: its proof is missing: no test is named "${proof.name}"`);
        else if (test.skipped) wrong.push(`${control.id}: its proof is skipped: "${proof.name}"`);
        return { ...proof, test };
      });
      if (control.proofs.length === 0) wrong.push(`${control.id}: no test proves it`);
    }
  }
  for (const id of sentences.keys()) if (!controls.has(id)) wrong.push(`${id}: in list.h, and under no hazard of docs/safety/hazards`);
  for (const hazard of hazards)
    hazard.controls.forEach((control, at) => {
      if (!control.see) return;
      if (controls.has(control.see)) hazard.controls[at] = { ...controls.get(control.see), elsewhere: true };
      else wrong.push(`${hazard.id}: there is no control ${control.see}`);
    });
  for (const hazard of hazards) {
    const proving = new Set(hazard.controls.flatMap((control) => (control.proofs ?? []).map((proof) => proof.name)));
    hazard.otherTests = tests.filter((test) => test.hazards.includes(hazard.id) && !proving.has(test.name));
    for (const test of hazard.otherTests) if (test.skipped) wrong.push(`${hazard.id}: a test of it is skipped: "${test.name}"`);
  }
  const known = new Set(hazards.map((hazard) => hazard.id));
  for (const test of tests) for (const id of test.hazards) if (!known.has(id)) wrong.push(`"${test.name}" names ${id}, which the log does not have`);
  return { hazards, controls: [...controls.values()], wrong };
}
