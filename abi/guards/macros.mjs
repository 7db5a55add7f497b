// Guard (d): the value of every macro, fully expanded, on each platform. A debugger's type information knows no
// macros, so no other guard would see a status or flag change its number.
import { includeLines, platforms } from './platforms.mjs';
import { readTable } from './baselines.mjs';
import { inScratch, need, output } from './tools.mjs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

function expanded(include, folder, platform) {
  const flags = [...platform.clang, '-ffreestanding', '-E', '-I', include];
  const source = join(folder, 'macros.c');
  writeFileSync(source, includeLines(include));
  const found = new Map();
  for (const [, name, parameters, body] of output('clang', [...flags, '-dM', source]).matchAll(/^#define (CAREPLUG_\w+)(\([^)]*\))? ?(.*)$/gm)) {
    const includeGuard = /^CAREPLUG_\w+_H$/.test(name) && body === '';
    if (!includeGuard) found.set(name, parameters ? `${parameters} ${body}` : null);
  }
  const plain = [...found].filter(([, value]) => value === null).map(([name]) => name);
  writeFileSync(source, includeLines(include) + plain.map((name) => `careplug_value "${name}" ${name}\n`).join(''));
  for (const [, name, value] of output('clang', [...flags, '-P', source]).matchAll(/^careplug_value "(\w+)"(.*)$/gm)) found.set(name, value.trim());
  return found;
}

/** `NAME value`, or a line for each platform where they differ: `NAME@win32 value`. */
export function macroTable(include) {
  need('clang');
  const columns = inScratch((folder) => platforms.map((platform) => [platform.name, expanded(include, folder, platform)]));
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
  for (const [name, value] of before) {
    if (!now.has(name)) faults.push(`${name}: gone or renamed since ${baseline.name}, where it was \`${value}\``);
    else if (now.get(name) !== value) faults.push(`${name}: was \`${value}\` in ${baseline.name}, is now \`${now.get(name)}\``);
  }
  for (const name of now.keys()) {
    if (!before.has(name)) faults.push(`${name}: new since ${baseline.name}; ${baseline.remedy}`);
  }
  return faults;
}
