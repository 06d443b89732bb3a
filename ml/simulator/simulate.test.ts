import { describe, expect, it } from 'vitest';
import { simulate, TYPOLOGIES, type SimulatedEvent } from './mod.ts';

const OPTIONS = { seed: 3, wallets: 1500, days: 50, unseenFromDay: 40 };
const events = [...simulate(OPTIONS)];
const initiated = events.filter(({ event }) => event.kind === 'initiated');
const frauds = initiated.filter(({ typology }) => typology);
const timeOf = ({ event }: SimulatedEvent): number =>
  event.kind === 'initiated' ? event.transaction.at : event.at;

describe('the wallet simulator', () => {
  it('hunts anything but the seed that decides what happens', () => {
    expect([...simulate(OPTIONS)]).toEqual(events);
    expect([...simulate({ ...OPTIONS, seed: 4 })]).not.toEqual(events);
  });

  it('hunts events that are out of order, as no stream delivers them', () => {
    const times = events.map(timeOf);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('hunts a longer simulation that begins in another way than a shorter one', () => {
    const shorter = [...simulate({ ...OPTIONS, days: 20 })].filter(({ day }) => day < 19);
    expect(shorter).toEqual(events.slice(0, shorter.length));
  });

  it('hunts shares of fraud that no wallet platform has, and too few honest look-alikes', () => {
    expect(frauds.length / initiated.length).toBeGreaterThan(0.003);
    expect(frauds.length / initiated.length).toBeLessThan(0.008);
    const lookAlikes = initiated.filter(({ hard, typology }) => hard && !typology);
    expect(lookAlikes.length).toBeGreaterThan(5 * frauds.length);
  });

  it('hunts typologies that never happen, and the unseen one before its day', () => {
    expect(new Set(frauds.map(({ typology }) => typology))).toEqual(new Set(TYPOLOGIES));
    const unseen = frauds.filter(({ typology }) => typology === 'invoice-redirection');
    expect(Math.min(...unseen.map(({ day }) => day))).toBeGreaterThanOrEqual(40);
  });

  it('hunts labels without the delay and the noise of real ones', () => {
    const reported = frauds.filter(({ reportedAt }) => reportedAt !== undefined);
    expect(reported.length / frauds.length).toBeGreaterThan(0.82);
    expect(reported.length / frauds.length).toBeLessThan(0.97);
    const delays = reported.map((one) => (one.reportedAt ?? 0) - timeOf(one));
    const sorted = delays.toSorted((a, b) => a - b);
    const median = (sorted[Math.floor(sorted.length / 2)] ?? 0) / 86_400_000;
    expect(median).toBeGreaterThan(3.5);
    expect(median).toBeLessThan(7);
  });

  it('hunts money from nothing: no wallet spends more than it has', () => {
    const balances = events.flatMap(({ event }) =>
      event.kind === 'completed' ? [event.balance ?? 0, event.counterpartyBalance ?? 0] : [],
    );
    expect(Math.min(...balances)).toBeGreaterThanOrEqual(0);
  });
});
