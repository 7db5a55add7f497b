// abi/CHANGELOG.md: a heading for each version, the newest first, and a line for each change.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const beginning = '# Changes of the contract\n\nOne line for each change, newest version first.\n';

export function addChange(file, version, sentence) {
  const [title, ...sections] = (existsSync(file) ? readFileSync(file, 'utf8') : beginning).split(/^(?=## )/m);
  const heading = `## ${version}\n\n`;
  const line = `- ${sentence}\n`;
  const at = sections.findIndex((section) => section.startsWith(heading));
  if (at >= 0) sections[at] = heading + line + sections[at].slice(heading.length);
  else sections.unshift(heading + line);
  writeFileSync(file, [title, ...sections].map((part) => part.trimEnd()).join('\n\n') + '\n');
}
