import { STREAMS } from '@florin/contracts';
import { streamState } from '@florin/messaging';
import { createAuditorModel, eventually, type AuditedCommand } from '@florin/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyCommands } from './any-command.ts';
import { deciderOf, mayFollow, message, type Parties } from './lane-bench.ts';
import { openSurroundings, type Surroundings } from './ledger-surroundings.ts';

const ROUNDS = 8;
const COMMANDS = 320;

function partiesOf(command: Extract<AuditedCommand, { amount: bigint }>): Parties {
  return 'from' in command
    ? { type: command.do, walletId: command.from, counterpartyWalletId: command.to }
    : { type: command.do, walletId: command.wallet, counterpartyWalletId: null };
}

/** Which service says such a thing. */
function speakerOf(command: AuditedCommand) {
  if (command.do === 'expire-hold') return 'ledger';
  if (command.do === 'settle') return 'banking';
  const isScored = 'items' in command || ('risk' in command && command.risk !== undefined);
  return isScored ? 'fraud' : 'gateway';
}

/**
 * Hunts what only the statements can do wrong: the same commands as in the model, in batches of one
 * and of hundreds, so that an order, its verdict and its settlement often share a commit.
 */
test('any commands through one real lane leave what the auditor says', async () => {
  const around = await openSurroundings(1);
  try {
    const auditor = createAuditorModel();
    /** The wallets of each transaction: what is said about it goes there. */
    const parties = new Map<string, Parties>();

    async function tell(command: AuditedCommand): Promise<void> {
      const { type, id, data } = message(command);
      let { walletId } = data;
      if ('amount' in command) {
        // Orders of unknown wallets never reach a lane.
        if (!auditor.wallets.has(walletId)) return;
        if (!parties.has(command.id)) parties.set(command.id, partiesOf(command));
      } else if ('items' in command) {
        if (command.items.some((item) => !auditor.wallets.has(item.from))) return;
        for (const item of command.items) {
          if (!parties.has(item.id)) parties.set(item.id, partiesOf(item));
        }
      } else if (!('wallet' in command)) {
        const about = parties.get('of' in command ? command.of : command.id);
        // Time passes for the whole ledger: its expiries are tested where a test owns the clock.
        if (about === undefined || command.do === 'expire-hold') return;
        if ('verdict' in command && command.verdict === 'expire') return;
        if ('of' in command) {
          const status = auditor.transactions.get(command.of)?.status ?? 'failed';
          if (!mayFollow(command, about.type, status)) return;
          const { walletId: payer, counterpartyWalletId: payee } = about;
          const own = { type: command.do, walletId: payer, counterpartyWalletId: payee };
          if (!parties.has(command.id)) parties.set(command.id, own);
        }
        walletId = deciderOf(command, about);
      }
      auditor.apply(command);
      const quote = 'quote' in data && { quote: around.signedQuote(data.quote) };
      const said = { ...data, ...quote, walletId };
      await around.send(type, id, walletId, said, { as: speakerOf(command) });
    }

    for (let round = 0; round < ROUNDS; round++) {
      const size = { minLength: COMMANDS, maxLength: COMMANDS };
      const [commands = []] = fc.sample(anyCommands(1000 * round, size, 1000), {
        numRuns: 1,
        seed: round,
      });
      // Every other round waits for its ledger, and is then decided in few batches.
      const early = round % 2 === 0 ? await around.startOne(`round-${round}`) : undefined;
      for (const command of commands) await tell(command);
      const ledger = early ?? (await around.startOne(`round-${round}`));
      await allDecided(around);
      await ledger.stop();
      around.ledgers.pop();
      expect(await walletsOf(around)).toEqual(
        new Map(
          [...auditor.wallets].map(([id, { posted, held, entries, status }]) => [
            id,
            { posted, held, entries: BigInt(entries), status },
          ]),
        ),
      );
      expect(await transactionsOf(around)).toEqual(new Map(auditor.transactions));
      expect(await around.brokenBooks()).toEqual([]);
    }
    // Else this would have tested nothing.
    const statuses = [...auditor.transactions.values()].map(({ status }) => status);
    expect(statuses.filter((status) => status === 'reversed').length).toBeGreaterThan(3);
    const reviewed = [...auditor.transactions.values()].map(({ review }) => review);
    for (const status of ['open', 'approved', 'declined']) expect(reviewed).toContain(status);
  } finally {
    await around.close();
  }
}, 120_000);

async function allDecided({ bus, pool }: Surroundings): Promise<void> {
  const { lastSequence } = await streamState(bus, STREAMS.transactions);
  await eventually(async () => {
    const { rows } = await pool.query<{ position: bigint }>('SELECT position FROM partitions');
    return rows[0]?.position === BigInt(lastSequence);
  });
}

async function walletsOf({ pool }: Surroundings) {
  interface Row {
    id: string;
    posted: bigint;
    held: bigint;
    entries: bigint;
    status: string;
  }
  const { rows } = await pool.query<Row>(
    "SELECT id, posted, held, sequence AS entries, status FROM wallets WHERE kind = 'user'",
  );
  return new Map(rows.map(({ id, ...wallet }) => [id, wallet]));
}

async function transactionsOf({ pool }: Surroundings) {
  interface Row {
    id: string;
    status: string;
    code: string | null;
    review: string | null;
  }
  const { rows } = await pool.query<Row>(
    `SELECT t.id, t.status, t.failure_code AS code, r.status AS review
       FROM transactions t LEFT JOIN reviews r ON r.transaction_id = t.id`,
  );
  return new Map(
    rows.map(({ id, status, code, review }) => [
      id,
      { status, ...(code !== null && { code }), ...(review !== null && { review }) },
    ]),
  );
}
