import { isMap, isScalar, parseDocument, type Pair, type YAMLMap } from 'yaml';

interface ValueRow {
  path: string;
  value: string;
  why: string;
}

const LONGEST = 60;

/** Maps deeper than this are shown as one value. */
const DEPTH_MAX = 2;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const code = (text: string): string => `\`${text}\``;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text;
}

const commentOf = (text: string | null | undefined): string =>
  (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .trim();

function rowsOf(pair: Pair, parents: string[], outer: string): ValueRow[] {
  const key = isScalar(pair.key) ? String(pair.key.value) : '';
  const own = isScalar(pair.key) ? commentOf(pair.key.commentBefore) : '';
  const path = [...parents, key];
  const why = own || outer;
  const { value } = pair;
  if (isMap(value) && value.items.length > 0 && path.length < DEPTH_MAX) {
    return rowsOfMap(value, path, why);
  }
  const plain: unknown = isScalar(value) ? value.value : (value as YAMLMap).toJSON();
  return [{ path: path.join('.'), value: shown(plain), why }];
}

/** The first entry of a map carries what is said about the map as a whole. */
function rowsOfMap(map: YAMLMap, path: string[], why: string): ValueRow[] {
  const before = commentOf(map.commentBefore);
  return map.items.flatMap((pair, index) => {
    const first = index === 0 ? [why, before].filter(Boolean).join(' ') : '';
    return rowsOf(pair, path, first);
  });
}

/** The values of a chart as a table for its README: path, default, and the comment above it. */
export function valueTable(valuesYaml: string): string {
  const document = parseDocument(valuesYaml);
  if (!isMap(document.contents)) return '';
  const rows = rowsOfMap(document.contents, [], '');
  const lines = rows.map(
    ({ path, value, why }) => `| ${code(path)} | ${code(cell(value))} | ${cell(why)} |`,
  );
  return ['| value | default | why |', '| --- | --- | --- |', ...lines].join('\n');
}
