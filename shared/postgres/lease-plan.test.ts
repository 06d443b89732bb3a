import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planLeases, type Holdings, type LeasePlan, type SurveyedPartition } from './lease-plan.ts';

type Row = [owner: string | null, alive: boolean, epoch?: bigint];

const survey = (members: number, rows: Row[]) => ({
  members,
  partitions: rows.map(([owner, alive, epoch = 1n], partition) => ({
    partition,
    owner,
    alive,
    epoch,
  })),
});

const me = (held: number[], ending: number[] = []): Holdings => ({
  owner: 'me',
  held: new Map(held.map((partition) => [partition, 1n])),
  ending: new Set(ending),
});

const mine: Row = ['me', true];
const free: Row = [null, false];
const theirs: Row = ['b', true];
const dead: Row = ['c', false];

interface Case {
  name: string;
  members: number;
  rows: Row[];
  holdings: Holdings;
  plan: Partial<Record<keyof LeasePlan, unknown>>;
}

// Hunts a partition that nobody takes, that two believe in, or that is given up needlessly.
const cases: Case[] = [
  {
    name: 'alone, it wants everything that is free or whose owner is dead',
    members: 1,
    rows: [free, dead, free],
    holdings: me([]),
    plan: { wanted: 3, fenced: [], surplus: [] },
  },
  {
    name: 'what a living member owns is not free',
    members: 2,
    rows: [theirs, free, theirs, free],
    holdings: me([]),
    plan: { wanted: 2, free: [1, 3].map((partition) => ({ partition, epoch: 1n })) },
  },
  {
    name: 'a member who joined is owed what is beyond the share rounded up',
    members: 2,
    rows: [mine, mine, mine, mine, mine],
    holdings: me([0, 1, 2, 3, 4]),
    plan: { wanted: 0, surplus: [3, 4] },
  },
  {
    name: 'what is held and has left the table is fenced',
    members: 1,
    rows: [mine],
    holdings: me([0, 7]),
    plan: { fenced: [7], wanted: 0, surplus: [] },
  },
  {
    name: 'held here but named otherwise there, or at another epoch, is fenced',
    members: 2,
    rows: [theirs, ['me', true, 2n], mine, free],
    holdings: me([0, 1, 2, 3]),
    plan: { fenced: [0, 1, 3], surplus: [] },
  },
  {
    name: 'what is still ending is neither fenced nor taken again',
    members: 1,
    rows: [theirs, free, mine],
    holdings: me([], [0, 1, 2]),
    plan: { fenced: [], wanted: 0, free: [], orphaned: [] },
  },
  {
    name: 'ours by name only: taken again below the share',
    members: 1,
    rows: [mine, mine],
    holdings: me([1]),
    plan: { wanted: 1, free: [{ partition: 0, epoch: 1n }], orphaned: [] },
  },
  {
    name: 'ours by name only: given back at the share, or nobody would ever serve it',
    members: 2,
    rows: [mine, mine],
    holdings: me([1]),
    plan: { wanted: 0, orphaned: [{ partition: 0, epoch: 1n }], surplus: [] },
  },
  {
    name: 'without partitions there is nothing to do',
    members: 1,
    rows: [],
    holdings: me([]),
    plan: { wanted: 0, fenced: [], surplus: [] },
  },
];

test.each(cases)('$name', ({ members, rows, holdings, plan }) => {
  expect(planLeases(survey(members, rows), holdings)).toMatchObject(plan);
});

/** Lets every keeper carry out its own plan once, one after the other, on the shared table. */
function round(partitions: SurveyedPartition[], members: string[]): boolean {
  let changed = false;
  for (const owner of members) {
    const held = new Map(
      partitions.filter((row) => row.owner === owner).map((row) => [row.partition, row.epoch]),
    );
    const plan = planLeases(
      { members: members.length, partitions },
      { owner, held, ending: new Set() },
    );
    for (const { partition } of plan.free.slice(0, plan.wanted)) {
      partitions[partition] = { partition, owner, alive: true, epoch: 2n };
      changed = true;
    }
    for (const partition of plan.surplus) {
      partitions[partition] = { partition, owner: null, alive: false, epoch: 1n };
      changed = true;
    }
  }
  return changed;
}

describe('hunts a plan that swings or leaves someone without a share', () => {
  test('from any start, keepers come to rest with everything and no one above the share', () => {
    const start = fc.record({
      owners: fc.array(fc.integer({ min: -2, max: 6 }), { maxLength: 40 }),
      count: fc.integer({ min: 1, max: 7 }),
    });
    fc.assert(
      fc.property(start, ({ owners, count }) => {
        const members = Array.from({ length: count }, (_, i) => `m${i}`);
        const partitions = owners.map((i, partition) => ({
          partition,
          owner: i < 0 ? null : `m${i}`,
          alive: i >= 0 && i < count,
          epoch: 1n,
        }));
        round(partitions, members);
        round(partitions, members);
        expect(round(partitions, members)).toBe(false);
        const share = Math.ceil(partitions.length / count);
        for (const owner of members) {
          expect(partitions.filter((row) => row.owner === owner).length).toBeLessThanOrEqual(share);
        }
        expect(partitions.every((row) => row.alive)).toBe(true);
      }),
    );
  });
});
