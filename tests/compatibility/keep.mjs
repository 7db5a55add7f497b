// node keep.mjs VERSION: builds the small host and the small plugin from abi/baselines/VERSION alone, and keeps them,
// with their sources, in binaries/VERSION. Done once for each version that is recorded.
import { functionTable } from '../../abi/guards/functions.mjs';
import { inScratch, output } from '../../abi/guards/tools.mjs';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const version = argv[2] ?? '';
const include = join(here, '../../abi/baselines', version, 'include');
if (version === '' || !existsSync(include)) {
  console.error('keep: name a recorded version: node tests/compatibility/keep.mjs 1.0-rc.1');
  process.exit(1);
}
const folder = join(here, 'binaries', version);
mkdirSync(folder, { recursive: true });
for (const name of ['host.c', 'policy.c']) copyFileSync(join(here, 'programs', name), join(folder, name));

const flags = ['-std=c99', '-O1', '-Wall', '-Wextra', '-Werror', '-s', `-I${include}`];
inScratch((scratch) => {
  // The host is linked to a libcareplug that has the functions of this version and does nothing.
  const names = functionTable(include).filter((line) => line.startsWith('loader ')).map((line) => line.split(' ')[1]);
  const source = join(scratch, 'empty.c');
  writeFileSync(source, names.map((name) => `int ${name}(void) { return 0; }\n`).join(''));
  output('gcc', ['-shared', '-fPIC', '-Wl,-soname,libcareplug.so', '-o', join(scratch, 'libcareplug.so'), source]);
  output('gcc', [...flags, '-o', join(folder, 'host'), join(folder, 'host.c'), `-L${scratch}`, '-lcareplug']);
});
output('gcc', [...flags, '-shared', '-fPIC', '-fvisibility=hidden', '-o', join(folder, 'policy.so'), join(folder, 'policy.c')]);

const sum = (name) => `${createHash('sha256').update(readFileSync(join(folder, name))).digest('hex')}  ${name}`;
writeFileSync(join(folder, 'SHA256SUMS'), ['host', 'host.c', 'policy.c', 'policy.so'].map(sum).join('\n') + '\n');
const compiler = output('gcc', ['--version']).split('\n')[0];
writeFileSync(
  join(folder, 'README.md'),
  `# The small host and plugin of ${version}

\`host\` and \`policy.so\` are x86-64 Linux programs, built from the sources beside them and the headers in
\`abi/baselines/${version}/include\` alone, by \`node tests/compatibility/keep.mjs ${version}\` with ${compiler}.
They stand for what vendors and plugin authors built with ${version} and never build again: the test
\`compatibility_matrix\` runs them with the loader and the engine of today and of an imagined successor. The files do
not change any more; \`tests/compatibility/kept.test.mjs\` compares them with \`SHA256SUMS\`.
`,
);
console.log(`kept ${folder}`);
