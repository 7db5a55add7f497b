// node patterns.mjs FOLDER PROGRAM: the patterns of a data set's rules are found in the same answers on Windows as
// on Linux. PROGRAM is found_patterns for this computer.
import { needBinaries, needWine, output, platforms, prepareWindows, same, test, wine } from './tools.mjs';
import { join } from 'node:path';

test(() => {
  needBinaries();
  needWine();
  const windows = platforms.find((platform) => platform.plugins);
  const foreign = join(windows.tree, 'bin', 'found_patterns.exe');
  prepareWindows(windows, foreign);
  const here = output(process.argv[3], []);
  if (!here.includes('[0-9]{4,6} 01100000001;')) throw new Error(`the first pattern is not found where it should be: ${here}`);
  same(`Linux and ${windows.words}`, here, wine(windows, foreign));
  console.log(`the same answers on ${windows.words} as on Linux`);
});
