import { layout } from '../../abi/guards/layout.mjs';
import { mingw } from '../../abi/guards/mingw.mjs';
import { bites, onLinux, passes } from './patched.mjs';
import * as change from './changes.mjs';

passes(layout, 'another comment', [['host.h', '/* Starts the engine;', '/* Starts the engine beside the loader;']]);
bites(layout, 'a member inserted in the middle', [change.insertedMember], [/careplug_event\.status: offset was 8 in .* on linux64/, /on win64/, /on win32/]);
bites(layout, 'reordered members', [change.reorderedMembers], /careplug_event\.kind: offset was 4/, onLinux);
bites(layout, 'a renamed member', [change.renamedMember], /careplug_event\.generation: gone or renamed since/, onLinux);
bites(layout, 'a shrunk record', [change.shrunkRecord], [/birth_date/, /careplug_patient_key: size was 40/], onLinux);
bites(layout, 'a grown part', [change.grownPart], /careplug_flag: size was 16/, onLinux);
bites(layout, 'a long, on Windows', [change.longMember], [/careplug_flags_record\.checked: size was 8 in .* on win64/, /on win32/]);
bites(layout, 'growth that is not recorded', [change.appendedMember], /careplug_event\.sent: new since .*rebaseline/, onLinux);
bites(layout, 'a text that is shorter on 32-bit Windows alone',
  [['host.h', '  uint8_t words[64];', '#if defined(_WIN32) && !defined(_WIN64)\n  uint8_t words[32];\n#else\n  uint8_t words[64];\n#endif']],
  /^careplug_word_record: size was 104 in \S+ on win32\ncareplug_word_record\.words: size was 64 in \S+ on win32$/);
bites(mingw, 'a member inserted in the middle', [change.insertedMember], [/careplug_event\.status: offset was 8 in .* on win64/, /on win32/],
  { standards: { c: ['c89'] } });
