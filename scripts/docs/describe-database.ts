import { withClient } from '@florin/postgres';

interface Column {
  table: string;
  name: string;
  type: string;
  nullable: boolean;
  key: boolean;
}

interface Relation {
  table: string;
  target: string;
  columns: string;
}

interface Rule {
  table: string;
  kind: string;
  text: string;
}

const COLUMNS = `
  SELECT c.relname AS "table", a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
         NOT a.attnotnull AS nullable,
         coalesce(a.attnum = ANY (p.conkey), false) AS key
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_constraint p ON p.conrelid = c.oid AND p.contype = 'p'
   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
     AND NOT c.relispartition
   ORDER BY c.relname, a.attnum`;

const RELATIONS = `
  SELECT c.conrelid::regclass::text AS "table", c.confrelid::regclass::text AS target,
         string_agg(a.attname, ', ' ORDER BY k.place) AS columns
    FROM pg_constraint c
    JOIN pg_class t ON t.oid = c.conrelid AND NOT t.relispartition
    CROSS JOIN unnest(c.conkey) WITH ORDINALITY AS k (number, place)
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number
   WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
   GROUP BY c.oid, c.conrelid, c.confrelid
   ORDER BY 1, 2, 3`;

/** What Postgres itself refuses: the last line, whatever the code has decided. */
const RULES = `
  SELECT c.conrelid::regclass::text AS "table",
         CASE c.contype WHEN 'c' THEN 'check' ELSE 'unique' END AS kind,
         pg_get_constraintdef(c.oid) AS text
    FROM pg_constraint c
    JOIN pg_class t ON t.oid = c.conrelid AND NOT t.relispartition
   WHERE c.contype IN ('c', 'u') AND c.connamespace = 'public'::regnamespace
  UNION ALL
  SELECT tgrelid::regclass::text, 'trigger', tgname
    FROM pg_trigger JOIN pg_class t ON t.oid = tgrelid AND NOT t.relispartition
   WHERE NOT tgisinternal AND t.relnamespace = 'public'::regnamespace
   ORDER BY 1, 2, 3`;

/** What a database consists of, as Markdown: a picture, its tables, and what they refuse. */
export async function describeDatabase(service: string, url: string): Promise<string> {
  return withClient(url, async (client) => {
    const rows = async <Row extends object>(text: string): Promise<Row[]> =>
      (await client.query<Row>(text)).rows;
    const columns = (await rows<Column>(COLUMNS)).filter(({ table }) => table !== 'migrations');
    const relations = await rows<Relation>(RELATIONS);
    const rules = await rows<Rule>(RULES);
    const tables = Map.groupBy(columns, ({ table }) => table);
    const sections = [...tables].map(([table, own]) =>
      tableSection(
        table,
        own,
        rules.filter((rule) => rule.table === table),
      ),
    );
    const pictures = relations.length === 0 ? [] : [picture(tables, relations)];
    return [`## ${service}`, ...pictures, ...sections].join('\n\n');
  });
}

/** Tables that refer to others: in a row of boxes without lines there is nothing to see. */
function picture(tables: ReadonlyMap<string, Column[]>, relations: readonly Relation[]): string {
  const related = new Set(relations.flatMap(({ table, target }) => [table, target]));
  const drawn = [...tables].filter(([table]) => related.has(table));
  const boxes = drawn.map(([table, own]) => {
    const keys = own.filter(({ key }) => key);
    const lines = keys.map(({ name, type }) => `    ${type.replaceAll(/\W+/g, '_')} ${name} PK`);
    return [`  ${table} {`, ...lines, '  }'].join('\n');
  });
  const arrows = relations.map(
    ({ table, target, columns }) => `  ${target} ||--o{ ${table} : "${columns}"`,
  );
  return ['```mermaid', 'erDiagram', ...boxes, ...arrows, '```'].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');

function tableSection(table: string, columns: readonly Column[], rules: readonly Rule[]): string {
  const lines = columns.map(({ name, type, nullable, key }) => {
    const notes = [key && 'key', nullable && 'may be unknown'].filter(Boolean).join(', ');
    return `| \`${name}\` | ${cell(type)} | ${notes} |`;
  });
  const refused = rules.map(({ kind, text }) => `- ${kind}: \`${cell(text)}\``);
  return [
    `### ${table}`,
    ['| column | type | |', '| --- | --- | --- |', ...lines].join('\n'),
    ...(refused.length > 0 ? [refused.join('\n')] : []),
  ].join('\n\n');
}
