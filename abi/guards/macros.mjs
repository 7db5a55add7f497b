// Guard (d): the value of every macro, fully expanded, on each platform. A debugger's type information knows no
// macros, so no other guard would see a status or flag change its number.
import { headerNames, includeLines, platforms } from './platforms.mjs';
import { readTable } from './baselines.mjs';
import { inScratch, need, output } from './tools.mjs';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every macro that some header defines on some platform, with whether it takes arguments. */
function definitions(include) {
  const found = new Map();
  for (const header of headerNames(include)) {
    const text = readFileSync(join(include, header), 'utf8').replace(/\\\n/g, ' ');
    for (const [, name, open] of text.matchAll(/^\s*#\s*define\s+(\w+)(\(?)/gm)) found.set(name, { header, callable: open !== '' });
  }
  return found;
}

function expanded(names, include, folder, { clang }) {
  const source = join(folder, 'macros.c');
  const lines = names.map((name) => `#ifdef ${name}\ncareplug_value "${name}" ${name}\n#endif\n`);
  writeFileSync(source, includeLines(include) + lines.join(''));
  const text = output('clang', [...clang, '-ffreestanding', '-E', '-P', '-I', include, source]);
  const values = [...text.matchAll(/^careplug_value "(\w+)"(.*)$/gm)].map(([, name, value]) => [name, value.trim()]);
  return new Map(values.filter(([name, value]) => !(/_H$/.test(name) && value === '')));
}

/** `NAME value`, or a line for each platform where they differ: `NAME@win32 value`. */
export function macroTable(include) {
  need('clang');
  const defined = [...definitions(include).keys()];
  const columns = inScratch((folder) => platforms.map((platform) => [platform.name, expanded(defined, include, folder, platform)]));
  const names = [...new Set(columns.flatMap(([, values]) => [...values.keys()]))].sort();
  return names.flatMap((name) => {
    const values = new Set(columns.map(([, column]) => column.get(name)));
    if (values.size === 1) return [`${name} ${[...values][0]}`.trim()];
    return columns.filter(([, column]) => column.has(name)).map(([platform, column]) => `${name}@${platform} ${column.get(name)}`.trim());
  });
}

export function macros({ include, baseline }) {
  const values = (lines) => new Map(lines.map((line) => [line.split(' ')[0], line.split(' ').slice(1).join(' ')]));
  const before = values(readTable(baseline, 'macros.txt'));
  const now = values(macroTable(include));
  const faults = [];
  for (const [name, { header, callable }] of definitions(include)) {
    if (callable) faults.push(`${header}: ${name}: a macro with arguments is not allowed; other languages cannot use it`);
    if (!name.startsWith('CAREPLUG_')) faults.push(`${header}: ${name}: a macro's name begins with CAREPLUG_`);
  }
  for (const [name, value] of before) {
    if (!now.has(name)) faults.push(`${name}: gone or renamed since ${baseline.name}, where it was \`${value}\``);
    else if (now.get(name) !== value) faults.push(`${name}: was \`${value}\` in ${baseline.name}, is now \`${now.get(name)}\``);
  }
  for (const name of now.keys()) {
    if (!before.has(name)) faults.push(`${name}: new since ${baseline.name}; ${baseline.remedy}`);
  }
  return faults;
}
