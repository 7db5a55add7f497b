// Guard (b): the frozen headers and the current ones in two namespaces of one C++ file, compared member by member and
// function by function. Records may grow at the end, everything else must be the same. Types are compared through
// every pointer and parameter, so a changed parameter of a table's function is seen.
import { readHeaders } from './model.mjs';
import { declarations, platforms as allPlatforms } from './platforms.mjs';
import { complaints, inScratch, need, present, run, Skipped } from './tools.mjs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const traits = `
#include <stddef.h>
template <class A, class B> struct same { static const bool value = false; };
template <> struct same<void, void> { static const bool value = true; };
template <> struct same<char, char> { static const bool value = true; };
template <class A, class B> struct same<A *, B *> : same<A, B> {};
template <class A, class B> struct same<const A, const B> : same<A, B> {};
template <class A, class B, size_t N> struct same<A[N], B[N]> : same<A, B> {};
template <class... A> struct list {};
template <> struct same<list<>, list<>> { static const bool value = true; };
template <class A, class... P, class B, class... Q> struct same<list<A, P...>, list<B, Q...>> {
  static const bool value = same<A, B>::value && same<list<P...>, list<Q...>>::value;
};
template <class R, class... P, class S, class... Q> struct same<R(P...), S(Q...)> {
  static const bool value = same<R, S>::value && same<list<P...>, list<Q...>>::value;
};
`;

const integers = ['int8_t', 'uint8_t', 'int16_t', 'uint16_t', 'int32_t', 'uint32_t', 'int64_t', 'uint64_t'];

/** What both sides have is asserted; what the current side has lost is a sentence at once. */
function compare(before, now, version) {
  const faults = [];
  const lines = integers.map((name) => `template <> struct same<${name}, ${name}> { static const bool value = true; };`);
  const must = (condition, sentence) => lines.push(`static_assert(${condition}, "${sentence}");`);
  const current = new Map(now.structures.map((read) => [read.name, read]));
  const kept = before.structures.filter((read) => current.has(read.name));
  for (const { name } of kept) lines.push(`template <> struct same<baseline::${name}, current::${name}> { static const bool value = true; };`);
  for (const read of before.structures) {
    const name = read.name;
    if (!current.has(name)) {
      faults.push(`${name}: gone or renamed since ${version}`);
      continue;
    }
    const members = new Set(current.get(name).members.map((member) => member.name));
    for (const member of read.members) {
      const what = `${name}.${member.name}`;
      if (!members.has(member.name)) {
        faults.push(`${what}: gone or renamed since ${version}`);
        continue;
      }
      must(`offsetof(baseline::${name}, ${member.name}) == offsetof(current::${name}, ${member.name})`, `${what}: moved since ${version}`);
      must(`same<decltype(baseline::${name}::${member.name}), decltype(current::${name}::${member.name})>::value`, `${what}: its type differs from ${version}`);
    }
    const added = current.get(name).members.slice(read.members.length);
    if (read.kind === 'record') must(`sizeof(current::${name}) >= sizeof(baseline::${name})`, `${name}: smaller than in ${version}`);
    else {
      must(`sizeof(current::${name}) == sizeof(baseline::${name})`, `${name}: a ${read.kind} is frozen, and its size differs from ${version}`);
      for (const member of added) faults.push(`${name}.${member.name}: a ${read.kind} is frozen since ${version}; add another beside it`);
    }
  }
  const functions = new Set(now.functions.map((read) => read.name));
  for (const { name } of before.functions) {
    if (!functions.has(name)) faults.push(`${name}: gone or renamed since ${version}`);
    else must(`same<decltype(baseline::${name}), decltype(current::${name})>::value`, `${name}: its parameters or result differ from ${version}`);
  }
  return { faults, code: lines.join('\n') };
}

export function members({ include, every, note, platforms = allPlatforms }) {
  need('g++');
  const clang = present('clang++');
  const now = readHeaders(include);
  if (now.faults.length > 0) return now.faults;
  const sides = [false, true].map((windows) => declarations(include, { windows, comments: false }));
  const faults = [];
  for (const baseline of every) {
    const { faults: lost, code } = compare(readHeaders(baseline.include), now, baseline.name);
    faults.push(...lost);
    inScratch((folder) => {
      for (const platform of platforms) {
        const windows = platform.mingw !== null;
        const frozen = declarations(baseline.include, { windows, comments: false });
        const source = join(folder, `${platform.name}.cpp`);
        writeFileSync(
          source,
          `#include <stdint.h>\n${traits}\nnamespace baseline {\n${frozen}}\nnamespace current {\n${sides[Number(windows)]}}\n${code}\n`,
        );
        const compilers = clang ? [['clang++', ...platform.clang]] : [];
        if (!windows) compilers.push(['g++']);
        for (const [compiler, ...flags] of compilers) {
          const result = run(compiler, [...flags, '-std=c++17', '-ffreestanding', '-fsyntax-only', source]);
          if (result.code !== 0) faults.push(...complaints(result.errors));
          else note(`${baseline.name}, ${platform.name} by ${compiler}`);
        }
      }
    });
  }
  if (faults.length === 0 && !clang) throw new Skipped('both Windows platforms; clang++ is not installed');
  return [...new Set(faults)];
}
