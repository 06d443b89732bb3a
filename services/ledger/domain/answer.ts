import type { Changes, Text } from './changes.ts';

/** Answers with a transaction, told in JSON. */
export function answer(
  requestId: string,
  told: Text,
  replayed: boolean,
  origin: string,
  changes: Changes,
): void {
  if (origin === '') return;
  const id = JSON.stringify(requestId);
  changes.outcomes.push({
    origin,
    json: () =>
      `{"kind":"transaction","requestId":${id},"transaction":${told()},"replayed":${replayed}}`,
  });
}
