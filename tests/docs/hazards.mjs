// The table of docs/safety.md: each hazard, its control, and the tests whose names name it.
//   node tests/docs/hazards.mjs          writes the table
//   node tests/docs/hazards.mjs --check  fails when the page differs, or a control has no test
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const page = "docs/safety.md";
const [start, end] = ["<!-- hazards -->", "<!-- /hazards -->"];

function testNames() {
  const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "tests"], { encoding: "utf8" }).trim().split("\n").filter((file) => /\.(cpp|mjs)$/.test(file));
  const names = [];
  for (const file of files)
    for (const [, name] of readFileSync(file, "utf8").matchAll(/\b(?:TEST_CASE|test)\(\s*"((?:hazard )?H\d[^"]*)"/g)) names.push(name);
  return names;
}

// "H1, H3: sentence" and "hazard H1: sentence" name hazards before their colon.
const namesHazard = (name, hazard) => name.slice(0, name.indexOf(":")).replace("hazard ", "").split(/,\s*/).includes(hazard);

function table() {
  const names = testNames();
  const rows = JSON.parse(readFileSync("tests/docs/hazards.json", "utf8")).map(([hazard, title, control]) => {
    const tests = names.filter((name) => namesHazard(name, hazard)).map((name) => name.slice(name.indexOf(":") + 1).trim()).sort();
    if (!control) return `| ${hazard} | ${title} | not built yet | |`;
    return `| ${hazard} | ${title} | ${control} | ${tests.length ? tests.map((one) => `· ${one.replaceAll("|", "\\|").replaceAll("<", "&lt;")}`).join("<br>") : "no test names it yet"} |`;
  });
  return ["| | hazard | control today | tests that prove it |", "|---|---|---|---|", ...rows].join("\n");
}

const text = readFileSync(page, "utf8");
const now = text.slice(0, text.indexOf(start) + start.length) + "\n" + table() + "\n" + text.slice(text.indexOf(end));
if (process.argv.includes("--check")) {
  if (now !== text) {
    console.error(`${page} is not what the tests say: run node tests/docs/hazards.mjs`);
    process.exit(1);
  }
} else {
  writeFileSync(page, now);
}
