// The platforms whose layout the contract pins, and how to see each from here. clang knows the layout of a Windows
// target without any file of Windows, since the headers need <stdint.h> alone.
import { inScratch, output } from './tools.mjs';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const platforms = [
  { name: 'linux64', clang: ['--target=x86_64-linux-gnu'], mingw: null },
  { name: 'win64', clang: ['--target=x86_64-pc-windows-msvc'], mingw: 'x86_64-w64-mingw32' },
  { name: 'win32', clang: ['--target=i686-pc-windows-msvc'], mingw: 'i686-w64-mingw32' },
];

/** Names of all headers below include/, as an #include line gives them. */
export function headerNames(include) {
  return readdirSync(include, { recursive: true })
    .filter((name) => name.endsWith('.h'))
    .sort();
}

export function includeLines(include) {
  return headerNames(include).map((name) => `#include <${name}>\n`).join('');
}

/**
 * The declarations of the headers alone: macros and conditions resolved, comments kept, nothing of the system's
 * headers. `windows` chooses the side of _WIN32. A folder is read once in a process: several guards ask for the same.
 */
export function declarations(include, { windows, comments }) {
  const key = `${include} ${windows} ${comments}`;
  if (!read.has(key)) read.set(key, preprocess(include, windows, comments));
  return read.get(key);
}

const read = new Map();

function preprocess(include, windows, comments) {
  return inScratch((folder) => {
    mkdirSync(join(folder, 'empty'));
    for (const header of ['stdint.h', 'stddef.h']) writeFileSync(join(folder, 'empty', header), '');
    writeFileSync(join(folder, 'all.c'), includeLines(include));
    return output('gcc', [
      '-E', comments ? '-C' : '-P', '-nostdinc', windows ? '-D_WIN32' : '-U_WIN32',
      '-I', join(folder, 'empty'), '-I', include, join(folder, 'all.c'),
    ]);
  });
}
