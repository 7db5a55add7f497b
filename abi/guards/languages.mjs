// Guard (e), Windows' part: each header alone compiles for both Windows platforms as every C and C++ that a vendor may
// still use. tests/abi/headers.sh does the same for Linux.
import { headerNames, platforms as allPlatforms } from './platforms.mjs';
import { complaints, inScratch, need, run } from './tools.mjs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

// 64-bit integers are older in compilers than in the standards C89 and C++98.
const warnings = ['-Wall', '-Wextra', '-Wpedantic', '-Wno-long-long', '-Werror'];
const clangWarnings = ['-Wno-c99-extensions', '-Wno-c++11-long-long'];
const allStandards = {
  c: ['c89', 'c99', 'c11', 'c17'],
  'c++': ['c++98', 'c++11', 'c++14', 'c++17', 'c++20'],
};

/** `compilersFor` gives the compilers, with their flags, for a platform and a language. */
export function languagesBy(compilersFor, { include, note, platforms = allPlatforms, standards = allStandards }) {
  return inScratch((folder) => {
    const faults = [];
    for (const [language, list] of Object.entries(standards)) {
      const sources = headerNames(include).map((name) => {
        const source = join(folder, `${name.replace(/\W/g, '_')}.${language === 'c' ? 'c' : 'cpp'}`);
        writeFileSync(source, `#include <${name}>\n#include <${name}>\nextern int careplug_probe;\n`);
        return source;
      });
      for (const [compiler, ...flags] of platforms.filter((platform) => platform.mingw).flatMap((platform) => compilersFor(platform, language))) {
        for (const standard of list) {
          const { code, errors } = run(compiler, [...flags, `-std=${standard}`, ...warnings, '-ffreestanding', '-fsyntax-only', '-I', include, ...sources]);
          const shown = [compiler, ...flags.filter((flag) => flag.startsWith('--target'))].join(' ');
          if (code !== 0) faults.push(...complaints(errors).map((complaint) => `${shown} -std=${standard}: ${complaint}`));
          else note(`${shown} -std=${standard}`);
        }
      }
    }
    return faults;
  });
}

export function languages(context) {
  need('clang');
  return languagesBy(({ clang }) => [['clang', ...clang, ...clangWarnings]], context);
}
