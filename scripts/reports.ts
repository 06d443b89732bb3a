/** The parts of vitest's JSON report that are counted and told. */
export interface Report {
  testResults: FileReport[];
}

interface FileReport {
  /** The file with its whole path. */
  name: string;
  status: string;
  message?: string;
  assertionResults: {
    status: string;
    fullName: string;
    failureMessages?: string[] | null;
    /** What the platform under test complained of until then. */
    meta?: { troubles?: string[] };
  }[];
}

/** The files that failed, by their paths in the repository. */
export const failedFiles = ({ testResults }: Report, root: string): string[] =>
  testResults.filter(({ status }) => status === 'failed').map(({ name }) => name.replace(root, ''));

/** The report with what its files said when they were run again. */
export function withRepeated({ testResults }: Report, again: Report): Report {
  const repeated = new Map(again.testResults.map((file) => [file.name, file]));
  return { testResults: testResults.map((file) => repeated.get(file.name) ?? file) };
}

/** What failed in files that passed when they were run again. */
export function failedAtFirst(first: Report, repeated: Report, root: string): string[] {
  const failed = new Set(failedFiles(repeated, ''));
  const testResults = first.testResults.filter(({ name }) => !failed.has(name));
  return failedTests({ testResults }, root);
}

export const passedTests = ({ testResults }: Report): number =>
  testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'passed').length;

/**
 * One entry for each failed test, with what its platform complained of in lines below, and one for
 * each file that failed outside of its tests.
 */
export function failedTests(report: Report, root: string): string[] {
  return report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = name.replace(root, '');
    const failed = assertionResults.filter((test) => test.status === 'failed');
    const entries = failed.map(({ fullName, failureMessages, meta }) => {
      const why = `${file}: ${fullName}: ${firstLine(failureMessages?.[0])}`;
      return [why, ...(meta?.troubles ?? [])].join('\n  ');
    });
    // It does not load, or what prepares its tests failed, and then they count as skipped.
    if (status !== 'failed' || entries.length > 0) return entries;
    return [`${file}: ${firstLine(message) || 'failed outside of its tests'}`];
  });
}

/** Tests that were left out: not those of a file that failed before it came to them. */
export const skippedTests = ({ testResults }: Report): number =>
  testResults
    .filter(({ status }) => status !== 'failed')
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status !== 'passed').length;

const firstLine = (text = ''): string => text.split('\n', 1)[0] ?? '';
