// node records.mjs FOLDER PROGRAM [PROGRAM32]: records in memory and on the wire are the same bytes for 32 and 64
// bits, on Linux and on Windows. The programs are record_bytes for this computer.
import { needBinaries, needWine, output, platforms, prepareWindows, runsHere, same, test, wine } from './tools.mjs';
import { join } from 'node:path';

const [program, program32] = process.argv.slice(3);

test(() => {
  const here = output(program, []);
  if (here.split(';').length < 19) throw new Error(`only ${here.split(';').length} records were printed`);
  console.log(`64-bit Linux: ${here.split(';').length - 1} records`);
  if (program32) {
    same('64-bit and 32-bit Linux', here, output(program32, []));
    console.log('32-bit Linux: the same bytes');
  } else {
    console.log('32-bit Linux: not run, g++-multilib is not installed');
  }
  needBinaries();
  needWine();
  for (const platform of platforms) {
    const there = join(platform.tree, 'bin', 'record_bytes.exe');
    if (!runsHere(platform)) {
      console.log(`${platform.words}: compiled and linked, not run for want of wine32; the layout guard of the ABI holds its records`);
      continue;
    }
    prepareWindows(platform, there);
    same(`64-bit Linux and ${platform.words}`, here, wine(platform, there));
    console.log(`${platform.words}: the same bytes`);
  }
});
