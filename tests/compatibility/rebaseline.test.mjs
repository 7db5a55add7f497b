// The command that records a baseline follows the policy at the top of base.h.
import { inScratch, present, run } from '../../abi/guards/tools.mjs';
import { abi, frozen, patch } from './patched.mjs';
import * as change from './changes.mjs';
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const programs = ['clang', 'clang++', 'g++', 'abidw'];
const missing = programs.find((program) => !present(program));
const skip = missing ? `${missing} is not installed` : false;

/** A contract of its own, which starts as the newest baseline. */
function contract(use) {
  return inScratch((folder) => {
    mkdirSync(join(folder, 'baselines'));
    cpSync(frozen.include, join(folder, 'include'), { recursive: true });
    cpSync(frozen.folder, join(folder, 'baselines', frozen.name), { recursive: true });
    const record = (...sentence) => run('node', [join(abi, 'guards/rebaseline.mjs'), '--abi', folder, ...sentence]);
    return use({
      edit: (header, from, to) => patch(join(folder, 'include'), header, from, to),
      record,
      recorded: (...sentence) => {
        const { code, errors } = record(...sentence);
        assert.equal(code, 0, errors);
      },
      refused: (pattern, ...sentence) => {
        const { code, errors } = record(...sentence);
        assert.equal(code, 1);
        assert.match(errors, pattern);
      },
      check: (...guards) =>
        run('node', [join(abi, 'guards/check.mjs'), '--include', join(folder, 'include'), '--baselines', join(folder, 'baselines'), ...guards]),
      versions: () => readdirSync(join(folder, 'baselines')).sort(),
      changes: () => (existsSync(join(folder, 'CHANGELOG.md')) ? readFileSync(join(folder, 'CHANGELOG.md'), 'utf8') : ''),
    });
  });
}

const version = (major, minor, candidate) => [
  'base.h',
  /#define CAREPLUG_ABI_MAJOR[\s\S]*?CANDIDATE \d+/.exec(readFileSync(join(frozen.include, 'careplug/base.h'), 'utf8'))?.[0] ?? '',
  `#define CAREPLUG_ABI_MAJOR ${major}\n#define CAREPLUG_ABI_MINOR ${minor}\n#define CAREPLUG_ABI_CANDIDATE ${candidate}`,
];
const number = (major, minor, candidate) =>
  `#define CAREPLUG_ABI_MAJOR ${major}\n#define CAREPLUG_ABI_MINOR ${minor}\n#define CAREPLUG_ABI_CANDIDATE ${candidate}`;

test('growth is recorded with its sentence, and then the guards pass', { skip }, () =>
  contract(({ edit, record, recorded, refused, check, changes, versions }) => {
    edit(...change.appendedMember);
    assert.equal(check('layout').code, 1);
    refused(/say in one sentence/);
    recorded('Events say when they were sent.');
    assert.deepEqual(versions(), [frozen.name]);
    assert.match(changes(), new RegExp(`## ${frozen.name}\n\n- Events say when they were sent\\.\n`));
    const { code, out } = check('layout', 'members', 'abidiff', 'macros', 'functions');
    assert.equal(code, 0, out);
    assert.equal(record().code, 0, 'nothing changed: no sentence is needed');
  }));

test('what is no growth needs another candidate, which replaces the old one', { skip }, () =>
  contract(({ edit, recorded, refused, changes, versions }) => {
    edit(...change.reorderedMembers);
    refused(/raise CAREPLUG_ABI_CANDIDATE[\s\S]*careplug_event\.status: moved/, 'The status comes first.');
    edit(...version(1, 0, 99));
    recorded('The status of an event comes first.');
    assert.deepEqual(versions(), ['1.0-rc.99']);
    assert.match(changes(), /## 1\.0-rc\.99\n\n- The status of an event comes first\.\n/);
  }));

test('a released baseline never changes, and later versions only add to it', { skip }, () =>
  contract(({ edit, recorded, refused, check, changes, versions }) => {
    edit(...version(1, 0, 0));
    recorded('Released.');
    assert.deepEqual(versions(), ['1.0']);
    recorded();
    edit(...change.appendedMember);
    refused(/1\.0 is released and never changes; raise CAREPLUG_ABI_MINOR/, 'More.');
    edit('base.h', number(1, 0, 0), number(1, 1, 1));
    recorded('Events say when they were sent.');
    assert.deepEqual(versions(), ['1.0', '1.1-rc.1']);
    assert.match(changes(), /## 1\.1-rc\.1\n\n- Events[^\n]*\n\n## 1\.0\n\n- Released/);
    edit(...change.reorderedMembers);
    edit('base.h', number(1, 1, 1), number(1, 1, 2));
    refused(/grow by adding instead[\s\S]*careplug_event\.kind: moved since 1\.0/, 'Reordered.');
    assert.match(check('members').out, /moved since 1\.0\n[\s\S]*moved since 1\.1-rc\.1/);
    edit('base.h', number(1, 1, 2), number(2, 0, 1));
    recorded('The status of an event comes first.');
    assert.deepEqual(versions(), ['1.0', '2.0-rc.1']);
    assert.equal(check('members').code, 0, 'a new major version may break with the old');
  }));

test('headers that break the shape are not recorded', { skip }, () =>
  contract(({ edit, refused }) => {
    edit('host.h', '  int64_t time;\n} careplug_event;', '  int64_t time;\n  long sent;\n} careplug_event;');
    refused(/careplug_event\.sent: type `long`/, 'Events say when they were sent.');
  }));
