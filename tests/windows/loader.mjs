// The loader on Windows: it compares versions as on Linux, refuses in a sentence for want of an engine, and
// nothing that a host reads looks like "no plan".
import { checkout, needBinaries, needWine, platforms, prepareWindows, runsHere, same, test, wine } from './tools.mjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const noEngine =
  'There is no engine for Windows yet: whether a patient has a care plan is not known on this computer. ' +
  'Run this program on Linux, or ask for care plans in your usual way.';
const base = readFileSync(join(checkout, 'abi', 'include', 'careplug', 'base.h'), 'utf8');
const part = (name) => new RegExp(`CAREPLUG_ABI_${name} (\\d+)`).exec(base)[1];
const version = `${part('MAJOR')}.${part('MINOR')}`;
const spoken = part('CANDIDATE') === '0' ? version : `${version}-rc.${part('CANDIDATE')}`;
const otherVersion =
  `This program speaks Careplug ${version}-rc.99 and the installed Careplug speaks ${spoken}. ` +
  'Ask your administrator to install the version that fits this program.';

const exactly = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const refused = (name, status, sentence) =>
  `${name}\nopen ${status}, loader none, problem given\nsentence ${sentence}\nresult 0 ${sentence}\ndetail 0 .*\n` +
  'release 0, again 103\n';
const expected = new RegExp(
  `^${refused('this version', 201, exactly(noEngine))}${refused('another candidate', 114, exactly(otherVersion))}` +
    refused('no size', 101, '.*size of offer is not set.*') +
    'without a session\nsession_open 103, session none\nflags 103, knowledge 0, count 0\nnext_event 103, kind 0\n' +
    'wait_handle 103, -1\nclose 103\n$',
);

// The host that vendors copy: it prints both refusals and ends as it does for any problem.
function runSample(platform) {
  const args = ['settings.json', 'token', 'record.json', 'answers.json', '9990000018', '1944-06-19', 'Test, Patient'];
  const said = wine(platform, join(platform.tree, 'bin', 'sample_host.exe'), args, 1).replaceAll('\r\n', '\n');
  same(`${platform.words}: what the sample host in C says and what it should say`, said, `refused: ${otherVersion}\nproblem: ${noEngine}\n`);
}

test(() => {
  needBinaries();
  needWine();
  for (const platform of platforms) {
    const host = join(platform.tree, 'bin', 'loader_host.exe');
    if (!runsHere(platform)) {
      console.log(`${platform.words}: not run, wine32 is not installed; the loader compiled and linked`);
      continue;
    }
    prepareWindows(platform, host);
    const said = wine(platform, host);
    if (!expected.test(said)) throw new Error(`${platform.words}: the loader says\n${said}and not\n${expected.source}`);
    runSample(platform);
    console.log(`${platform.words}: refused as it should be, also the sample host in C`);
  }
});
