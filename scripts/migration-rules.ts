import type { Source } from './house-rules.ts';

/** What the version before, which goes on beside the new one, would fall over. */
const BREAKS: [RegExp, string][] = [
  [/\bDROP\s+COLUMN\s+(?:IF\s+EXISTS\s+)?(\w+)/gi, 'drops the column'],
  [/\bRENAME\s+COLUMN\s+(\w+)/gi, 'renames the column'],
  [/\bALTER\s+COLUMN\s+(\w+)\s+(?:SET\s+DATA\s+)?TYPE\b/gi, 'changes the type of'],
  [/\bALTER\s+COLUMN\s+(\w+)\s+SET\s+NOT\s+NULL\b/gi, 'asks for a value in'],
  [/\bADD\s+COLUMN\s+(\w+)(?![^,;]*(?:DEFAULT|GENERATED))[^,;]*\bNOT\s+NULL\b/gi, 'asks for'],
  [/\bALTER\s+TABLE\s+(\w+)\s+RENAME\s+TO\b/gi, 'renames the table'],
  [/\bDROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?(\w+)/gi, 'drops the table'],
];

/** A table that the same file makes anew, or has only moved aside, is not missed by anybody. */
function isReplaced(sql: string, name: string): boolean {
  return (
    new RegExp(`\\bCREATE\\s+TABLE\\s+${name}\\b`, 'i').test(sql) ||
    new RegExp(`\\bRENAME\\s+TO\\s+${name}\\b`, 'i').test(sql)
  );
}

/**
 * Whatever in migrations would break the version before: it goes on while pods are replaced, and is
 * the one that a bad release is taken back for. Something is taken away only by a later release
 * than the one that stopped using it, whose file says so in its first line: `-- contract: why`.
 */
export function findBreakingMigrations(migrations: readonly Source[]): string[] {
  return migrations
    .filter(({ text }) => !text.startsWith('-- contract: '))
    .flatMap(({ path, text }) => {
      const sql = text.replaceAll(/--.*$/gm, '');
      return BREAKS.flatMap(([pattern, what]) =>
        [...sql.matchAll(pattern)]
          .map(([, name = '']) => name)
          .filter((name) => !(what.endsWith('table') && isReplaced(sql, name)))
          .map((name) => `${path}: ${what} ${name}`),
      );
    });
}
