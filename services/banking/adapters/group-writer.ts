/**
 * Collects items that are written one by one and hands them over as groups: while one group is
 * being written the next one gathers, so an idle process writes at once and a busy one in bulk.
 * A group fails as a whole: each of its items with the same error.
 * @param writeGroup answers one result for each item, in their order
 */
export function createGroupWriter<Item, Answer>(
  writeGroup: (items: Item[]) => Promise<Answer[]>,
  { groupMax }: { groupMax: number },
): (item: Item) => Promise<Answer> {
  interface Waiting {
    item: Item;
    resolve(answer: Answer): void;
    reject(error: unknown): void;
  }
  const waiting: Waiting[] = [];
  let writing = false;

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
    await new Promise(setImmediate);
    while (waiting.length > 0) await writeNext();
    writing = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!writing) void writeAll();
    });
}
