import { STREAMS } from '@florin/contracts';
import { eventually } from '@florin/testing';
import { processesCounted } from './process-metrics.ts';
import { rehearse, type Crowd, type Rehearsed } from './rehearsal.ts';

/** Bytes: several events don't fit one message, and then not even one. */
const ONLY_ONE = 2_000;
const NOT_EVEN_ONE = 100;
const NO_LIMIT = -1;
const PAYMENTS = 60;

const limitMessages = ({ load }: Crowd, bytes: number): Promise<unknown> =>
  load.bus.jsm.streams.update(STREAMS.events, { max_msg_size: bytes });

/** Somebody limits the messages of the event stream, at last to less than any event. */
export const refuseEvents = (say: (line: string) => void): Promise<Rehearsed> =>
  rehearse('the event stream takes only small messages', say, async (crowd) => {
    const { paid, platform } = crowd;
    const pid = platform.pidOf('ledger');
    const struckMs = performance.now();
    await limitMessages(crowd, ONLY_ONE);
    await paid(PAYMENTS);
    await limitMessages(crowd, NOT_EVEN_ONE);
    await paid(PAYMENTS);
    const untellable = await eventually(
      async () => (await processesCounted(platform, 'ledger_untellable_partitions')) || false,
      { timeoutMs: 30_000 },
    );
    const untold = await processesCounted(platform, 'ledger_untold_events');
    const mendedMs = performance.now();
    await limitMessages(crowd, NO_LIMIT);
    await eventually(async () => (await processesCounted(platform, 'ledger_untellable')) === 0, {
      timeoutMs: 60_000,
    });
    const toldAfterMs = Math.round(performance.now() - mendedMs);
    const ledgerLived = platform.pidOf('ledger') === pid;
    return { struckMs, facts: { untellable, untold, toldAfterMs, ledgerLived } };
  });
