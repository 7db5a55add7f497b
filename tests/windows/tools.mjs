// What the tests of Windows share: where things lie, how a program is run under wine, and how a test ends.
import { Skipped, need, output, present } from '../../abi/guards/tools.mjs';
import { spawnSync } from 'node:child_process';
import { accessSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export { Skipped, need, output, present };

export const checkout = fileURLToPath(new URL('../..', import.meta.url));
/** The folder of these tests in the build tree: a tree of binaries for each platform, and wine's own. */
export const folder = process.argv[2];

export const platforms = [
  { name: 'x86_64', words: '64-bit Windows', tree: join(folder, 'x86_64'), plugins: true },
  { name: 'i686', words: '32-bit Windows', tree: join(folder, 'i686'), plugins: false },
];

export function needCompilers() {
  need('cmake', 'ninja');
  for (const { name } of platforms) need(`${name}-w64-mingw32-g++-posix`);
}

export function needBinaries() {
  needCompilers();
  for (const { tree, words } of platforms) {
    if (!existsSync(join(tree, 'bin', 'careplug.dll'))) throw new Error(`the binaries for ${words} were not built`);
  }
}

export function readJson(file) {
  return JSON.parse(readFileSync(join(checkout, file), 'utf8'));
}

const wines = { x86_64: ['/usr/lib/wine/wine64'], i686: ['/usr/lib/wine/wine'] };

function wineOf(platform) {
  return wines[platform.name].find((file) => {
    try {
      accessSync(file);
      return true;
    } catch {
      return false;
    }
  });
}

export const runsHere = (platform) => wineOf(platform) !== undefined;

export function needWine() {
  if (!runsHere(platforms[0])) throw new Skipped('wine64 is not installed');
}

// Wine gives each platform a Windows of its own: a 64-bit one cannot run 32-bit programs without wine32.
const prefixOf = (platform) => join(folder, `wine-${platform.name}`);

/**
 * What a Windows program printed that ends with this code. Text and errors go to files: a pipe would stay open in
 * wine's own processes.
 */
export function wine(platform, program, args = [], code = 0) {
  mkdirSync(folder, { recursive: true });
  const name = join(folder, `printed-${process.pid}`);
  const printed = openSync(name, 'w+');
  try {
    const { status, error } = spawnSync(wineOf(platform), [program, ...args], {
      stdio: ['ignore', printed, 'ignore'],
      timeout: 120000,
      env: {
        ...process.env,
        WINEPREFIX: prefixOf(platform),
        WINEARCH: platform.name === 'i686' ? 'win32' : 'win64',
        WINEDEBUG: '-all',
        WINEDLLOVERRIDES: 'mscoree,mshtml,winemenubuilder.exe=',
      },
    });
    const text = readFileSync(name, 'utf8');
    if (error) throw error;
    if (status !== code) throw new Error(`${program} ended with ${status} under wine:\n${text}`);
    return text;
  } finally {
    closeSync(printed);
    rmSync(name, { force: true });
  }
}

/** A path of this computer as a Windows program under wine sees it. */
export const windowsPath = (path) => `Z:${path}`;

// Wine copies 690 MB of its own libraries into a new Windows, and does without nearly all of the copies.
const kept = new Set(
  `ntdll kernel32 kernelbase msvcrt ucrtbase advapi32 sechost rpcrt4 user32 gdi32 win32u services.exe winedevice.exe
   conhost.exe start.exe wineboot.exe explorer.exe`.split(/\s+/).map((name) => (name.includes('.') ? name : `${name}.dll`)),
);

/** Makes the Windows of a platform once, with a first program in it. */
export function prepareWindows(platform, program) {
  if (existsSync(join(prefixOf(platform), 'system.reg'))) return;
  wine(platform, program);
  const windows = join(prefixOf(platform), 'drive_c', 'windows');
  for (const unused of ['winsxs', 'resources']) rmSync(join(windows, unused), { recursive: true, force: true });
  for (const name of readdirSync(join(windows, 'system32'))) {
    if (/\.[a-z0-9]+$/.test(name) && !kept.has(name)) rmSync(join(windows, 'system32', name), { recursive: true, force: true });
  }
}

/** Runs a test: 0 well, 1 a fault, 77 something that it needs is not installed. */
export function test(work) {
  try {
    work();
  } catch (error) {
    console.log(error instanceof Skipped ? `skipped: ${error.message}` : `FAILED: ${error.message}`);
    process.exitCode = error instanceof Skipped ? 77 : 1;
  }
}

/** Fails with the first place where two texts differ. */
export function same(what, left, right) {
  if (left === right) return;
  const at = [...left].findIndex((letter, index) => letter !== right[index]);
  const start = Math.max(0, (at < 0 ? right.length : at) - 60);
  throw new Error(`${what} differ:\n  …${left.slice(start, start + 160)}\n  …${right.slice(start, start + 160)}`);
}
