// node successor.mjs OUT: writes an imagined successor of this checkout into OUT. LEVEL/include are headers of a
// version that the successor could have, and sdk/ and scripted/ what is compiled with those that have grown. Each
// kind of growth of docs/abi-changes.md is in it.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

const base = [
  ['#define CAREPLUG_REFUSED_VERSION 114 ', '#define CAREPLUG_REFUSED_QUOTA 115 /* enough for today */\n#define CAREPLUG_REFUSED_VERSION 114 '],
  ['#define CAREPLUG_KNOWLEDGE_REMOVED 5 ', '#define CAREPLUG_KNOWLEDGE_MOVED 6 /* kept by another service now */\n#define CAREPLUG_KNOWLEDGE_REMOVED 5 '],
  ['#define CAREPLUG_REASON_STALE 12 ', '#define CAREPLUG_REASON_MAINTENANCE 13 /* the exchange is being changed */\n#define CAREPLUG_REASON_STALE 12 '],
  ['#define CAREPLUG_SLOT_STATUS 5\n', '#define CAREPLUG_SLOT_STATUS 5\n#define CAREPLUG_SLOT_TRANSFER 6\n'],
  ['  uint8_t birth_date[16];\n}', '  uint8_t birth_date[16];\n  uint8_t record_number[16]; /* the host\'s own; empty: not given */\n}'],
];
const host = [
  ['#define CAREPLUG_EVENT_ENGINE 7 ', '#define CAREPLUG_EVENT_NOTICE 8 /* a sentence to show once */\n#define CAREPLUG_EVENT_ENGINE 7 '],
  ['  int32_t candidate;\n} careplug_offer;', '  int32_t candidate;\n  int64_t built; /* of the host; 0 not known */\n} careplug_offer;'],
  ['  uint8_t sentence[256];\n} careplug_answer;', '  uint8_t sentence[256];\n  int64_t built; /* of the loader; 0 not known */\n} careplug_answer;'],
  ['  int64_t time;\n} careplug_event;', '  int64_t time;\n  int64_t sent; /* by the exchange; 0 not known */\n} careplug_event;'],
  ['} careplug_flags_record;', '  int64_t reviewed; /* 0 not known */\n} careplug_flags_record;'],
  ['} careplug_word_record;', '  uint8_t colour[8]; /* empty: none */\n} careplug_word_record;'],
  ['} careplug_operation_record;', '  int64_t finished; /* 0 not known */\n} careplug_operation_record;'],
  [
    '/* ---- Session: one signed-in',
    `/* The size of a result without its bytes. [any-thread | any | instant] */
CAREPLUG_API careplug_status CAREPLUG_CALL careplug_result_length(careplug_handle result, uint64_t *length);

/* ---- Session: one signed-in`,
  ],
];
const plugin = [
  ['} careplug_policy_flag;', '  int64_t changed; /* 0 not known */\n} careplug_policy_flag;'],
  [
    'typedef struct careplug_plugin_offer {',
    `#define CAREPLUG_POLICY_REVIEW 1
typedef struct careplug_policy_review {
  uint32_t size;
  uint32_t reserved;
  /* [policy | open | local] */
  careplug_status(CAREPLUG_CALL *review)(uint64_t policy, const char *plan, uint64_t plan_length, int64_t now);
} careplug_policy_review;

typedef struct careplug_plugin_offer {`,
  ],
  ['  int32_t candidate;\n} careplug_plugin_offer;', '  int32_t candidate;\n  int64_t built; /* 0 not known */\n} careplug_plugin_offer;'],
  ['} careplug_plugin_answer;', '  const careplug_policy_review *review;\n} careplug_plugin_answer;'],
];
const sources = {
  'sdk/wire/include/careplug/wire/contract.h': [['    release,\n    session_open,', '    release,\n    result_length,\n    session_open,']],
  'sdk/wire/include/careplug/wire/functions.h': [
    [
      '        Contract{Function::session_open,',
      `        Contract{Function::result_length, Call::none, "careplug_result_length", any_thread, Object::result, instant,
                 taking(integer_out), State::result_held},
        Contract{Function::session_open,`,
    ],
  ],
  'sdk/wire/src/records.cpp': [
    ['    visit(record.birth_date);\n', '    visit(record.birth_date);\n    visit(record.record_number);\n'],
    ['    visit(record.revision);\n}', '    visit(record.revision);\n    visit(record.finished);\n}'],
  ],
  'sdk/loader/src/session_events.cpp': [['    to.generation = from.generation;\n', '    to.generation = from.generation;\n    to.sent = 3000;\n']],
  'sdk/wire/src/flag_table_reader.cpp': [
    ['value <= CAREPLUG_KNOWLEDGE_REMOVED', 'value <= CAREPLUG_KNOWLEDGE_MOVED'],
    ['flags.reason <= CAREPLUG_REASON_STALE', 'flags.reason <= CAREPLUG_REASON_MAINTENANCE'],
    ['    flags.checked = ', '    flags.reviewed = high(content[2]);\n    flags.checked = '],
  ],
  'sdk/wire/src/flag_table_writer.cpp': [['flags.revision,\n', 'pack(flags.revision, flags.reviewed),\n']],
  'sdk/loader/exports/loader.cpp': [
    [
      'careplug_status careplug_release(careplug_handle handle) {',
      `careplug_status careplug_result_length(careplug_handle result, uint64_t* length) {
    return guarded<Function::result_length>([&] {
        const auto found = handles().find<Result>(result);
        if (!found) return Outs().give(wrong_handle(Function::result_length, found));
        *length = found.object->text.size();
        return careplug_status{CAREPLUG_OK};
    });
}

careplug_status careplug_release(careplug_handle handle) {`,
    ],
  ],
  'tests/abi/scripted_session.cpp': [['    result.flags.checked = 1000;\n', '    result.flags.checked = 1000;\n    result.flags.reviewed = 2000;\n']],
};

function patched(text, patches, where) {
  for (const [from, to] of patches) {
    assert.equal(text.split(from).length, 2, `the text to patch stands once in ${where}: ${from}`);
    text = text.replace(from, () => to);
  }
  return text;
}

function edit(file, patches) {
  writeFileSync(file, patched(readFileSync(file, 'utf8'), patches, file));
}

/** The version of these headers, as a list of three numbers. */
export function versionOf(include) {
  const text = readFileSync(join(include, 'careplug/base.h'), 'utf8');
  return ['MAJOR', 'MINOR', 'CANDIDATE'].map((name) => Number(new RegExp(`CAREPLUG_ABI_${name} (\\d+)`).exec(text)[1]));
}

/** Versions that headers can have, from what they are today. */
export function levels([major, minor, candidate]) {
  return {
    grown: { version: [major, minor, candidate], grows: true },
    next: { version: [major, minor + 1, 1], grows: true },
    released: { version: [major, minor, 0], grows: false },
    successor: { version: [major, minor + 1, 0], grows: true },
  };
}

/** Copies headers to another folder, grown where told, as another version. */
export function writeHeaders(from, to, { version, grows }) {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
  const [major, minor, candidate] = versionOf(from);
  const was = (name, value) => `#define CAREPLUG_ABI_${name} ${value}\n`;
  edit(join(to, 'careplug/base.h'), [
    [was('MAJOR', major), was('MAJOR', version[0])],
    [was('MINOR', minor), was('MINOR', version[1])],
    [was('CANDIDATE', candidate), was('CANDIDATE', version[2])],
    ...(grows ? base : []),
  ]);
  if (!grows) return;
  edit(join(to, 'careplug/host.h'), host);
  edit(join(to, 'careplug/plugin.h'), plugin);
}

function copyFolder(folder, out) {
  for (const entry of readdirSync(join(checkout, folder), { withFileTypes: true })) {
    const name = join(folder, entry.name);
    if (entry.isDirectory()) copyFolder(name, out);
    else if (/\.(cpp|h|map)$/.test(name)) {
      mkdirSync(dirname(join(out, name)), { recursive: true });
      writeFileSync(join(out, name), patched(readFileSync(join(checkout, name), 'utf8'), sources[name] ?? [], name));
    }
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const out = argv[2];
  const include = join(checkout, 'abi/include');
  for (const [name, level] of Object.entries(levels(versionOf(include)))) writeHeaders(include, join(out, name, 'include'), level);
  for (const folder of ['sdk/wire', 'sdk/loader', 'sdk/tools/played_engine']) copyFolder(folder, out);
  for (const name of ['scripted_engine.cpp', 'scripted_session.cpp', 'scripted.h']) {
    const file = `tests/abi/${name}`;
    mkdirSync(join(out, 'tests/abi'), { recursive: true });
    writeFileSync(join(out, file), patched(readFileSync(join(checkout, file), 'utf8'), sources[file] ?? [], file));
  }
  // Today's engine with the plugin face alone of the successor.
  mkdirSync(join(out, 'plugin-face/careplug'), { recursive: true });
  cpSync(join(out, 'grown/include/careplug/plugin.h'), join(out, 'plugin-face/careplug/plugin.h'));
}
