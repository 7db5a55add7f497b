// Every function's comment ends with a tag from the closed vocabulary of base.h, "TAGS", and the tag fits the function.
import { readHeaders } from './model.mjs';

const threads = ['any-thread', 'session', 'policy'];
const states = ['any', 'loader', 'session', 'patient', 'panel', 'operation', 'open'];
const deadlines = ['instant', 'local', 'switch'];

/** Every function of both faces: those exported, and the members of a plugin's tables. */
export function everyFunction(model) {
  const members = model.structures.flatMap((read) =>
    read.members
      .filter((member) => member.callable)
      .map((member) => ({ ...member, name: `${read.name}.${member.name}`, face: 'policy' })),
  );
  return [...model.functions, ...members];
}

export function tagOf(read) {
  const tag = /\[([^\][]*)\]\s*\*\/$/.exec(read.comment)?.[1];
  return tag?.replace(/\s+\*?\s*/g, ' ').trim();
}

function faultsOf(read) {
  const tag = tagOf(read);
  if (tag === undefined) return [`${read.name}: its comment does not end with [thread | state | deadline]`];
  const words = tag.split(' | ');
  if (words.length !== 3) return [`${read.name}: [${tag}] is not [thread | state | deadline]`];
  const faults = [];
  [threads, states, deadlines].forEach((vocabulary, index) => {
    if (!vocabulary.includes(words[index])) faults.push(`${read.name}: unknown tag word \`${words[index]}\`; known: ${vocabulary.join(', ')}`);
  });
  const [thread, state] = words;
  if ((thread === 'policy') !== (read.face !== 'loader')) {
    faults.push(`${read.name}: thread \`policy\` belongs to the plugin's face, and to it alone`);
  }
  const first = read.parameters[0];
  const handle = first?.pointers === 0 && (read.face === 'loader' ? first.base === 'careplug_handle' : first.name === 'policy');
  const subject = read.face === 'loader' ? first?.name : 'open';
  const needed = handle && states.includes(subject) ? subject : 'any';
  if (states.includes(state) && state !== needed) faults.push(`${read.name}: its first parameter says state \`${needed}\`, its tag says \`${state}\``);
  return faults;
}

export function tags({ include }) {
  return everyFunction(readHeaders(include)).flatMap((read) => faultsOf(read).map((fault) => `${read.where}: ${fault}`));
}
