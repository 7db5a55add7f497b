// The test of the loader's exported symbols, tests/abi/symbols.sh, sees a function too many and one too few.
import { functionTable } from '../../abi/guards/functions.mjs';
import { inScratch, output, run } from '../../abi/guards/tools.mjs';
import { frozen } from './patched.mjs';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../abi/symbols.sh', import.meta.url));
const declared = functionTable(frozen.include)
  .filter((line) => line.startsWith('loader '))
  .map((line) => line.split(' ')[1]);

function judged(names) {
  return inScratch((folder) => {
    const source = join(folder, 'library.c');
    const library = join(folder, 'library.so');
    writeFileSync(source, names.map((name) => `int ${name}(void) { return 0; }\n`).join(''));
    output('gcc', ['-fPIC', '-shared', '-o', library, source]);
    return run('sh', [script, library, join(frozen.include, 'careplug/host.h')]);
  });
}

test('exactly the functions of host.h pass', () => assert.equal(judged(declared).code, 0));

test('a function that host.h does not declare is named', () => {
  const { code, out } = judged([...declared, 'careplug_secret']);
  assert.equal(code, 1);
  assert.match(out, /> careplug_secret/);
});

test('a function that the library lacks is named', () => {
  const { code, out } = judged(declared.filter((name) => name !== 'careplug_release'));
  assert.equal(code, 1);
  assert.match(out, /< careplug_release/);
});
