/**
 * The answers of statements that were sent one behind the other on one connection. Where one fails,
 * those behind it fail because of it, and may be heard of sooner: what is thrown is the fault of
 * the first, which says what happened.
 */
export async function allInTurn<Sent extends readonly Promise<unknown>[]>(
  sent: readonly [...Sent],
): Promise<{ -readonly [At in keyof Sent]: Awaited<Sent[At]> }> {
  const settled = await Promise.allSettled(sent);
  const failed = settled.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return Promise.all(sent);
}
