// The functions of the contract and their tags, against the list in the baseline. The tests of the loader and of the
// plugins hold the libraries' exported symbols against the headers, so the three agree.
import { readHeaders } from './model.mjs';
import { everyFunction, tagOf } from './tags.mjs';
import { readTable } from './baselines.mjs';

export function functionTable(include) {
  return everyFunction(readHeaders(include)).map((read) => `${read.face} ${read.name} [${tagOf(read) ?? ''}]`);
}

export function functions({ include, baseline }) {
  const byName = (lines) => new Map(lines.map((line) => [line.split(' ')[1], line]));
  const before = byName(readTable(baseline, 'functions.txt'));
  const now = byName(functionTable(include));
  const faults = [];
  for (const [name, line] of before) {
    if (!now.has(name)) faults.push(`${name}: gone or renamed since ${baseline.name}; deprecate instead of removing`);
    else if (now.get(name) !== line) faults.push(`${name}: was \`${line}\` in ${baseline.name}, is now \`${now.get(name)}\``);
  }
  for (const name of now.keys()) {
    if (!before.has(name)) faults.push(`${name}: new since ${baseline.name}; ${baseline.remedy}`);
  }
  return faults;
}
