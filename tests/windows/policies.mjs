// node policies.mjs FOLDER HOST PLUGIN...: every policy decides the same on Windows as on Linux, byte for byte.
// HOST is policy_host for this computer, each PLUGIN a plugin for it.
import { writeDocuments } from './documents.mjs';
import { folder, needBinaries, needWine, output, platforms, prepareWindows, same, test, windowsPath, wine } from './tools.mjs';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

const [host, ...plugins] = process.argv.slice(3);
const windows = platforms.find((platform) => platform.plugins);
const views = { gp: 'gp', ooh: 'ooh', ae: 'ae' };

/** So that two empty answers are not taken for agreement. */
function holdsMuch(name, printed) {
  const [once, again] = printed.split('again\n');
  same(`${name}: the first load and the second`, once, again ?? '');
  const wanted = {
    'a refused version': /^handshake 114, version 0\.0-0, policy none: .*-rc\.99/m,
    'the handshake': /^handshake 0, version \d+\.\d+-\d+, policy given: $/m,
    'what it is': /^describe 0 \{.*"view"/m,
    'an open policy': /^open 0, policy given$/m,
    'flags in an order': /^flags 0 0:plan order [12] .*1:dnacpr order [12] covered 0/m,
    'buttons': /^actions 0 \{"actions":\[\{/m,
    'a form': /^form 0 \{.*"core":\[".*Marlowe/m,
    'a check': /^check 0 \{.*"OperationOutcome"/m,
    'a summary': /^summary 0 .*Zoë/m,
    'coded entries': /^write_back 0 \{"entries":\[/m,
    'a refused document': /^broken 101 /m,
    'a closed policy': /^closed 103 /m,
    'the unloaded library': /^unloaded 1$/m,
  };
  for (const [what, pattern] of Object.entries(wanted))
    if (!pattern.test(once)) throw new Error(`${name}: ${what} is missing in\n${once.slice(0, 4000)}`);
}

test(() => {
  needBinaries();
  needWine();
  const foreign = join(windows.tree, 'bin', 'policy_host.exe');
  prepareWindows(windows, join(windows.tree, 'bin', 'record_bytes.exe'));
  const built = readdirSync(join(windows.tree, 'plugins')).filter((file) => file.endsWith('.dll'));
  same('plugins for Windows and for Linux', built.sort().join(' '), plugins.map((file) => `${basename(file, '.so')}.dll`).sort().join(' '));
  for (const file of plugins) {
    const name = basename(file, '.so');
    const documents = join(folder, 'documents', name);
    writeDocuments(documents, views[name] ?? 'ooh');
    const here = output(host, [file, documents]);
    holdsMuch(name, here);
    const there = wine(windows, foreign, [join(windows.tree, 'plugins', `${name}.dll`), documents].map(windowsPath));
    same(`${name}: Linux and ${windows.words}`, here, there);
    console.log(`${name}: the same ${Buffer.byteLength(here)} bytes on Linux and ${windows.words}`);
  }
});
