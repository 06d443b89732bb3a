/** A spreadsheet takes a cell that begins so for a formula, and runs what somebody else wrote. */
const FORMULA = /^[=+\-@\t\r]/;

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const harmless = FORMULA.test(text) && !/^-?[0-9]+$/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

const END = '\r\n';

/** RFC 4180: the line of column names. */
export const csvHeader = (columns: readonly string[]): string => columns.join(',') + END;

/** RFC 4180: a line for each row. */
export const csvLines = (columns: readonly string[], rows: readonly object[]): string =>
  rows
    .map((row) => {
      const cells: Record<string, unknown> = { ...row };
      return columns.map((column) => cellOf(cells[column])).join(',') + END;
    })
    .join('');

/** A whole table. */
export const csvOf = (columns: readonly string[], rows: readonly object[]): string =>
  csvHeader(columns) + csvLines(columns, rows);
