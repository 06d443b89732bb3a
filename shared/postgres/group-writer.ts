import { setTimeout as delay } from 'node:timers/promises';

/**
 * Collects items that are written one by one and hands them over as groups: while one group is
 * being written the next one gathers, so an idle process writes at once and a busy one in bulk.
 * A group fails as a whole: each of its items with the same error.
 * @param gatherMs a group waits so long for company where nobody waits for it: fewer commits
 * @param writeGroup answers one result for each item, in their order
 */
export function createGroupWriter<Item, Answer>(
  writeGroup: (items: Item[]) => Promise<Answer[]>,
  { groupMax, gatherMs }: { groupMax: number; gatherMs?: number },
): (item: Item) => Promise<Answer> {
  interface Waiting {
    item: Item;
    resolve(answer: Answer): void;
    reject(error: unknown): void;
  }
  const waiting: Waiting[] = [];
  let writing = false;

  const gather = (): Promise<unknown> =>
    gatherMs === undefined ? new Promise(setImmediate) : delay(gatherMs);

  async function writeNext(): Promise<void> {
    const group = waiting.splice(0, groupMax);
    try {
      const answers = await writeGroup(group.map(({ item }) => item));
      for (const [i, { resolve }] of group.entries()) resolve(answers[i] as Answer);
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  async function writeAll(): Promise<void> {
    writing = true;
    // Whatever else happens in this turn of the event loop still joins the first group.
    await gather();
    while (waiting.length > 0) {
      await writeNext();
      if (gatherMs !== undefined && waiting.length > 0) await gather();
    }
    writing = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!writing) void writeAll();
    });
}
