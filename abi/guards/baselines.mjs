// The recorded states of the contract in abi/baselines/, one folder for each version.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const remedy = 'if it is meant, record it: node abi/guards/rebaseline.mjs "what changed and why"';

/** 1.0-rc.2 before 1.0 before 1.1-rc.1 */
function order(name) {
  const [, major, minor, candidate] = /^(\d+)\.(\d+)(?:-rc\.(\d+))?$/.exec(name);
  return Number(major) * 1e9 + Number(minor) * 1e5 + Number(candidate ?? 99999);
}

export const isReleased = (name) => !name.includes('-rc.');

export function describe(folder, name) {
  return { name, folder: join(folder, name), include: join(folder, name, 'include'), remedy };
}

/** All baselines, the newest last. */
export function baselines(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^\d+\.\d+(-rc\.\d+)?$/.test(name))
    .sort((left, right) => order(left) - order(right))
    .map((name) => describe(folder, name));
}

export function readTable(baseline, file) {
  const lines = readFileSync(join(baseline.folder, file), 'utf8').split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}
