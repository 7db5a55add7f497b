// What the headers declare, read by a grammar that knows exactly the forms a header may use. What it does not know
// becomes a fault, so no declaration escapes the guards.
import { declarations } from './platforms.mjs';
import { isComment, isName, tokens } from './tokens.mjs';

class Fault extends Error {}

/** `const char **name`, `uint8_t name[16]`: a type in a closed form and a name. */
function declarator(list, what) {
  const words = list.map((token) => token.text);
  const shown = words.join(' ');
  let at = 0;
  const constant = words[at] === 'const';
  if (constant) at += 1;
  if (shown === '...') throw new Fault(`${what}: variable arguments are not allowed`);
  if (words.includes(':')) throw new Fault(`${what}: bit-field \`${shown}\` is not allowed`);
  if (words.includes('(')) throw new Fault(`${what}: function pointer \`${shown}\` is not allowed here`);
  if (['struct', 'union', 'enum'].includes(words[at])) throw new Fault(`${what}: \`${shown}\` names no typedef of the contract`);
  const base = words[at];
  at += 1;
  let pointers = 0;
  for (; words[at] === '*'; at += 1) pointers += 1;
  if (!isName(list[at])) throw new Fault(`${what}: \`${shown}\` is no fixed-width type with a name`);
  const name = words[at];
  let count = null;
  if (words[at + 1] === '[') {
    if (!/^\d+$/.test(words[at + 2]) || words[at + 3] !== ']') throw new Fault(`${what}: \`${shown}\` needs a number in its brackets`);
    count = Number(words[at + 2]);
    at += 3;
  }
  if (at + 1 !== words.length) throw new Fault(`${what}: \`${shown}\` is no fixed-width type with a name`);
  return { base, constant, pointers, name, count };
}

function split(list, separator) {
  const parts = [[]];
  let depth = 0;
  for (const token of list) {
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (token.text === separator && depth === 0) parts.push([]);
    else parts.at(-1).push(token);
  }
  return parts;
}

function parameters(list, what) {
  if (list.length === 1 && list[0].text === 'void') return [];
  if (list.length === 0) throw new Fault(`${what}: write (void) for no parameters`);
  return split(list, ',').map((part) => declarator(part, what));
}

/** `careplug_status(__cdecl *name)(parameters)` */
function tableMember(list, what) {
  const words = list.map((token) => token.text);
  const star = words.indexOf('*', words.indexOf('('));
  const name = words[star + 1];
  if (words.slice(1, star).join(' ') !== '( __cdecl') throw new Fault(`${what}.${name}: a function pointer needs CAREPLUG_CALL`);
  if (words[star + 2] !== ')' || words[star + 3] !== '(' || words.at(-1) !== ')') throw new Fault(`${what}.${name}: not a plain function pointer`);
  return { name, result: words[0], parameters: parameters(list.slice(star + 4, -1), `${what}.${name}`), callable: true };
}

function structure(list, faults) {
  const name = list[2].text;
  const close = list.findLastIndex((token) => token.text === '}');
  const after = list.slice(close + 1).map((token) => token.text).join(' ');
  if (after !== name) throw new Fault(`struct ${name}: its typedef must be just \`${name}\`, not \`${after}\``);
  const members = [];
  let comment = '';
  let part = [];
  for (const token of list.slice(4, close)) {
    if (isComment(token)) {
      comment = token.text;
    } else if (token.text !== ';') {
      part.push(token);
    } else {
      try {
        const read = part.some((word) => word.text === '(') ? tableMember(part, name) : declarator(part, name);
        members.push({ ...read, comment, where: part[0].where });
      } catch (fault) {
        if (!(fault instanceof Fault)) throw fault;
        faults.push(`${part[0]?.where}: ${fault.message}`);
      }
      comment = '';
      part = [];
    }
  }
  return { name, members, where: list[0].where };
}

/** `__declspec(dllimport) careplug_status __cdecl name(parameters)`: the side of _WIN32 shows face and convention. */
function flatFunction(list) {
  const words = list.map((token) => token.text);
  const name = words.find((word, index) => word.startsWith('careplug_') && words[index + 1] === '(');
  const open = words.indexOf(name) + 1;
  const face = { dllimport: 'loader', dllexport: 'plugin' }[words[2]];
  if (words[0] !== '__declspec' || !face) throw new Fault(`${name}: a function needs CAREPLUG_API or CAREPLUG_EXPORT`);
  if (words[5] !== '__cdecl' || open !== 7) throw new Fault(`${name}: a function needs CAREPLUG_CALL, and a result that is no pointer`);
  if (words.at(-1) !== ')') throw new Fault(`${name}: not a plain function`);
  return { name, face, result: words[4], parameters: parameters(list.slice(open + 1, -1), name) };
}

/** Tokens up to the semicolon that ends each declaration, with the comment before it. */
function* statements(text) {
  let comment = '';
  let depth = 0;
  let list = [];
  for (const token of tokens(text)) {
    if (isComment(token) && list.length === 0) {
      comment = token.text;
      continue;
    }
    if (token.text === '{') depth += 1;
    if (token.text === '}') depth -= 1;
    if (token.text === ';' && depth === 0) {
      yield { list, comment };
      list = [];
      comment = '';
    } else {
      list.push(token);
    }
  }
  if (list.length > 0) yield { list, comment };
}

export function readHeaders(include) {
  const model = { aliases: new Map(), structures: [], functions: [], faults: [] };
  for (const { list, comment } of statements(declarations(include, { windows: true, comments: true }))) {
    const code = list.filter((token) => !isComment(token));
    const words = code.map((token) => token.text);
    try {
      if (words[0] === '#') throw new Fault(`#${words.slice(1, 3).join(' ')} is not allowed`);
      if (words[0] === 'typedef' && words[1] === 'struct' && words[3] === '{') {
        model.structures.push({ ...structure(list, model.faults), comment });
      } else if (words[0] === 'typedef' && words.length === 3) {
        model.aliases.set(words[2], words[1]);
      } else if (words.includes('(') && words[0] !== 'typedef') {
        model.functions.push({ ...flatFunction(code), comment, where: code[0].where });
      } else {
        throw new Fault(`\`${words.slice(0, 6).join(' ')}\` is none of the forms that a header may use`);
      }
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      model.faults.push(`${code[0]?.where}: ${fault.message}`);
    }
  }
  for (const read of model.structures) read.kind = kindOf(read, model);
  return model;
}

/**
 * record: grows at its end; so does the plugin's answer, which may lead to a further table. part: an element inside a
 * record's fixed array, so it cannot grow. table: holds function pointers, and is frozen.
 */
function kindOf(read, model) {
  if (read.members.some((member) => member.callable)) return 'table';
  const inside = model.structures.some((other) => other.members.some((member) => member.base === read.name && member.pointers === 0));
  return inside ? 'part' : 'record';
}
