// Copies nhsuk-frontend into the build, without its two @font-face rules: the font is licensed to the NHS alone.
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [source, target] = process.argv.slice(2);
if (!source || !target) {
  console.error("copy-nhsuk.mjs NODE_MODULES/nhsuk-frontend TARGET");
  process.exit(1);
}
const parts = join(source, "dist", "nhsuk");
if (!existsSync(join(parts, "nhsuk-frontend.min.css"))) {
  console.error(`nhsuk-frontend is not in ${source}: run npm ci first. The pages work without it, more plainly.`);
  process.exit(1);
}
mkdirSync(target, { recursive: true });
const style = readFileSync(join(parts, "nhsuk-frontend.min.css"), "utf8");
const plain = style.replace(/@font-face\s*\{[^}]*\}/g, "").replace(/\/\*# sourceMappingURL=.*?\*\//g, "");
if (/@font-face/.test(plain)) {
  console.error("nhsuk-frontend's style still names a font after stripping: its form has changed.");
  process.exit(1);
}
writeFileSync(join(target, "nhsuk-frontend.min.css"), plain);
const script = readFileSync(join(parts, "nhsuk-frontend.min.js"), "utf8");
writeFileSync(join(target, "nhsuk-frontend.min.js"), script.replace(/\/\/# sourceMappingURL=.*/g, ""));
cpSync(join(parts, "assets"), join(target, "assets"), { recursive: true });
