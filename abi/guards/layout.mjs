// Guard (a): offset and size of every member on each platform, asserted in C against the baseline's table.
import { readHeaders } from './model.mjs';
import { includeLines, platforms as allPlatforms } from './platforms.mjs';
import { readTable } from './baselines.mjs';
import { complaints, inScratch, need, output, present, run, Skipped } from './tools.mjs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `careplug_event.kind` for a member, `careplug_event` for the whole. */
function entities(model) {
  return model.structures.flatMap((read) => [
    { name: read.name, kind: read.kind },
    ...read.members.map((member) => ({ name: `${read.name}.${member.name}` })),
  ]);
}

const sizeOf = (structure, member) => (member ? `sizeof(((${structure} *)0)->${member})` : `sizeof(${structure})`);
const offsetOf = (structure, member) => `__builtin_offsetof(${structure}, ${member})`;

/** The layout as clang sees it: the numbers are read from a constant array in its intermediate code. */
export function layoutTable(include) {
  need('clang');
  const list = entities(readHeaders(include));
  return inScratch((folder) => {
    const expressions = list.flatMap(({ name }) => {
      const [structure, member] = name.split('.');
      return [member ? offsetOf(structure, member) : '0', sizeOf(structure, member)];
    });
    writeFileSync(join(folder, 'measure.c'), `${includeLines(include)}const uint32_t measured[] = {${expressions.join(',\n')}};\n`);
    const columns = allPlatforms.map(({ clang }) => {
      const code = output('clang', [...clang, '-ffreestanding', '-I', include, '-S', '-emit-llvm', '-o', '-', join(folder, 'measure.c')]);
      return [...code.match(/@measured = .*\[(i32 .*)\]/)[1].matchAll(/i32 (\d+)/g)].map((match) => match[1]);
    });
    return list.map(({ name, kind }, index) => {
      const numbers = columns.map((column) => (kind ? column[2 * index + 1] : `${column[2 * index]}+${column[2 * index + 1]}`));
      return [name, kind ?? 'member', ...numbers].join(' ');
    });
  });
}

function assertions(baseline, platform, declared) {
  const column = allPlatforms.indexOf(platform) + 2;
  const rows = readTable(baseline, 'layout.txt').map((line) => line.split(' '));
  return rows.filter(([name]) => declared.includes(name)).map((cells) => {
    const [structure, member] = cells[0].split('.');
    const number = cells[column];
    const says = (what) => `"${cells[0]}: ${what} in ${baseline.name} on ${platform.name}"`;
    if (!member) {
      const compare = cells[1] === 'record' ? '>=' : '==';
      return `_Static_assert(${sizeOf(structure)} ${compare} ${number}, ${says(`size was ${number}`)});`;
    }
    const [offset, size] = number.split('+');
    return (
      `_Static_assert(${offsetOf(structure, member)} == ${offset}, ${says(`offset was ${offset}`)});\n` +
      `_Static_assert(${sizeOf(structure, member)} == ${size}, ${says(`size was ${size}`)});`
    );
  });
}

/** `compilersFor` gives the compilers, with their flags, that are to judge a platform. */
export function layoutBy(compilersFor, { include, baseline, note, platforms = allPlatforms }) {
  const recorded = readTable(baseline, 'layout.txt').map((line) => line.split(' ')[0]);
  const model = readHeaders(include);
  const declared = entities(model).map(({ name }) => name);
  const faults = [
    ...model.faults,
    ...recorded.filter((name) => !declared.includes(name)).map((name) => `${name}: gone or renamed since ${baseline.name}`),
    ...declared.filter((name) => !recorded.includes(name)).map((name) => `${name}: new since ${baseline.name}; ${baseline.remedy}`),
  ];
  inScratch((folder) => {
    for (const platform of platforms) {
      const source = join(folder, `${platform.name}.c`);
      writeFileSync(source, `${includeLines(include)}${assertions(baseline, platform, declared).join('\n')}\n`);
      for (const [compiler, ...flags] of compilersFor(platform)) {
        const { code, errors } = run(compiler, [...flags, '-std=c11', '-ffreestanding', '-fsyntax-only', '-I', include, source]);
        if (code !== 0) faults.push(...complaints(errors));
        else note(`${platform.name} by ${compiler}`);
      }
    }
  });
  return [...new Set(faults)];
}

export function layout(context) {
  need('gcc');
  const clang = present('clang');
  const faults = layoutBy((platform) => [
    ...(platform.mingw ? [] : [['gcc', '-m64']]),
    ...(clang ? [['clang', ...platform.clang]] : []),
  ], context);
  if (faults.length === 0 && !clang) throw new Skipped('both Windows platforms; clang is not installed');
  return faults;
}
