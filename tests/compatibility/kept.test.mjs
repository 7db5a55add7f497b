// What was kept of each recorded version is there and unchanged, and the imagined successor only grows.
import { baselines } from '../../abi/guards/baselines.mjs';
import { members } from '../../abi/guards/members.mjs';
import { shape } from '../../abi/guards/shape.mjs';
import { tags } from '../../abi/guards/tags.mjs';
import { inScratch, present } from '../../abi/guards/tools.mjs';
import { abi, onLinux } from './patched.mjs';
import { levels, versionOf, writeHeaders } from './successor.mjs';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const binaries = fileURLToPath(new URL('binaries', import.meta.url));
const every = baselines(join(abi, 'baselines'));

for (const { name } of every) {
  test(`programs of ${name} are kept as they were built`, () => {
    const folder = join(binaries, name);
    assert.ok(existsSync(folder), `none is kept: node tests/compatibility/keep.mjs ${name}, and a row in matrix/expected.h`);
    for (const line of readFileSync(join(folder, 'SHA256SUMS'), 'utf8').trim().split('\n')) {
      const [sum, file] = line.split('  ');
      const path = join(folder, file);
      assert.equal(createHash('sha256').update(readFileSync(path)).digest('hex'), sum, `${file} was changed`);
      assert.ok(statSync(path).size < 32768, `${file} is small`);
    }
  });
}

test('the imagined successor is growth that the guards let through', { skip: !present('g++') && 'g++ is not installed' }, () =>
  inScratch((folder) => {
    const include = join(abi, 'include');
    for (const [name, level] of Object.entries(levels(versionOf(include)))) {
      const headers = join(folder, name);
      writeHeaders(include, headers, level);
      const context = { include: headers, every, baseline: every.at(-1), note: () => {}, ...onLinux };
      for (const guard of [shape, tags, members]) assert.deepEqual(guard(context), [], `${name}: ${guard.name}`);
    }
  }));
