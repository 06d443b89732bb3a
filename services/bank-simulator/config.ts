import {
  duration,
  integer,
  json,
  readConfig,
  serviceFields,
  text,
  type Environment,
} from '@florin/runtime';
import { z } from 'zod';
import { isCurrency, parseRate } from '@florin/kernel';
import { BEHAVIOURS } from './domain/behaviour.ts';

const bankSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,64}$/),
  behaviour: z.enum(BEHAVIOURS),
});

const banksSchema = z
  .array(bankSchema)
  .min(1)
  .max(100)
  .refine(
    (banks) => new Set(banks.map(({ name }) => name)).size === banks.length,
    'must not name a bank twice',
  );

/** One bank for each behaviour, and named after it. */
const DEFAULT_BANKS = BEHAVIOURS.map((behaviour) => ({ name: behaviour, behaviour }));

const ratesSchema = z
  .record(z.string(), z.string())
  .refine(
    (rates) =>
      Object.entries(rates).every(([code, rate]) => isCurrency(code) && parseRate(rate).ok),
    'must be decimals by currency',
  );

const port = { max: 65_535 };

export const readBankSimulatorConfig = (env: Environment = process.env) =>
  readConfig(
    {
      ...serviceFields,
      port: integer('PORT', {
        ...port,
        default: 0,
        describe: 'port of the control API; 0 takes any',
      }),
      basePort: integer('BASE_PORT', {
        ...port,
        min: 1,
        optional: true,
        describe:
          'port of the first bank; the others, exchange and links follow; absent: free ones',
      }),
      banks: json('BANKS', banksSchema, {
        default: DEFAULT_BANKS,
        describe: 'JSON list of {name, behaviour}',
      }),
      rates: json('RATES', ratesSchema, {
        default: { 'MILES/0': '100' },
        describe: 'units per dollar that the exchange publishes beside those it knows, as JSON',
      }),
      delayMs: duration('DELAY', { default: 5, describe: 'mean time of a bank to an answer' }),
      settleMs: duration('SETTLE_TIME', {
        default: 2000,
        describe: 'how long a slow bank needs to settle',
      }),
      stateFile: text('STATE_FILE', {
        optional: true,
        describe: 'journal of executed payments; absent keeps them in memory only',
      }),
    },
    env,
  );

export type BankSimulatorConfig = ReturnType<typeof readBankSimulatorConfig>;
