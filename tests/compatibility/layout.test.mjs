import { layout } from '../../abi/guards/layout.mjs';
import { mingw } from '../../abi/guards/mingw.mjs';
import { bites, onLinux, passes } from './patched.mjs';
import * as change from './changes.mjs';

passes(layout, 'another comment', [['host.h', '/* Starts the engine.', '/* Starts the engine beside the loader.']]);
bites(layout, 'a member inserted in the middle', [change.insertedMember], [/careplug_event\.status: offset was 8 in .* on linux64/, /on win64/, /on win32/]);
bites(layout, 'reordered members', [change.reorderedMembers], /careplug_event\.kind: offset was 4/, onLinux);
bites(layout, 'a renamed member', [change.renamedMember], /careplug_event\.generation: gone or renamed since/, onLinux);
bites(layout, 'a shrunk record', [change.shrunkRecord], [/birth_date/, /careplug_patient_key: size was 40/], onLinux);
bites(layout, 'a grown part', [change.grownPart], /careplug_flag: size was 16/, onLinux);
bites(layout, 'a long, on Windows', [change.longMember], [/careplug_flags_record\.checked: size was 8 in .* on win64/, /on win32/]);
bites(layout, 'growth that is not recorded', [change.appendedMember], /careplug_event\.sent: new since .*rebaseline/, onLinux);
bites(layout, 'packing, on 32-bit Windows alone',
  [['plugin.h', 'const careplug_policy *policy; /*', 'uint32_t more;\n#ifndef _WIN64\n#ifdef _WIN32\n#pragma pack(1)\n#endif\n#endif\n  const careplug_policy *policy; /*']],
  /on win32/);
bites(mingw, 'a member inserted in the middle', [change.insertedMember], [/careplug_event\.status: offset was 8 in .* on win64/, /on win32/],
  { standards: { c: ['c89'] } });
