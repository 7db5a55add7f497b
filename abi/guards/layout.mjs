// Guard (a): offset and size of every member on each platform, asserted in C against the baseline's table.
import { readHeaders } from './model.mjs';
import { includeLines, platforms } from './platforms.mjs';
import { readTable } from './baselines.mjs';
import { complaints, inScratch, need, output, present, run } from './tools.mjs';
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
    const columns = platforms.map(({ clang }) => {
      const code = output('clang', [...clang, '-ffreestanding', '-I', include, '-S', '-emit-llvm', '-o', '-', join(folder, 'measure.c')]);
      return [...code.match(/@measured = .*\[(i32 .*)\]/)[1].matchAll(/i32 (\d+)/g)].map((match) => match[1]);
    });
    return list.map(({ name, kind }, index) => {
      const numbers = columns.map((column) => (kind ? column[2 * index + 1] : `${column[2 * index]}+${column[2 * index + 1]}`));
      return [name, kind ?? 'member', ...numbers].join(' ');
    });
  });
}

function assertions(baseline, platform) {
  const column = platforms.indexOf(platform) + 2;
  return readTable(baseline, 'layout.txt').map((line) => {
    const cells = line.split(' ');
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

function compilersFor(platform) {
  const list = [];
  if (present('clang')) list.push(['clang', ...platform.clang]);
  if (platform.name === 'linux64' && present('gcc')) list.push(['gcc', '-m64']);
  if (platform.mingw && present(`${platform.mingw}-gcc`)) list.push([`${platform.mingw}-gcc`]);
  return list;
}

export function layout({ include, baseline, note }) {
  const recorded = readTable(baseline, 'layout.txt').map((line) => line.split(' ')[0]);
  const faults = entities(readHeaders(include))
    .filter(({ name }) => !recorded.includes(name))
    .map(({ name }) => `${name}: new since ${baseline.name}; ${baseline.remedy}`);
  inScratch((folder) => {
    for (const platform of platforms) {
      const source = join(folder, `${platform.name}.c`);
      writeFileSync(source, `${includeLines(include)}${assertions(baseline, platform).join('\n')}\n`);
      const compilers = compilersFor(platform);
      if (compilers.length === 0) note(`skipped: ${platform.name}, no compiler for it is installed`);
      if (platform.mingw && !present(`${platform.mingw}-gcc`)) note(`skipped: ${platform.mingw}-gcc is not installed`);
      for (const [compiler, ...flags] of compilers) {
        const { code, errors } = run(compiler, [...flags, '-std=c11', '-ffreestanding', '-fsyntax-only', '-I', include, source]);
        if (code !== 0) faults.push(...complaints(errors));
        else note(`${platform.name} by ${compiler}`);
      }
    }
  });
  return [...new Set(faults)];
}
