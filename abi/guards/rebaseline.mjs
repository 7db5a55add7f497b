// node abi/guards/rebaseline.mjs "what changed and why"
// Records the headers as the baseline of the version that base.h states, and the sentence in abi/CHANGELOG.md. A
// released baseline is never rewritten, and what is incompatible needs a version of its own.
import { writeAbixml } from './abigail.mjs';
import { baselines, describe, isReleased } from './baselines.mjs';
import { addChange } from './changelog.mjs';
import { functionTable } from './functions.mjs';
import { layoutTable } from './layout.mjs';
import { macroTable } from './macros.mjs';
import { members } from './members.mjs';
import { platforms } from './platforms.mjs';
import { shape } from './shape.mjs';
import { tags } from './tags.mjs';
import { need } from './tools.mjs';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { abi: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) } },
});

function refuse(sentence) {
  console.error(`rebaseline: ${sentence}`);
  process.exit(1);
}

try {
  need('gcc', 'g++', 'clang', 'clang++', 'abidw');
} catch (reason) {
  refuse(`${reason.message}; ./dev test installs what the guards need`);
}

const include = join(values.abi, 'include');
const folder = join(values.abi, 'baselines');
const sentence = positionals.join(' ').trim();

const faults = [...shape({ include }), ...tags({ include })];
if (faults.length > 0) refuse(`the headers break the rules of their shape or tags:\n  ${faults.join('\n  ')}`);

const macroLines = macroTable(include);
const number = (name) => macroLines.find((line) => line.startsWith(`CAREPLUG_ABI_${name} `))?.split(' ')[1];
const candidate = number('CANDIDATE');
const version = `${number('MAJOR')}.${number('MINOR')}${candidate === '0' ? '' : `-rc.${candidate}`}`;

function text(header, lines) {
  return `# ${header}\n${lines.join('\n')}\n`;
}

const tables = {
  'layout.txt': text(`entity, kind, then for ${platforms.map(({ name }) => name).join(', ')}: size, or offset+size of a member`, layoutTable(include)),
  'macros.txt': text('macro, and its value after expansion', macroLines),
  'functions.txt': text('face, function, tag', functionTable(include)),
};

const every = baselines(folder);
const target = describe(folder, version);
const existing = every.find(({ name }) => name === version);
const same = existing && Object.entries(tables).every(([file, lines]) => readFileSync(join(target.folder, file), 'utf8') === lines);

if (existing && isReleased(version) && !same) refuse(`${version} is released and never changes; raise CAREPLUG_ABI_MINOR and set CAREPLUG_ABI_CANDIDATE to 1 in base.h`);

if (!same && sentence === '') refuse('say in one sentence what changed and why: node abi/guards/rebaseline.mjs "…"');

// A new major version may break with the released ones of the old; nothing else may break with a released one. The
// same candidate may only grow, since parts that call themselves the same candidate accept each other.
const kept = every.filter(({ name }) => name.split('.')[0] === number('MAJOR') && (isReleased(name) || name === version));
const broken = kept.length > 0 ? members({ include, every: kept, note: () => {} }) : [];
if (broken.length > 0) {
  const raise = kept.some(({ name }) => isReleased(name)) ? 'grow by adding instead' : 'raise CAREPLUG_ABI_CANDIDATE in base.h';
  refuse(`this is no growth; ${raise}:\n  ${broken.join('\n  ')}`);
}
if (existing && isReleased(version)) {
  console.log(`${version} is released, and the headers still are what it recorded`);
  process.exit(0);
}

rmSync(target.folder, { recursive: true, force: true });
mkdirSync(target.folder, { recursive: true });
cpSync(include, target.include, { recursive: true });
for (const [file, lines] of Object.entries(tables)) writeFileSync(join(target.folder, file), lines);
writeAbixml(include, join(target.folder, 'abi.xml'));

// Earlier candidates were never released, and parts of different candidates refuse each other.
for (const { name, folder: old } of every) {
  if (!isReleased(name) && name !== version) rmSync(old, { recursive: true });
}

if (sentence !== '') addChange(join(values.abi, 'CHANGELOG.md'), version, sentence);
console.log(`recorded ${version} in ${target.folder}`);
