// The functions of the contract and their tags, against the list in the baseline. The tests of the loader and of the
// plugins hold the libraries' exported symbols against the headers, so the three agree.
import { readHeaders } from './model.mjs';
import { everyFunction, tagOf } from './tags.mjs';
import { readTable } from './baselines.mjs';

export function functionTable(include) {
  return tableOf(readHeaders(include));
}

function tableOf(model) {
  return everyFunction(model).map((read) => `${read.face} ${read.name} [${tagOf(read) ?? ''}]`);
}

export function functions({ include, baseline }) {
  const model = readHeaders(include);
  if (model.faults.length > 0) return model.faults;
  const byName = (lines) => new Map(lines.map((line) => [line.split(' ')[1], line]));
  const before = byName(readTable(baseline, 'functions.txt'));
  const now = byName(tableOf(model));
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
