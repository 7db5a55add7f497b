// node abi/guards/check.mjs [--include DIR] [--baselines DIR] [GUARD ...]
// --list prints the guards' names. Holds the headers against the recorded baselines. Without names every guard runs. Exit code: 0 all is well, 1 a
// guard found something, 77 the one guard asked for cannot run here.
import { abidiff } from './abigail.mjs';
import { baselines } from './baselines.mjs';
import { functions } from './functions.mjs';
import { languages } from './languages.mjs';
import { layout } from './layout.mjs';
import { macros } from './macros.mjs';
import { members } from './members.mjs';
import { mingw } from './mingw.mjs';
import { shape } from './shape.mjs';
import { tags } from './tags.mjs';
import { Skipped } from './tools.mjs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const guards = { shape, tags, layout, members, abidiff, macros, languages, mingw, functions };

const folder = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    include: { type: 'string', default: folder('../include') },
    list: { type: 'boolean', default: false },
    baselines: { type: 'string', default: folder('../baselines') },
  },
});
if (values.list) {
  console.log(Object.keys(guards).join('\n'));
  process.exit(0);
}
const unknown = positionals.filter((name) => !guards[name]);
if (unknown.length > 0) {
  console.error(`unknown guard ${unknown.join(', ')}; there are ${Object.keys(guards).join(', ')}`);
  process.exit(2);
}
const recorded = baselines(values.baselines);
if (recorded.length === 0) {
  console.error(`no baseline in ${values.baselines}: record one with node abi/guards/rebaseline.mjs`);
  process.exit(2);
}

const baseline = recorded.at(-1);
// A new major version may break with the old.
const every = recorded.filter(({ name }) => name.split('.')[0] === baseline.name.split('.')[0]);

let failed = false;
let skipped = false;
for (const name of positionals.length > 0 ? positionals : Object.keys(guards)) {
  const note = (line) => console.log(`  ${line}`);
  try {
    const faults = guards[name]({ include: values.include, baseline, every, note });
    for (const fault of faults) console.log(`FAILED ${name}: ${fault}`);
    if (faults.length > 0) failed = true;
    else console.log(`ok ${name}`);
  } catch (reason) {
    if (!(reason instanceof Skipped)) throw reason;
    console.log(`skipped ${name}: ${reason.message}`);
    skipped = true;
  }
}
process.exit(failed ? 1 : skipped && positionals.length === 1 ? 77 : 0);
