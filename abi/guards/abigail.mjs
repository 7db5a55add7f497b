// Guard (c): libabigail's reading of the debug information of a library that has every function of the contract. It
// shares no code with the other guards. No suppressions, and no --headers-dir, which hides every change of a record
// whose header lies in another folder than the baseline's did.
import { readHeaders } from './model.mjs';
import { includeLines } from './platforms.mjs';
import { inScratch, need, output, run } from './tools.mjs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const typeText = ({ base, constant, pointers }) => `${constant ? 'const ' : ''}${base} ${'*'.repeat(pointers)}`;

/** A library of empty functions, with its debug information; every record is reachable from a variable. */
export function buildProbe(include, folder) {
  const { structures, functions } = readHeaders(include);
  const variables = structures.map(({ name }) => `CAREPLUG_EXPORT ${name} *${name}_probe;`);
  const bodies = functions.map(({ name, result, parameters }) => {
    const list = parameters.map((parameter) => `${typeText(parameter)}${parameter.name}`).join(', ') || 'void';
    return `${result} CAREPLUG_CALL ${name}(${list}) { return 0; }`;
  });
  const source = join(folder, 'probe.c');
  const probe = join(folder, 'probe.so');
  writeFileSync(source, [includeLines(include), ...variables, ...bodies, ''].join('\n'));
  output('gcc', ['-g', '-std=c99', '-fPIC', '-shared', '-w', `-ffile-prefix-map=${folder}=.`, '-I', include, '-o', probe, source]);
  return probe;
}

export function writeAbixml(include, file) {
  need('gcc', 'abidw');
  inScratch((folder) => {
    const probe = buildProbe(include, folder);
    output('abidw', ['--no-corpus-path', '--no-comp-dir-path', '--no-show-locs', '--type-id-style', 'hash', '--out-file', file, probe]);
  });
}

export function abidiff({ include, baseline }) {
  need('gcc', 'abidiff');
  return inScratch((folder) => {
    const { code, out, errors } = run('abidiff', ['--no-show-locs', '--harmless', join(baseline.folder, 'abi.xml'), buildProbe(include, folder)]);
    return code === 0 ? [] : [`abidiff sees a change since ${baseline.name}:\n${out}${errors}`.trimEnd()];
  });
}
