// Running compilers and other programs, and files that vanish afterwards.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { accessSync, constants } from 'node:fs';

/** A guard throws this when a program that it needs is not installed: shown, and never taken for a pass. */
export class Skipped extends Error {}

export function present(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export function need(...programs) {
  for (const program of programs) {
    if (!present(program)) throw new Skipped(`${program} is not installed`);
  }
}

/** Runs a program to its end: its exit code and all it said. */
export function run(program, args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 1 << 26,
  });
  if (error) throw new Error(`${program}: ${error.message}`);
  return { code: status ?? -1, out: stdout, errors: stderr };
}

/** Runs a program that must succeed, and gives what it printed. */
export function output(program, args) {
  const { code, out, errors } = run(program, args);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${errors || out}`);
  return out;
}

/** Calls `use` with a folder that is deleted afterwards. */
export function inScratch(use) {
  const folder = mkdtempSync(join(tmpdir(), 'careplug-guard-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The sentences of failed static assertions, and any other error as the compiler words it. */
export function complaints(errors) {
  const found = new Set();
  for (const line of errors.split('\n')) {
    const error = /(?:fatal )?error: (.*)$/.exec(line)?.[1];
    if (!error) continue;
    const sentence = /^static.assert(?:ion)? failed.*?"([^"]*)"$/.exec(error) ?? /^static assertion failed: (.*)$/.exec(error);
    found.add(sentence ? sentence[1] : error);
  }
  return [...found];
}
