// Writes the hazard log (docs/safety/hazard-log.md) and the overview in docs/safety.md.
//   node tests/docs/hazards.mjs          writes them
//   node tests/docs/hazards.mjs --check  fails when they differ, or a control lacks its proof
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { hazardLog } from "../safety/log.mjs";
import { hazardLogPage, overview } from "../safety/pages.mjs";

const [start, end] = ["<!-- hazards -->", "<!-- /hazards -->"];
const log = hazardLog();

function clinicians() {
  const text = readFileSync("docs/safety.md", "utf8");
  return `${text.slice(0, text.indexOf(start) + start.length)}\n${overview(log)}\n${text.slice(text.indexOf(end))}`;
}

const pages = { "docs/safety.md": clinicians(), "docs/safety/hazard-log.md": hazardLogPage(log) };
if (process.argv.includes("--check")) {
  const differing = Object.entries(pages).filter(([page, text]) => !existsSync(page) || readFileSync(page, "utf8") !== text);
  for (const [page] of differing) console.error(`${page} is not what the tests say: run node tests/docs/hazards.mjs`);
  for (const each of log.wrong) console.error(each);
  if (differing.length || log.wrong.length) process.exit(1);
} else {
  for (const [page, text] of Object.entries(pages)) writeFileSync(page, text);
}
