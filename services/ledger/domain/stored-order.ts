/**
 * Puts the keys in the order in which jsonb keeps them (shorter ones first, equally long ones by
 * their bytes), so that what is told at once and what is told again from the books are the same.
 */
export function inStoredOrder(entries: Record<string, string>): Record<string, string> {
  const keys = Object.keys(entries);
  if (keys.length < 2) return entries;
  const bytes = new Map(keys.map((key) => [key, Buffer.from(key)]));
  const ofKey = (key: string): Buffer => bytes.get(key) as Buffer;
  const ordered = keys.toSorted(
    (a, b) => ofKey(a).length - ofKey(b).length || Buffer.compare(ofKey(a), ofKey(b)),
  );
  return Object.fromEntries(ordered.map((key) => [key, entries[key] as string]));
}
