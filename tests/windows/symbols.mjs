// Each DLL exports what the contract says and nothing else, and needs what every Windows has and nothing else.
import { baselines, readTable } from '../../abi/guards/baselines.mjs';
import { checkout, needBinaries, output, platforms, same, test } from './tools.mjs';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const objdump = (file) => output('x86_64-w64-mingw32-objdump', ['-p', file]);

function exportsOf(file) {
  const names = objdump(file).split('[Ordinal/Name Pointer] Table')[1]?.split('\n\n')[0] ?? '';
  return [...names.matchAll(/\] (\S+)/g)].map((found) => found[1]).sort();
}

function needsOf(file) {
  return [...objdump(file).matchAll(/DLL Name: (\S+)/g)].map((found) => found[1].toLowerCase()).sort();
}

function holds(what, file, functions) {
  same(`${what}: exports and the contract`, exportsOf(file).join(' '), functions.join(' '));
  same(`${what}: what it needs and what Windows has`, needsOf(file).join(' '), 'kernel32.dll msvcrt.dll');
  console.log(`${what}: ${functions.length} exported, needs KERNEL32 and msvcrt alone`);
}

function functionsOfHost() {
  const newest = baselines(join(checkout, 'abi', 'baselines')).at(-1);
  return readTable(newest, 'functions.txt').flatMap((line) => /^loader (\w+)/.exec(line)?.[1] ?? []).sort();
}

test(() => {
  needBinaries();
  const functions = functionsOfHost();
  for (const { tree, words, plugins, name } of platforms) {
    holds(`careplug.dll for ${words}`, join(tree, 'bin', 'careplug.dll'), functions);
    const definition = readFileSync(join(tree, 'bin', 'careplug.def'), 'utf8').split('EXPORTS')[1].trim().split(/\s+/).sort();
    same(`careplug.def for ${words} and the contract`, definition.join(' '), functions.join(' '));
    const symbols = output(`${name}-w64-mingw32-nm`, [join(tree, 'lib', 'libcareplug.dll.a')]);
    const underscore = name === 'i686' ? '_' : '';
    const imported = [...symbols.matchAll(/ T (\S+)/g)].map((found) => found[1].slice(underscore.length)).sort();
    same(`the import library for ${words} and the contract`, imported.join(' '), functions.join(' '));
    if (!plugins) continue;
    for (const file of readdirSync(join(tree, 'plugins')).filter((each) => each.endsWith('.dll')))
      holds(file, join(tree, 'plugins', file), ['careplug_entry']);
  }
});
