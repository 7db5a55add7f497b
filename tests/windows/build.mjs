// node build.mjs FOLDER JSON_INCLUDE: builds what runs on Windows, for each platform, into FOLDER.
import { checkout, needCompilers, output, platforms, test } from './tools.mjs';
import { cpus } from 'node:os';
import { join } from 'node:path';

test(() => {
  needCompilers();
  for (const { name, tree, plugins } of platforms) {
    const here = join(checkout, 'tests', 'windows');
    output('cmake', [
      '-S', join(here, 'binaries'), '-B', tree, '-G', 'Ninja',
      `-DCMAKE_TOOLCHAIN_FILE=${join(here, `toolchain-${name}.cmake`)}`,
      `-DCAREPLUG_JSON_INCLUDE=${process.argv[3]}`,
      `-DCAREPLUG_WINDOWS_PLUGINS=${plugins ? 'ON' : 'OFF'}`,
    ]);
    output('cmake', ['--build', tree, '-j', String(Math.min(2, cpus().length))]);
    console.log(`built for ${name} in ${tree}`);
  }
});
