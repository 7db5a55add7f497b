// Tests patch a copy of the headers as a careless change would, and see the right guard name what was changed.
import { baselines } from '../../abi/guards/baselines.mjs';
import { platforms } from '../../abi/guards/platforms.mjs';
import { inScratch, need, Skipped } from '../../abi/guards/tools.mjs';
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

export const abi = fileURLToPath(new URL('../../abi', import.meta.url));

/** The headers of the newest baseline, so that a change under way in abi/include cannot disturb the proof. */
export const frozen = baselines(join(abi, 'baselines')).at(-1);

/** Replaces a text that must stand exactly once in the header. */
export function patch(include, header, from, to) {
  const file = join(include, 'careplug', header);
  const text = readFileSync(file, 'utf8');
  assert.equal(text.split(from).length, 2, `the text to patch stands once in ${header}: ${from}`);
  writeFileSync(file, text.replace(from, () => to));
}

function withPatched(patches, use) {
  return inScratch((folder) => {
    cpSync(frozen.include, folder, { recursive: true });
    for (const [header, from, to] of patches) patch(folder, header, from, to);
    return use(folder);
  });
}

/** A context that is enough to see a fault which is the same everywhere; the whole is what ctest runs on the headers. */
export const onLinux = { platforms: platforms.filter(({ mingw }) => mingw === null) };
export const onWindows = { platforms: platforms.filter(({ name }) => name === 'win32') };

function faultsOf(guard, patches, context) {
  return withPatched(patches, (include) => guard({ include, baseline: frozen, every: [frozen], note: () => {}, ...context }));
}

/** Skips the test, visibly, where the guard's programs are not installed. */
function guarded(t, check) {
  try {
    need('gcc', 'g++', 'clang', 'clang++');
    check();
  } catch (reason) {
    if (!(reason instanceof Skipped)) throw reason;
    t.skip(reason.message);
  }
}

/** `says` are patterns that must each stand in the guard's sentences. */
export function bites(guard, what, patches, says, context = {}) {
  test(`${guard.name} sees ${what}`, (t) =>
    guarded(t, () => {
      const faults = faultsOf(guard, patches, context).join('\n');
      for (const pattern of [says].flat()) assert.match(faults, pattern);
    }));
}

export function passes(guard, what, patches = [], context = {}) {
  test(`${guard.name} lets through ${what}`, (t) => guarded(t, () => assert.deepEqual(faultsOf(guard, patches, context), [])));
}
