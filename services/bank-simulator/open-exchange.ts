import type { RequestListener } from 'node:http';
import { openKeptDoor, type DoorOptions } from './adapters/kept-door.ts';
import { changeRates, initialRates, type ExchangeSettings } from './domain/exchange.ts';

type Changes = Partial<Omit<ExchangeSettings, 'rates'>> & {
  rates?: Readonly<Record<string, string | null>>;
};

/** The provider of exchange rates, with the door that makes it reachable. */
export interface Exchange {
  describe(): ExchangeSettings & { url: string; listening: boolean };
  /** Changes what is named, one change after the other. */
  change(changes: Changes): Promise<void>;
  /** Back to its beginning. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

interface OpenExchangeOptions extends DoorOptions {
  delayMs: number;
  /** Rates of assets that no table has. */
  rates: Readonly<Record<string, string>>;
  createHandler: (settings: () => ExchangeSettings) => RequestListener;
}

export async function openExchange(options: OpenExchangeOptions): Promise<Exchange> {
  const { delayMs } = options;
  const rates = initialRates(options.rates);
  const initial: ExchangeSettings = { behaviour: 'ok', delayMs, ageMs: 0, rates };
  let settings = initial;
  const handler = options.createHandler(() => settings);
  const listener = await openKeptDoor('exchange', handler, options);
  let last: Promise<unknown> = Promise.resolve();

  async function apply(next: ExchangeSettings): Promise<void> {
    const opens = next.behaviour !== 'down';
    if (opens) await listener.open();
    settings = next;
    if (!opens) await listener.close();
  }

  function inTurn(work: () => Promise<void>): Promise<void> {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  }

  return {
    describe: () => ({ ...settings, url: listener.url, listening: listener.isOpen() }),
    change: ({ rates: changed = {}, ...changes }) =>
      inTurn(() => apply({ ...settings, ...changes, rates: changeRates(settings.rates, changed) })),
    reset: () => inTurn(() => apply(initial)),
    close: () => listener.close(),
  };
}
