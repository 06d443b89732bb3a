/** A spreadsheet takes a cell that begins so for a formula, and runs what somebody else wrote. */
const FORMULA = /^[=+\-@\t\r]/;

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const harmless = FORMULA.test(text) && !/^-?[0-9]+$/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** RFC 4180, with a line of column names. */
export function csvOf(columns: readonly string[], rows: readonly object[]): string {
  const lines = rows.map((row) => {
    const cells: Record<string, unknown> = { ...row };
    return columns.map((column) => cellOf(cells[column])).join(',');
  });
  return [columns.join(','), ...lines, ''].join('\r\n');
}
