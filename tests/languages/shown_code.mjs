// The code in docs/host-vendors.md is that of the samples and headers: each fenced block that follows a comment
//   <!-- FILE: REGION -->
// equals the lines between "region: REGION" and "end" in that file or, in a header, the declaration of that name.
//   node shown_code.mjs          fails where they differ
//   node shown_code.mjs --write  copies the code into the page
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const page = join(root, 'docs', 'host-vendors.md');
const shown = /<!-- (\S+): (\S+) -->\n```(\w*)\n([\s\S]*?)\n?```/g;

function withoutIndent(lines) {
  const indents = lines.filter((line) => line.trim()).map((line) => line.match(/^ */)[0].length);
  const indent = Math.min(...indents);
  return lines.map((line) => line.slice(indent).trimEnd()).join('\n').trim();
}

function declaration(text, name) {
  const record = text.match(new RegExp(`^typedef struct ${name} \\{[\\s\\S]*?^\\} ${name};`, 'm'));
  const call = text.match(new RegExp(`^CAREPLUG_API [\\w ]+ ${name}\\([\\s\\S]*?\\);`, 'm'));
  return (record ?? call)?.[0];
}

function region(file, name) {
  const text = readFileSync(join(root, file), 'utf8');
  if (file.endsWith('.h')) return declaration(text, name);
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.trim().replace(/^\W+|\W+$/g, '') === `region: ${name}`);
  const last = lines.findIndex((line, at) => at > first && line.trim().replace(/^\W+|\W+$/g, '') === 'end');
  return first < 0 || last < 0 ? undefined : withoutIndent(lines.slice(first + 1, last));
}

const before = readFileSync(page, 'utf8');
const faults = [];
let blocks = 0;
const after = before.replace(shown, (block, file, name, language, code) => {
  ++blocks;
  const source = region(file, name);
  if (source === undefined) {
    faults.push(`${file} has no region "${name}"`);
    return block;
  }
  if (source !== code) faults.push(`the page shows another "${name}" than ${file}`);
  return `<!-- ${file}: ${name} -->\n\`\`\`${language}\n${source}\n\`\`\``;
});
if (blocks === 0) faults.push('the page shows no code of the samples');

if (process.argv.includes('--write')) {
  writeFileSync(page, after);
} else if (faults.length > 0) {
  console.error(`docs/host-vendors.md:\n  ${faults.join('\n  ')}\nRun: node tests/languages/shown_code.mjs --write`);
  process.exit(1);
} else {
  console.log(`${blocks} pieces of code are those of the samples and headers`);
}
