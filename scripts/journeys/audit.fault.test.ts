import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditProof, AuditVerification } from '@florin/contracts';
import { present } from '@florin/kernel';
import { createHotPool } from '@florin/postgres';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProgram } from '../cli/program.ts';
import { serviceDatabase } from '../cli/local-servers.ts';
import { startScratchPlatform, type ScratchPlatform } from '../platform/scratch-platform.ts';
import { openCast, type Cast } from './cast.ts';

/**
 * Hunts payments that are missing in the audit log of a running platform, proofs that do not hold
 * outside of it, and an operator who is not told when somebody changes the log.
 */

let platform: ScratchPlatform;
let cast: Cast;

beforeAll(async () => {
  platform = await startScratchPlatform({
    fraudScoring: 'off',
    serviceEnv: { auditor: { ROOT_INTERVAL: '300ms' } },
  });
  cast = await openCast(platform.dev());
});
afterAll(() => platform.stop());

const get = async <T>(path: string): Promise<T> =>
  (await cast.machine.call<T & object>('GET', path)).body;

interface Reconciliation {
  ok: boolean;
  breaks: { invariant: string; detail: string }[];
  auditLagSeconds: number | null;
}

const reconcile = () => get<Reconciliation>('/v1/admin/reconciliation');

/** What a command prints, and whether it failed. */
async function florin(...words: string[]): Promise<{ text: string; failed: boolean }> {
  let text = '';
  const before = process.exitCode;
  const program = createProgram((line) => (text += line));
  const { gatewayUrl } = platform.dev();
  await program.parseAsync(['--url', gatewayUrl, '--token', cast.machine.token, ...words], {
    from: 'user',
  });
  const failed = process.exitCode === 1;
  process.exitCode = before;
  return { text, failed };
}

test('payments are in the log, the log is whole, and somebody else can tell', async () => {
  const from = await cast.wallet(10_000);
  const to = await cast.wallet();
  const paid = [];
  for (let nth = 1; nth <= 20; nth++) paid.push(await cast.transfer(from, to, nth));
  const { id } = present(paid.at(-1), 'transfer');
  const proofs = await eventually(async () => {
    const { body } = await cast.machine.call<{ proofs?: AuditProof[] }>(
      'GET',
      `/v1/admin/audit/proof/${id}`,
    );
    return (body.proofs?.length ? body.proofs.every(({ root }) => root !== null) : false) && body;
  });

  const [, script = ''] = /```js\n([\s\S]+?)```/.exec(readFileSync('docs/audit.md', 'utf8')) ?? [];
  const dir = mkdtempSync(join(tmpdir(), 'florin-third-party-'));
  writeFileSync(join(dir, 'check-proof.mjs'), script);
  writeFileSync(join(dir, 'proof.json'), JSON.stringify(proofs));
  const said = execFileSync(process.execPath, ['check-proof.mjs', 'proof.json'], { cwd: dir });
  rmSync(dir, { recursive: true });
  expect(String(said)).toContain('in the log as evt-');

  expect(await reconcile()).toMatchObject({ ok: true, breaks: [], auditLagSeconds: 0 });
  const verified = await florin('audit', 'verify');
  expect(verified).toMatchObject({ failed: false });
  expect(verified.text).toContain('the log is whole');
});

test('what operators do and who signs in is in the log, too', async () => {
  await cast.setFlag('shadow');
  await cast.setFlag('off');
  const page = await eventually(async () => {
    const path = '/v1/admin/audit?type=florin.admin-action.v1';
    const found = await get<{ items: { event: { data: { action: string } } }[] }>(path);
    return found.items.length >= 2 && found;
  });
  expect(page.items.map(({ event }) => event.data.action)).toContain('flag-changed');
  const signIns = await eventually(async () => {
    const path = '/v1/admin/audit?type=florin.user-registered.v1';
    const found = await get<{ items: unknown[] }>(path);
    return found.items.length > 0 && found;
  });
  expect(signIns.items.length).toBeGreaterThan(0);
});

test('the books are checked without the auditor, and with it again once it is back', async () => {
  process.kill(present(platform.pidOf('auditor'), 'auditor'), 'SIGSTOP');
  expect(await reconcile()).toMatchObject({ ok: true, auditLagSeconds: null });
  const stopped = present(platform.pidOf('auditor'), 'auditor');
  process.kill(stopped, 'SIGCONT');
  await eventually(async () => (await reconcile()).auditLagSeconds === 0);
});

test('a record that somebody changes is found by the next verification', async () => {
  const url = serviceDatabase(platform.dev().postgresUrl, 'auditor');
  const pool = createHotPool({ url, applicationName: 'intruder', max: 1 });
  await using _ = { [Symbol.asyncDispose]: () => pool.end() };
  const change = `UPDATE records SET body = replace(body, '"amount":"7"', '"amount":"9"')
                   WHERE body LIKE '%"amount":"7"%'`;
  await expect(pool.query(change)).rejects.toMatchObject({ code: '42501' });
  await pool.query(`SET session_replication_role = 'replica'`);
  const { rows } = await pool.query(`${change} RETURNING chain, place`);
  const [changed] = rows as { chain: string; place: bigint }[];
  const { body } = await cast.machine.call<AuditVerification>('POST', '/v1/admin/audit/verify', {});
  expect(body).toMatchObject({ ok: false, breaks: [{ chain: changed?.chain }] });
  const [found] = body.breaks;
  expect(found?.last).toBe(Number(changed?.place));
  expect(await florin('audit', 'verify')).toMatchObject({ failed: true });
});
