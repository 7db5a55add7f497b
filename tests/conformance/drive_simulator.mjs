// A day at a simulated host, driven through its pages' addresses: what careplug check-host runs to judge the
// simulator's host. drive_simulator.mjs HOST SETTINGS WEB
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

const [program, settings, web] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'careplug-drive-'));
const key = join(folder, 'gp.key');
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
writeFileSync(key, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });

const host = spawn(program, ['--kind', 'gp', '--settings', settings, '--key', key, '--web', web, '--patients', '40'],
  { stdio: ['pipe', 'pipe', 'inherit'] });
const ended = new Promise((resolve) => host.on('exit', (code, signal) => resolve(signal ? 200 : code)));
const first = new Promise((resolve) => createInterface({ input: host.stdout }).once('line', resolve));

let url = '';
let cookie = '';
// The answer, or nothing where it was refused.
async function ask(path, body) {
  const answer = await fetch(url + 'api/' + path, {
    method: body ? 'POST' : 'GET',
    headers: { cookie, origin: url.slice(0, -1), ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
  const said = await answer.json();
  if (!answer.ok) console.log(path, answer.status, said.sentence);
  return answer.ok ? said : null;
}

async function edit(patient) {
  const panel = (await ask('panels', { patient, action: 'edit' }))?.panel;
  if (!panel) return;
  let view = null;
  for (let looks = 0; looks < 30; ++looks) {
    view = (await ask(`panels/${panel}`))?.view;
    if (!view || (view.plan === 'arrived' && view.record !== 'awaited')) break;
    await pause(100);
  }
  const item = [{ linkId: 'dx.primary', answer: [{ valueString: 'Heart failure' }] }];
  if (view && (await ask(`panels/${panel}/update`, { item }))) {
    await ask(`panels/${panel}/validate`, { intent: 'publish' });
    if (await ask(`panels/${panel}/submit`, { intent: 'publish' })) await pause(500);
  }
  await ask(`panels/${panel}/close`, {});
}

async function day() {
  const { users } = await ask('me');
  if (!(await ask('sign-in', { user: users[0].id }))?.session?.signed_in) return;
  await pause(300);
  const rows = (await ask('patients'))?.patients ?? [];
  for (const row of rows.slice(0, 2)) {
    await ask(`patients/${row.id}`);
    await ask('acknowledge', { patient: row.id });
    const opened = await ask(`patients/${row.id}/open`, {});
    if (opened?.actions?.some((action) => action.id === 'edit')) await edit(row.id);
    // Asked to stay, this clinician stays.
    if (!(await ask(`patients/${row.id}/close`, {}))) break;
  }
  await ask('patients');
  await ask('sign-out', {});
}

const line = await Promise.race([first, ended]);
if (typeof line === 'string') {
  url = JSON.parse(line).url;
  await day().catch((error) => console.log(String(error)));
  host.stdin.end();
}
const code = await ended;
rmSync(folder, { recursive: true });
process.exit(code);
