import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { present, uuidv7 } from '@florin/kernel';
import { eventually } from '@florin/testing';
import { machineToken } from '../faults/machine-token.ts';
import { createRestClient, type RestClient } from '../platform/rest-client.ts';
import { openClocks } from './clocks.ts';
import { rehearse, type Crowd, type Rehearsed, type Stage } from './rehearsal.ts';

const LEDGERS = ['ledger', 'ledger-2'];
/** Both at once, and one beside one that is right. */
const JUMPS = [
  { wrong: LEDGERS, by: '+26h' },
  { wrong: LEDGERS, by: '-26h' },
  { wrong: ['ledger-2'], by: '+26h' },
  { wrong: ['ledger-2'], by: '-26h' },
];
const JUMP_HOURS = 26;
/** Later than anything can be due here: what was placed by a clock that was ahead, too. */
const ALL_OVER = '+80h';
const WRONG_MS = 4_000;
const RIGHT_MS = 3_000;
const EACH = 8;

/** Over at once, within a jump, and later than any. In seconds. */
const [SOON, WITHIN, BEYOND] = [2, 3_600, 48 * 3_600] as const;
const LASTS = [SOON, WITHIN, BEYOND];
/** Longer than a jump would be no test of it. */
const REVIEWS_FOR = '20h';
const LARGE = '2000000';
const FUNDING = '90000000';

interface Payees {
  client: RestClient;
  /** Not those of the crowd, whose balances are added up. */
  wallets: string[];
}

/** Each has paid the next one before: holds for them need no person. */
async function openPayees({ platform }: Crowd): Promise<Payees> {
  const { gatewayUrl, oauthClient } = platform.dev();
  const client = createRestClient(gatewayUrl, await machineToken(gatewayUrl, oauthClient)());
  const wallets: string[] = [];
  for (let count = 0; count < 2 * EACH; count++) {
    const opened = await client.post('/v1/wallets', { currency: 'USD', name: `held ${count}` });
    const { id } = client.expect<{ id: string }>(opened, 201);
    const body = { walletId: id, amount: FUNDING, bankAccount: 'ok' };
    client.expect(await client.post('/v1/deposits', body, uuidv7()), 201, 202);
    wallets.push(id);
  }
  for (const [index, fromWalletId] of wallets.entries()) {
    const body = { fromWalletId, toWalletId: wallets[(index + 1) % wallets.length], amount: '1' };
    client.expect(await client.post('/v1/transfers', body, uuidv7()), 201, 202);
  }
  return { client, wallets };
}

/** While the scorer stands still what is large waits for a person. */
async function standStill(
  { platform }: Crowd,
  { client }: Payees,
  isStill: boolean,
): Promise<void> {
  const variant = isStill ? 'enforce' : 'off';
  client.expect(await client.put('/v1/admin/flags/fraud-scoring', { variant }), 200);
  process.kill(present(platform.pidOf('fraud'), 'scorer'), isStill ? 'SIGSTOP' : 'SIGCONT');
}

/** Holds of every length, and payments that a person has to look at. */
async function place({ client, wallets }: Payees) {
  const [holds, reviewed]: [string[], string[]] = [[], []];
  for (const [index, walletId] of wallets.entries()) {
    const toWalletId = wallets[(index + 1) % wallets.length];
    const expiresInSeconds = LASTS[index % LASTS.length];
    const body = { walletId, toWalletId, amount: '100', expiresInSeconds };
    const held = await client.post('/v1/holds', body, uuidv7());
    holds.push(client.expect<{ id: string }>(held, 201).id);
    if (index % 2 > 0) continue;
    const large = { fromWalletId: walletId, toWalletId, amount: LARGE };
    const asked = await client.post('/v1/transfers', large, uuidv7());
    reviewed.push(client.expect<{ id: string }>(asked, 201, 202).id);
  }
  return { holds, reviewed };
}

/** A third of what each holds, by whoever thinks that it still does. */
async function capture({ client }: Payees, holds: readonly string[]): Promise<string[]> {
  const asked = holds.map(async (id) => {
    const { status, body } = await client.post(
      `/v1/holds/${id}/capture`,
      { amount: '30' },
      uuidv7(),
    );
    return status === 201 ? 'captured' : String((body as { code?: string }).code ?? status);
  });
  return Promise.all(asked);
}

/** By the clock of this process, which nobody sets. */
interface Seen {
  id: string;
  /** 'hold' or 'review'. */
  kind: string;
  lastsSeconds: number;
  placedMs: number;
  endedMs: number;
}

const ENDED = `
  SELECT h.transaction_id AS id, 'hold' AS kind,
         round(extract(epoch FROM expires_at - placed_at))::int AS lasts
    FROM holds h JOIN transactions t ON t.id = h.transaction_id
   WHERE t.type = 'hold' AND (t.failure_code = 'hold-expired'
         OR t.status = 'completed' AND h.released > 0)
   UNION ALL
  SELECT transaction_id, 'review', round(extract(epoch FROM expires_at - opened_at))::int
    FROM reviews WHERE status = 'expired'`;
const OPEN = `
  SELECT (SELECT count(*)::int FROM holds h JOIN transactions t ON t.id = h.transaction_id
           WHERE h.settled_at IS NULL AND t.type = 'hold') AS holds,
         (SELECT count(*)::int FROM reviews WHERE status = 'open') AS reviews`;
/** Of what had ended by the books' own time. */
const CAPTURED_AFTER = `
  SELECT count(*)::int AS n
    FROM follow_ups f
    JOIN transactions c ON c.id = f.transaction_id AND c.type = 'capture' AND c.status = 'completed'
    JOIN holds h ON h.transaction_id = f.related_id
   WHERE c.created_at >= h.expires_at OR c.created_at > h.settled_at`;

/** Notes when each has ended, by a clock that is right. */
function watchEnds({ load }: Crowd) {
  const placedMs = new Map<string, number>();
  const seen = new Map<string, Seen>();
  async function look(): Promise<void> {
    const { rows } = await load.pool.query<{ id: string; kind: string; lasts: number }>(ENDED);
    for (const { id, kind, lasts } of rows) {
      const began = placedMs.get(id);
      if (began === undefined || seen.has(id)) continue;
      seen.set(id, { id, kind, lastsSeconds: lasts, placedMs: began, endedMs: performance.now() });
    }
  }
  return { look, seen, note: (id: string) => void placedMs.set(id, performance.now()) };
}

/** When clocks were wrong, by performance.now(), and how. */
interface Wrong {
  by: string;
  fromMs: number;
  untilMs: number;
}

/** Looks come some time after what they see. */
const LOOK_MS = 2_000;

/**
 * How much too early something has ended that was to last longer than the rehearsal, and whether
 * that was while a clock was ahead, or had been placed by one that was behind.
 */
function isExplained({ placedMs, endedMs }: Seen, wrong: readonly Wrong[]): boolean {
  const within = (atMs: number, sign: string, graceMs: number): boolean =>
    wrong.some(
      ({ by, fromMs, untilMs }) =>
        by.startsWith(sign) && atMs >= fromMs && atMs <= untilMs + graceMs,
    );
  return within(endedMs, '+', LOOK_MS) || within(placedMs, '-', 0);
}

async function jump(stage: Stage, set: (wrong: readonly string[], by: string) => void) {
  const struckMs = performance.now();
  const payees = await openPayees(stage);
  await standStill(stage, payees, true);
  const watch = watchEnds(stage);
  const wrong: Wrong[] = [];
  const answers: string[] = [];
  const placeAndNote = async (): Promise<string[]> => {
    const { holds, reviewed } = await place(payees);
    [...holds, ...reviewed].forEach(watch.note);
    return holds;
  };
  for (const { wrong: whose, by } of JUMPS) {
    const before = await placeAndNote();
    const fromMs = performance.now();
    set(whose, by);
    await sleep(WRONG_MS);
    await watch.look();
    answers.push(...(await capture(payees, before)));
    const during = await placeAndNote();
    await watch.look();
    set(whose, '+0');
    wrong.push({ by, fromMs, untilMs: performance.now() });
    await sleep(RIGHT_MS);
    await watch.look();
    answers.push(...(await capture(payees, during)));
    stage.say(`${whose.join(' and ')} by ${by} and back: ${watch.seen.size} have ended`);
  }
  const early = [...watch.seen.values()].filter(({ lastsSeconds }) => lastsSeconds > SOON);
  const facts = {
    jumps: JUMPS.length,
    ended: watch.seen.size,
    endedEarly: early.length,
    unexplained: early.filter((one) => !isExplained(one, wrong)).length,
    beyondAJump: early.filter(({ lastsSeconds }) => lastsSeconds > JUMP_HOURS * 3_600).length,
    captures: Object.fromEntries(
      [...Map.groupBy(answers, (answer) => answer)].map(([answer, all]) => [answer, all.length]),
    ),
  };
  await standStill(stage, payees, false);
  const ends = await endAll(stage, set);
  stage.say(JSON.stringify({ ...facts, ...ends }));
  return { struckMs, facts: { ...facts, ...ends } };
}

/** Far enough ahead nothing is left: what would be is stuck. */
async function endAll({ load }: Crowd, set: (wrong: readonly string[], by: string) => void) {
  const open = async () => {
    const { rows } = await load.pool.query<{ holds: number; reviews: number }>(OPEN);
    return present(rows[0], 'count of what is open');
  };
  const before = await open();
  set(LEDGERS, ALL_OVER);
  await eventually(async () => Object.values(await open()).every((count) => count === 0), {
    timeoutMs: 60_000,
  }).catch(() => undefined);
  set(LEDGERS, '+0');
  const { rows } = await load.pool.query<{ n: number }>(CAPTURED_AFTER);
  const stuck = await open();
  return { openBefore: before, stuck, capturedAfterTheEnd: rows[0]?.n };
}

/** Clocks of ledgers jump while money is held for some time, and while payments wait for people. */
export async function jumpExpiries(say: (line: string) => void): Promise<Rehearsed | string> {
  let missing: string | undefined;
  let set: (wrong: readonly string[], by: string) => void = () => undefined;
  const done = await rehearse(
    'clocks jump while money is held',
    say,
    async (stage) => {
      if (missing !== undefined) return { struckMs: performance.now() };
      return jump(stage, set);
    },
    {
      platform(dir) {
        const clocks = openClocks(join(dir, 'clocks'), LEDGERS);
        if (typeof clocks === 'string') {
          missing = clocks;
          return {};
        }
        ({ set } = clocks);
        const { ledger, 'ledger-2': second } = clocks.environments;
        const settings = { REVIEW_EXPIRES: REVIEWS_FOR, WATCHDOG_DEADLINE: '100ms' };
        return {
          scale: { ledger: 2 },
          serviceEnv: { ledger: { ...settings, ...ledger }, 'ledger-2': { ...second } },
        };
      },
    },
  );
  return missing ?? done;
}
