import { functions } from '../../abi/guards/functions.mjs';
import { languages } from '../../abi/guards/languages.mjs';
import { macros } from '../../abi/guards/macros.mjs';
import { bites, onWindows, passes } from './patched.mjs';
import * as change from './changes.mjs';

passes(macros, 'the include guard of another header', [['base.h', '#define CAREPLUG_FAILED_ENGINE', '#define CAREPLUG_STATUS_H\n#define CAREPLUG_FAILED_ENGINE']]);
bites(macros, 'a changed value', [change.macroValue], /^CAREPLUG_KNOWLEDGE_NO_PLAN: was `1` in .*, is now `2`/);
bites(macros, 'a renamed macro', [['base.h', 'CAREPLUG_SLOT_LEGAL 2', 'CAREPLUG_SLOT_LAW 2']], [/CAREPLUG_SLOT_LEGAL: gone or renamed/, /CAREPLUG_SLOT_LAW: new since/]);
bites(macros, 'another calling convention on Windows', [['base.h', '__cdecl', '__stdcall']], [/CAREPLUG_CALL@win32: was `__cdecl`/, /CAREPLUG_CALL@win64/]);
bites(macros, 'a value that differs on one platform',
  [['host.h', '#define CAREPLUG_FLAGS_MAX 12', '#ifdef _WIN32\n#define CAREPLUG_FLAGS_MAX 8\n#else\n#define CAREPLUG_FLAGS_MAX 12\n#endif']],
  /CAREPLUG_FLAGS_MAX@win64: new/);
bites(macros, 'a macro with arguments', [['host.h', '#define CAREPLUG_FLAGS_MAX 12', '#define CAREPLUG_FLAGS_MAX 12\n#define CAREPLUG_IS_OK(s) ((s) < 100)']],
  /host\.h: CAREPLUG_IS_OK: a macro with arguments is not allowed/);
bites(macros, 'a name outside the contract', [['host.h', '#define CAREPLUG_FLAGS_MAX 12', '#define CAREPLUG_FLAGS_MAX 12\n#define FLAGS_MAX 12']], /FLAGS_MAX: a macro's name begins/);

passes(functions, 'another comment', [['host.h', '/* Starts the engine;', '/* Starts the engine beside the loader;']]);
bites(functions, 'a removed function', [change.removedFunction], /careplug_release: gone or renamed/);
bites(functions, 'a new function that is not recorded', [change.addedFunction], /careplug_keep: new since .*rebaseline/);
bites(functions, 'a changed promise about threads', [['host.h', 'refused for the array of records itself, nothing is written. [any-thread', 'refused for the array of records itself, nothing is written. [session']],
  /careplug_flags: was `.*any-thread \| session \| instant\]` in .*\[session \| session \| instant\]/);

bites(languages, 'a comment that C89 does not know', [['host.h', '/* ---- Loader', '// Loader\n/* ---- Loader']], /-std=c89: /, { ...onWindows, standards: { c: ['c89'] } });
bites(languages, 'a name that C++ has taken', [['host.h', 'int32_t keep,', 'int32_t delete,']], /-std=c\+\+98: /, { ...onWindows, standards: { c: ['c17'], 'c++': ['c++98'] } });
bites(languages, 'a header that does not stand alone', [['plugin.h', '#include <careplug/base.h>', '#include <stdint.h>']], /-std=c17: .*careplug_status/, { ...onWindows, standards: { c: ['c17'] } });
