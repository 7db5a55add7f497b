// The shapes of base.h, "SHAPE": what would differ between compilers, platforms or languages is refused.
import { readHeaders } from './model.mjs';

const widths = { int8_t: 1, uint8_t: 1, int16_t: 2, uint16_t: 2, int32_t: 4, uint32_t: 4, int64_t: 8, uint64_t: 8 };

function memberFaults(read, model) {
  const faults = [];
  const structures = new Map(model.structures.map((other) => [other.name, other]));
  for (const member of read.members.filter((other) => !other.callable)) {
    const what = `${read.name}.${member.name}`;
    if (member.pointers > 0) {
      const table = structures.get(member.base);
      const leadsToTable = table?.members.some((other) => other.callable) && member.constant && member.pointers === 1;
      if (!leadsToTable) faults.push(`${what}: a record holds no pointer; only a plugin's answer leads to a const table`);
    } else if (structures.has(member.base)) {
      if (structures.get(member.base).kind !== 'part' || member.count === null) {
        faults.push(`${what}: a structure by value is not allowed; only a fixed array of a part`);
      } else if (structures.get(member.base).members[0]?.name === 'size') {
        faults.push(`${what}: ${member.base} carries \`size\`, so it grows, and cannot stand in a fixed array`);
      }
    } else if (!widths[model.aliases.get(member.base) ?? member.base]) {
      faults.push(`${what}: type \`${member.base}\` is no fixed-width integer`);
    }
  }
  return faults;
}

/** Holes that a compiler would fill, at natural alignment: padding is to be written out. */
function paddingFaults(read, model) {
  const faults = [];
  let end = 0;
  let widest = 1;
  const measure = (base) => {
    const part = model.structures.find((other) => other.name === base);
    if (!part) return [widths[model.aliases.get(base) ?? base] ?? 1, null];
    const inner = part.members.map((member) => measure(member.base)[0] * (member.count ?? 1));
    return [inner.reduce((sum, size) => sum + size, 0), Math.max(...part.members.map((member) => measure(member.base)[0]))];
  };
  for (const member of read.members) {
    if (member.callable || member.pointers > 0) return faults;
    const [size, inner] = measure(member.base);
    const alignment = inner ?? size;
    if (end % alignment !== 0) faults.push(`${read.name}.${member.name}: hidden padding before it; write the padding as a member`);
    end = Math.ceil(end / alignment) * alignment + size * (member.count ?? 1);
    widest = Math.max(widest, alignment);
  }
  if (end % widest !== 0) faults.push(`${read.name}: hidden padding at its end; write the padding as a member`);
  return faults;
}

function parameterFaults(what, list, model, { table }) {
  const faults = [];
  const names = new Set(model.structures.map((other) => other.name));
  list.forEach((parameter, index) => {
    const where = `${what}(${parameter.name})`;
    const scalar = widths[model.aliases.get(parameter.base) ?? parameter.base] !== undefined;
    const text = parameter.base === 'char';
    if (parameter.count !== null) faults.push(`${where}: an array parameter is a pointer; write it as (base, stride, count)`);
    else if (parameter.pointers === 0 && names.has(parameter.base)) faults.push(`${where}: a structure by value is not allowed`);
    else if (!scalar && !text && !names.has(parameter.base)) faults.push(`${where}: type \`${parameter.base}\` is outside the closed set of parameters`);
    else if (text && parameter.pointers === 1) {
      const next = list[index + 1];
      const length = parameter.constant ? `${parameter.name}_length` : 'capacity';
      if (next?.base !== 'uint64_t' || next.pointers !== 0 || next.name !== length) faults.push(`${where}: text is followed by \`uint64_t ${length}\``);
      if (!parameter.constant && !table) faults.push(`${where}: text out goes through a result handle`);
    } else if (text && !(parameter.pointers === 2 && parameter.constant)) faults.push(`${where}: text is \`const char *\``);
    else if (!text && parameter.pointers > 1) faults.push(`${where}: a pointer to a pointer is not allowed`);
    if (/(^|_)stride$/.test(parameter.name) && list[index - 1]?.pointers !== 1) faults.push(`${where}: a stride follows the base of its array`);
  });
  if (list.some((parameter) => parameter.name === 'count') && !list.some((parameter) => /(^|_)stride$/.test(parameter.name))) {
    faults.push(`${what}: a count without a stride; an array is (base, stride, count)`);
  }
  return faults;
}

export function shape({ include }) {
  const model = readHeaders(include);
  const faults = [...model.faults];
  const add = (where, list) => faults.push(...list.map((fault) => `${where}: ${fault}`));
  for (const [name, base] of model.aliases) {
    if (!widths[base]) faults.push(`${name}: \`${base}\` is no fixed-width integer`);
  }
  for (const read of model.structures) {
    const first = read.members[0];
    if (read.kind !== 'part' && !(first?.name === 'size' && first.base === 'uint32_t' && first.pointers === 0 && first.count === null)) {
      add(read.where, [`${read.name}: its first member must be \`uint32_t size\``]);
    }
    add(read.where, [...memberFaults(read, model), ...paddingFaults(read, model)]);
    for (const member of read.members.filter((other) => other.callable)) {
      if (!['void', 'careplug_status'].includes(member.result)) add(member.where, [`${read.name}.${member.name}: its result must be careplug_status`]);
      add(member.where, parameterFaults(`${read.name}.${member.name}`, member.parameters, model, { table: true }));
    }
  }
  for (const read of model.functions) {
    if (read.result !== 'careplug_status') add(read.where, [`${read.name}: its result must be careplug_status`]);
    add(read.where, parameterFaults(read.name, read.parameters, model, { table: false }));
  }
  return faults;
}
