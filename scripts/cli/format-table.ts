/** Columns as wide as what stands in them, under their names. */
export function formatTable(columns: readonly string[], rows: readonly unknown[][]): string {
  const cells = rows.map((row) => row.map((value) => textOf(value)));
  const widths = columns.map((name, at) =>
    Math.max(name.length, ...cells.map((row) => row[at]?.length ?? 0)),
  );
  const line = (values: readonly string[]): string =>
    values
      .map((value, at) => value.padEnd(widths[at] ?? 0))
      .join('   ')
      .trimEnd();
  return [line(columns), ...cells.map(line)].join('\n');
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
